/** The question itself: what is asked, why, and who counts, from the query that is answered. */
import { explain, type Phrase, type Query, type Section } from "@cairn/query-library";
import { html, longDate, type Markup } from "@cairn/text";
import { folded } from "./figures.js";

/** @param date ISO, of the numbers that are shown */
export function askedPart(query: Query, date: string): Markup {
  return html`<p class="nhsuk-body-l">${query.question}</p>
    ${query.why && html`<p>${query.why}</p>`} ${folded("Who counts", whoCounts(query, date))}`;
}

/** The sections of the explanation that say who is counted and where each came from. */
const TOLD = new Set([
  "Who is counted",
  "Which entries are counted",
  "Which issues are counted",
  "Issued to whom",
]);
const ALSO = new Set(["Of these, how many", "How measurements are taken", "Registers"]);

function whoCounts(query: Query, date: string): Markup {
  const sections = explain(query).sections.filter(({ title }) => TOLD.has(title) || ALSO.has(title));
  return html`<p>
      D stands for the date of the numbers, ${longDate(date)}. What the query reads, in plain words:
    </p>
    ${sections.map(sectionOf)}
    <p>
      ${query.source && html`Definition: ${query.source}. `}Query: ${query.query}, version ${query.version}.
    </p>`;
}

/** The whole of a query in plain words, with who wrote and reviewed it. */
export function inPlainWords(query: Query): Markup {
  const { name, sections } = explain(query);
  return html`<p>${name}. D stands for the date that is asked for.</p>
    ${sections.map(sectionOf)}`;
}

function sectionOf({ title, rules }: Section): Markup {
  return html`<p><strong>${title}</strong></p>
    <ul class="nhsuk-list nhsuk-list--bullet">
      ${rules.map(
        ({ label, says, then }) =>
          html`<li>
            ${label === "Count" ? "" : `${label}: `}${phrase(says)}${then === null ? "" : ` (${then})`}
          </li>`,
      )}
    </ul>`;
}

function phrase(says: Phrase): Markup {
  if (typeof says === "string") return html`${plain(says)}`;
  return html`${plain(says.lead)}
    <ul class="nhsuk-list nhsuk-list--bullet">
      ${says.parts.map((part) => html`<li>${phrase(part)}</li>`)}
    </ul>`;
}

/** Names of codelists stand between backquotes in a terminal. */
function plain(text: string): string {
  return text.replaceAll("`", "");
}
