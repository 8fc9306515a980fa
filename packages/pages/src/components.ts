/** Parts that several pages are made of. */
import { html, type Markup } from "@cairn/text";

type Content = string | Markup;

/** A list with bullets; nothing where there are no items. */
export function bullets(items: readonly Content[]): Markup | null {
  if (items.length === 0) return null;
  return html`<ul class="nhsuk-list nhsuk-list--bullet">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

interface Table {
  readonly caption: string;
  readonly headings: readonly string[];
  /** As many cells as there are headings; the first heads its row. */
  readonly rows: readonly (readonly Content[])[];
}

/** A table that on a narrow screen has a block for each row, in which every cell says its own heading. */
export function responsiveTable({ caption, headings, rows }: Table): Markup {
  return html`<table class="nhsuk-table-responsive" role="table">
    <caption class="nhsuk-table__caption">
      ${caption}
    </caption>
    <thead role="rowgroup" class="nhsuk-table__head">
      <tr role="row">
        ${headings.map(
          (heading) => html`<th role="columnheader" scope="col" class="nhsuk-table__header">${heading}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup" class="nhsuk-table__body">
      ${rows.map(
        (cells) =>
          html`<tr role="row" class="nhsuk-table__row">
            ${cells.map((cell, i) => responsiveCell(headings[i], cell, i === 0))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function responsiveCell(heading: string | undefined, content: Content, headsRow: boolean): Markup {
  const own = html`<span class="nhsuk-table-responsive__heading" aria-hidden="true">${heading} </span>`;
  return headsRow
    ? html`<th role="rowheader" scope="row" class="nhsuk-table__header">${own}${content}</th>`
    : html`<td role="cell" class="nhsuk-table__cell">${own}${content}</td>`;
}
