/** Parts that several pages are made of. */
import { forWhom, html, type Markup } from "@cairn/text";

type Content = string | Markup;

/** A list with bullets; nothing where there are no items. */
export function bullets(items: readonly Content[]): Markup | null {
  if (items.length === 0) return null;
  return html`<ul class="nhsuk-list nhsuk-list--bullet">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

/** The lines of a charter, each with its label. */
export function charterList(lines: readonly { readonly label: string; readonly says: string }[]): Markup {
  return html`<dl class="nhsuk-summary-list">
    ${lines.map(
      ({ label, says }) =>
        html`<div class="nhsuk-summary-list__row">
          <dt class="nhsuk-summary-list__key">${label}</dt>
          <dd class="nhsuk-summary-list__value">${says}</dd>
        </div>`,
    )}
  </dl>`;
}

/** A link for whoever may open what it leads to; its words alone for every other reader. */
export function link(href: string, words: Content, { kind, rel }: LinkLook = {}): Markup {
  const attribute = kind === undefined ? rel && html`rel="${rel}"` : html`class="${kind}"`;
  const anchor =
    attribute === undefined
      ? html`<a href="${href}">${words}</a>`
      : html`<a href="${href}" ${attribute}>${words}</a>`;
  return forWhom({ opens: href }, anchor, html`${words}`);
}

/** A link to a page that is not of this site, such as a published source: every reader may open it. */
export function linkElsewhere(url: string, words: Content): Markup {
  return html`<a href="${url}">${words}</a>`;
}

/** An attribute that a link has beside its address. */
type LinkLook =
  | { readonly kind?: string; readonly rel?: never } // of its style
  | { readonly rel: string; readonly kind?: never };

/** A sentence or part that is about a link, for whoever may open it; nothing for every other reader. */
export function onlyWith(href: string, content: Markup): Markup {
  return forWhom({ opens: href }, content);
}

const COMMAND = /cairn ((?:agent|hub|schedule) [a-z]+(?:-[a-z]+)*)/;
/** What a clause with a command begins with. */
const CLAUSE = /: |; | \(/g;

/**
 * A line that may tell a command: whoever may not give that command reads it without the clause that the command stands
 * in, to its closing bracket or to the end.
 */
export function withAdvice(line: string): Markup {
  const command = COMMAND.exec(line);
  if (!command) return html`${line}`;
  const [begin] = [...line.slice(0, command.index).matchAll(CLAUSE)].slice(-1);
  const from = begin?.index ?? 0;
  const close = begin?.[0] === " (" ? line.indexOf(")", from) + 1 : 0;
  const to = close || line.length;
  const clause = html`${line.slice(from, to)}`;
  return html`${line.slice(0, from)}${forWhom({ gives: command[1] ?? "" }, clause)}${withAdvice(line.slice(to))}`;
}

/** Commands, with words around them, for whoever may give the first of them. */
export function commands(first: string, content: Markup, group?: string): Markup {
  const gives = COMMAND.exec(first)?.[1] ?? "";
  return forWhom(group === undefined ? { gives } : { gives, group }, content);
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

/** A table of few short columns, which stays one on a narrow screen. */
export function smallTable({ caption, headings, rows }: Table): Markup {
  return html`<table class="nhsuk-table cairn-small-table">
    <caption class="nhsuk-table__caption">
      ${caption}
    </caption>
    <thead class="nhsuk-table__head">
      <tr>
        ${headings.map((heading) => html`<th scope="col" class="nhsuk-table__header">${heading}</th>`)}
      </tr>
    </thead>
    <tbody class="nhsuk-table__body">
      ${rows.map(
        ([first = "", ...others]) =>
          html`<tr class="nhsuk-table__row">
            <th scope="row" class="nhsuk-table__header">${first}</th>
            ${others.map((cell) => html`<td class="nhsuk-table__cell">${cell}</td>`)}
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
