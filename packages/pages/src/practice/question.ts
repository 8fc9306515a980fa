import { waterfall, type Chart } from "@cairn/charts";
import type { Query } from "@cairn/query-library";
import { count, html, longDate, type Markup, percent } from "@cairn/text";
import { bullets, link, responsiveTable, withAdvice } from "../components.js";
import { ownLine } from "../question/own.js";
import { folded, practicePage } from "./frame.js";
import { type RunsInState, runsByState } from "./home.js";
import { notesNotSaved, ownNotes, type OwnNoteForm, type PracticeNote } from "./notes.js";

/** One question at a practice: its own exact numbers, how they come about, and how far they can be trusted. */
export interface PracticeQuestion {
  readonly practice: string | null;
  readonly query: Query;
  readonly about: readonly (readonly [key: string, value: string])[];
  /** The own numbers; or why there are none, without a full stop. */
  readonly numbers: OwnTotals | string;
  /** What the practice wrote down for itself, in order of date. */
  readonly notes: readonly PracticeNote[];
  /** Null for a reader who may not write. */
  readonly noteForm: OwnNoteForm | null;
  /** What is due and when, without full stops. */
  readonly due: readonly string[];
  /** The groups whose comparison of it is here. */
  readonly beside: readonly { readonly group: string; readonly href: string }[];
  readonly groups: readonly GroupAsks[];
  /** The form that declines it for every group; null for a reader who may not. */
  readonly declineAll: Markup | null;
  readonly runs: readonly RunsInState[];
}

/** One group's asking, what was said to it, and what a person may do about it. */
interface GroupAsks {
  readonly line: string;
  readonly action: Markup | null;
}

export interface OwnTotals {
  /** What is counted: "people", "issues" or "entries". */
  readonly counted: string;
  /** One a date, ascending, one or more. */
  readonly figures: readonly {
    readonly date: string;
    readonly numerator: number;
    readonly denominator: number;
  }[];
  readonly lists: readonly { readonly href: string; readonly words: string }[];
  /** Who is left after each step; null where the query counts no people. */
  readonly steps: readonly { readonly label: string; readonly people: number }[] | null;
  /** How far the numbers can be trusted: lines without a full stop. */
  readonly trust: readonly string[];
  readonly coding: readonly { readonly list: string; readonly people: string; readonly readings: string }[];
}

/** The page of one question. */
export function practiceQuestion(model: PracticeQuestion): Markup {
  const { practice, query, about, numbers, due, groups, declineAll, runs } = model;
  const { title, question, why } = query;
  return practicePage({
    title,
    notSaved: notesNotSaved(model.noteForm),
    above: [{ text: practice ?? "This practice", href: "/" }],
    content: html`<h1>${title}</h1>
      <p class="cairn-lead">${question}</p>
      ${why && html`<p>${why}</p>`}
      ${typeof numbers === "string" ? noNumbers(numbers, besideLinks(model)) : ownNumber(numbers, besideLinks(model))}
      <section aria-labelledby="time">
        <h2 id="time">Over time</h2>
        ${typeof numbers === "string" ? html`<p>There is no line without a number.</p>` : overTime(model, numbers)}
        ${ownNotes(model.notes, model.noteForm)}
      </section>
      ${typeof numbers !== "string" && howItComesAbout(title, numbers)}
      <section aria-labelledby="due">
        <h2 id="due">What is due</h2>
        ${bullets(due.map((line) => html`${withAdvice(line)}.`))}
      </section>
      <section aria-labelledby="left">
        <h2 id="left">Who asks, and what left</h2>
        ${bullets(groups.map(({ line, action }) => html`${line}.${action && html` ${action}`}`))}
        ${declineAll}
        ${runs.length > 0 && folded("Every date that was asked", html`${runsByState(runs, Infinity)}`)}
      </section>
      ${folded(
        "How this is defined",
        html`<dl>
          ${about.map(
            ([key, value]) =>
              html`<dt>${key}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>`,
      )}`,
  });
}

function besideLinks({ beside }: PracticeQuestion): Markup | null {
  return bullets(beside.map(({ group, href }) => link(href, `Beside ${group}`)));
}

function noNumbers(words: string, beside: Markup | null): Markup {
  return html`<section aria-labelledby="own">
    <h2 id="own">Our number</h2>
    <p>${withAdvice(words)}.</p>
    ${beside}
  </section>`;
}

function ownNumber({ figures, lists, counted }: OwnTotals, beside: Markup | null): Markup {
  const newest = figures.at(-1);
  return html`<section aria-labelledby="own">
    <h2 id="own">Our number</h2>
    ${
      newest &&
      html`<p class="cairn-number">${shareWords(newest)}</p>
        <p>
          ${longDate(newest.date)}: ${count(newest.numerator)} of ${count(newest.denominator)} ${counted},
          exact. People with a type 1 opt-out in their record are counted here; in what leaves only where this
          practice, the charter of each of its groups and every question that they may ask agree.
        </p>`
    }
    ${beside} ${bullets(lists.map(({ href, words }) => link(href, words)))}
  </section>`;
}

function howItComesAbout(title: string, { steps, trust, coding }: OwnTotals): Markup {
  return html`${
      steps &&
      html`<section aria-labelledby="steps">
        <h2 id="steps">How the number comes about</h2>
        ${figure(
          waterfall({
            id: "waterfall",
            title: `${title}: people left after each step`,
            steps: steps.map(({ label, people }) => ({ label, people: { low: people, high: people } })),
          }),
          "People left after each step",
        )}
      </section>`
    }
    <section aria-labelledby="trust">
      <h2 id="trust">How far our records can be trusted here</h2>
      ${bullets(trust.map((line) => html`${withAdvice(line)}.`))}
      ${
        coding.length > 0 &&
        folded(
          "How each codelist is used in our records",
          responsiveTable({
            caption: "Codelists of this question",
            headings: ["Codelist", "People with any entry", "Readings"],
            rows: coding.map(({ list, people, readings }) => [list, people, readings]),
          }),
        )
      }
    </section>`;
}

function shareWords({ numerator, denominator }: OwnTotals["figures"][number]): string {
  return denominator === 0 ? "Nobody is asked about" : percent(numerator / denominator);
}

function overTime(
  { query, notes }: Pick<PracticeQuestion, "query" | "notes">,
  { figures, counted }: OwnTotals,
): Markup {
  const line = ownLine(
    {
      ...{ id: "over-time", title: `${query.title}: our share over time`, query, notes },
      figures: figures.map(({ date, numerator, denominator }) => ({
        date,
        number:
          denominator === 0
            ? "nobody"
            : {
                numerator: { low: numerator, high: numerator },
                denominator: { low: denominator, high: denominator },
              },
        counts: `${count(numerator)} of ${count(denominator)} ${counted}`,
      })),
    },
    "folded",
  );
  return line ?? html`<p>This is the first date. The line comes with the second.</p>`;
}

/** A chart with its numbers as a table, which paper shows open. */
function figure({ svg, table }: Chart, caption: string): Markup {
  return html`<div class="cairn-together">
    <figure class="cairn-figure">${svg}</figure>
    ${folded(
      "The same numbers as a table",
      responsiveTable({ caption, headings: table.headings, rows: table.rows }),
    )}
  </div>`;
}
