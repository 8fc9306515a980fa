import { html, longDate, type Markup } from "@cairn/text";
import { dateForm } from "../question/date-form.js";
import { PAGE, questionParts } from "../question/parts.js";
import { shownOf, type OwnParts, type QuestionView } from "../question/view.js";
import { practicePage, questionPath } from "./frame.js";

/** A group's comparison of one question at one date, with the practice's own parts. */
export interface PracticeComparison {
  readonly practice: string | null;
  readonly view: QuestionView & { readonly own: OwnParts };
  /** All dates of which a comparison is here, ISO, from the oldest. */
  readonly allDates: readonly string[];
  /** The practice's own number, as a sentence. */
  readonly ownWords: string;
  /** Sentences on what was checked of it when it came. */
  readonly checked: readonly string[];
}

/** The group's comparison for the practice's own eyes: the same as every member's, and its own mark. */
export function practiceComparison({
  practice,
  view,
  allDates,
  ownWords,
  checked,
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
      ${allDates.length > 1 && dateForm(date, allDates)} ${questionParts(view, PAGE)}
      <section aria-labelledby="checked">
        <h2 id="checked">How this came here</h2>
        ${checked.map((sentence) => html`<p>${sentence}</p>`)}
      </section>`,
  });
}
