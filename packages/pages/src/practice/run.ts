import { html, type Markup } from "@cairn/text";
import { bullets, responsiveTable, withAdvice } from "../components.js";
import { practicePage } from "./frame.js";

/** One run of a query at a practice, with its numbers as they left or would leave. */
export interface PracticeRun {
  readonly practice: string | null;
  readonly title: string;
  readonly question: string | null;
  readonly line: string;
  /** What may be wrong with the answer, and why it was taken back: sentences. */
  readonly notes: readonly string[];
  readonly groups: readonly string[]; // sentences
  /** What a person may do now: a sentence around a command, or two. */
  readonly next: Markup | null;
  readonly numbers: RunNumbers | null;
}

interface RunNumbers {
  readonly caption: string;
  /** What is counted: "people", "issues", "units issued" or "entries". */
  readonly counted: string;
  readonly rows: readonly {
    readonly who: string;
    readonly numerator: string;
    readonly denominator: string;
  }[];
}

/** One run for the practice's own eyes. */
export function practiceRun(run: PracticeRun): Markup {
  const { practice, title, question, line, notes, groups, next, numbers } = run;
  return practicePage({
    title,
    above: [{ text: practice ?? "This practice", href: "/" }],
    content: html`<h1>${title}</h1>
      ${question && html`<p>${question}</p>`}
      <p>${withAdvice(line)}.</p>
      ${notes.map((note) => html`<p>${note}</p>`)} ${bullets(groups)} ${next && html`<div>${next}</div>`}
      ${numbers ? numbersTable(numbers) : html`<p>No number of it has been decided on.</p>`}`,
  });
}

function numbersTable({ caption, counted, rows }: RunNumbers): Markup {
  return html`<p>Why a number is withheld is said on this page alone: it never leaves the practice.</p>
    ${responsiveTable({
      caption,
      headings: ["Who", `Counted, of these ${counted}`, `The ${counted} it is about`],
      rows: rows.map(({ who, numerator, denominator }) => [who, numerator, denominator]),
    })}`;
}
