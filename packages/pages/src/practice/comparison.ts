import { html, longDate, type Markup } from "@cairn/text";
import { dateForm } from "../question/date-form.js";
import { PAGE, questionParts } from "../question/parts.js";
import { shownOf, type QuestionView } from "../question/view.js";
import { charterList, link } from "../components.js";
import { practicePage, questionPath } from "./frame.js";

/** A group's comparison of one question at one date, with the practice's own parts. */
export interface PracticeComparison {
  readonly practice: string | null;
  readonly view: QuestionView; // without the practice's own parts for a reader who sees none
  /** All dates of which a comparison is here, ISO, from the oldest. */
  readonly allDates: readonly string[];
  /** The practice's own number, as a sentence. */
  readonly ownWords: string;
  /** Sentences on what was checked of it when it came. */
  readonly checked: readonly string[];
  /** The address of the group's charter; null where it has none. */
  readonly charter: string | null;
  /** Who may see this practice by name in it, by its consent, as a sentence; null where nobody may. */
  readonly named: string | null;
}

/** The group's comparison for the practice's own eyes: the same as every member's, and its own mark. */
export function practiceComparison({
  practice,
  view,
  allDates,
  ownWords,
  checked,
  charter,
  named,
}: PracticeComparison): Markup {
  const { query } = view;
  const { group, date } = shownOf(view);
  return practicePage({
    title: `${query.title}, ${group}, ${longDate(date)}`,
    above: [
      { text: practice ?? "This practice", href: "/" },
      { text: query.title, href: questionPath(query.query) },
    ],
    content: html`<h1>${query.title}</h1>
      <p class="cairn-lead">${group}, ${longDate(date)}</p>
      <p class="cairn-note">${ownWords}</p>
      ${named !== null && html`<p>${named}</p>`} ${allDates.length > 1 && dateForm(date, allDates)}
      ${questionParts(view, PAGE)}
      <section aria-labelledby="checked">
        <h2 id="checked">How this came here</h2>
        ${checked.map((sentence) => html`<p>${sentence}</p>`)}
        ${charter !== null && html`<p>${link(charter, "The group's charter: who sees what, and by which rules")}</p>`}
      </section>`,
  });
}

/** A group's charter, line by line: what it is for, who sees what, and by which rules. */
export function practiceCharter(
  practice: string | null,
  group: string,
  lines: readonly { readonly label: string; readonly says: string }[],
): Markup {
  return practicePage({
    title: `The charter of ${group}`,
    above: [{ text: practice ?? "This practice", href: "/" }],
    content: html`<h1>The charter of ${group}</h1>
      ${charterList(lines)}`,
  });
}
