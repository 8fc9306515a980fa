/** A paper as one page that prints: no script, nothing from elsewhere, the same in any browser. */
import { html, textOf, type Markup } from "@cairn/text";
import { GAP, printable, type PaperItem, type Paper } from "./paper.js";

/** Black on white, no colour that could be read as a judgement. */
const STYLE = html`<style>
  body {
    font:
      16px/1.5 Arial,
      sans-serif;
    color: #212b32;
    background: #fff;
    margin: 0;
  }
  main {
    max-width: 960px;
    margin: 0 auto;
    padding: 24px;
    overflow-wrap: anywhere;
  }
  h1 {
    font-size: 28px;
    line-height: 1.25;
  }
  h2 {
    font-size: 22px;
    margin-top: 40px;
    border-top: 1px solid #aeb7bd;
    padding-top: 16px;
  }
  h3 {
    font-size: 18px;
    margin-top: 24px;
  }
  p,
  ul {
    max-width: 44em;
  }
  .from {
    color: #4c6272;
    font-size: 14px;
  }
  table {
    border-collapse: collapse;
    font-size: 15px;
  }
  th,
  td {
    text-align: left;
    vertical-align: top;
    padding: 6px 12px 6px 0;
    border-bottom: 1px solid #d8dde0;
  }
  /* On a narrow screen each row stands by itself, each cell under its column's name. */
  @media screen and (max-width: 760px) {
    thead {
      display: none;
    }
    table,
    tbody,
    tr,
    td {
      display: block;
    }
    tr {
      border-bottom: 1px solid #4c6272;
      padding: 8px 0;
    }
    td {
      border-bottom: 0;
      padding: 4px 0;
    }
    td::before {
      content: attr(data-column) ": ";
      font-weight: 600;
    }
  }
  .gap {
    border: 1px dashed #4c6272;
    padding: 12px;
    min-height: 6em;
  }
  @media print {
    body {
      font-size: 11pt;
    }
    main {
      max-width: none;
      padding: 0;
    }
    table {
      font-size: 9.5pt;
    }
    h2,
    h3 {
      break-after: avoid;
    }
    tr,
    .gap {
      break-inside: avoid;
    }
    thead {
      display: table-header-group;
    }
  }
</style>`;

/** The whole page, for a file. */
export function pageOf({ title, blocks }: Paper): string {
  return textOf(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta
            http-equiv="Content-Security-Policy"
            content="default-src 'none'; style-src 'unsafe-inline'"
          />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${printable(title)} – Cairn</title>
          ${STYLE}
        </head>
        <body>
          <main>
            <h1>${printable(title)}</h1>
            ${blocks.map(blockOf)}
          </main>
        </body>
      </html> `,
  );
}

function blockOf(block: PaperItem): Markup {
  switch (block.is) {
    case "heading":
      return block.level === 2
        ? html`<h2>${printable(block.words)}</h2>`
        : html`<h3>${printable(block.words)}</h3>`;
    case "text":
      return html`<p>
        ${printable(block.words)}
        ${block.from !== null && html`<span class="from">(${printable(block.from)})</span>`}
      </p>`;
    case "list":
      return html`<ul>
        ${block.items.map((item) => html`<li>${printable(item)}</li>`)}
      </ul>`;
    case "gap":
      return html`<div class="gap"><strong>${GAP}</strong> ${printable(block.words)}</div>`;
    case "table":
      return tableOf(block.headings, block.rows);
  }
}

/** With roles, for a screen reader would lose the table where a narrow screen shows its rows one by one. */
function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<table role="table">
    <thead role="rowgroup">
      <tr role="row">
        ${headings.map((each) => html`<th role="columnheader" scope="col">${printable(each)}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row">
            ${row.map(
              (cell, i) =>
                html`<td role="cell" data-column="${printable(headings[i] ?? "")}">${printable(cell)}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
