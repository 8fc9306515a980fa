import { html, longDate, type Markup } from "@cairn/text";
import type { FormProblem } from "../problems.js";
import { dateForm } from "../question/date-form.js";
import { PAGE, questionParts } from "../question/parts.js";
import { shownOf, type QuestionView } from "../question/view.js";
import { groupPath, hubNamesPage, hubPage } from "./frame.js";

/** The page of one question at one date. */
export interface QuestionPage {
  readonly view: QuestionView;
  /** All dates of the question, ISO, from the oldest. */
  readonly allDates: readonly string[];
  /** What stands at the end: forms, where the reader may write. */
  readonly write: Markup | null;
  /** Why what was written was not kept. */
  readonly notSaved?: readonly FormProblem[];
}

/** One question of a group at one date, in eight parts. */
export function questionPage({ view, allDates, write, notSaved = [] }: QuestionPage): Markup {
  const { query } = view;
  const { group, date } = shownOf(view);
  const frame = view.names?.names.as === "names" ? hubNamesPage : hubPage;
  return frame({
    title: `${query.title}, ${longDate(date)}`,
    notSaved,
    above: [
      { text: "Groups", href: "/" },
      { text: group, href: groupPath(group) },
    ],
    content: html`<h1>
        <span class="nhsuk-caption-l">${group}, ${longDate(date)}</span>
        ${query.title}
      </h1>
      ${allDates.length > 1 && dateForm(date, allDates)} ${questionParts(view, PAGE, write)}`,
  });
}
