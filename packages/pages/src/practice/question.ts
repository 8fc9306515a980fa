import { runChart, waterfall, type Chart } from "@cairn/charts";
import { count, html, longDate, type Markup, percent } from "@cairn/text";
import { bullets, link, responsiveTable, withAdvice } from "../components.js";
import { folded, practicePage } from "./frame.js";
import { type RunsInState, runsByState } from "./home.js";

/** One question at a practice: its own exact numbers, how they come about, and how far they can be trusted. */
export interface PracticeQuestion {
  readonly practice: string | null;
  readonly title: string;
  readonly question: string;
  readonly why: string | null;
  readonly about: readonly (readonly [key: string, value: string])[];
  /** The own numbers; or why there are none, without a full stop. */
  readonly numbers: OwnTotals | string;
  /** What is due and when, without full stops. */
  readonly due: readonly string[];
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
  const { practice, title, question, why, about, numbers, due, groups, declineAll, runs } = model;
  return practicePage({
    title,
    above: [{ text: practice ?? "This practice", href: "/" }],
    content: html`<h1>${title}</h1>
      <p class="cairn-lead">${question}</p>
      ${why && html`<p>${why}</p>`}
      ${typeof numbers === "string" ? noNumbers(numbers) : ownNumbers(title, numbers)}
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

function noNumbers(words: string): Markup {
  return html`<section aria-labelledby="own">
    <h2 id="own">Our number</h2>
    <p>${withAdvice(words)}.</p>
  </section>`;
}

function ownNumbers(title: string, numbers: OwnTotals): Markup {
  const { figures, lists, steps, trust, coding, counted } = numbers;
  const newest = figures.at(-1);
  return html`<section aria-labelledby="own">
      <h2 id="own">Our number</h2>
      ${
        newest &&
        html`<p class="cairn-number">${shareWords(newest)}</p>
          <p>
            ${longDate(newest.date)}: ${count(newest.numerator)} of ${count(newest.denominator)} ${counted},
            exact. People who opted out are counted here, and in nothing that leaves.
          </p>`
      }
      ${bullets(lists.map(({ href, words }) => link(href, words)))}
    </section>
    ${
      figures.length > 1 &&
      html`<section aria-labelledby="time">
        <h2 id="time">Over time</h2>
        ${overTime(title, numbers)}
      </section>`
    }
    ${
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

function overTime(title: string, { figures, counted }: OwnTotals): Markup {
  const chart = runChart({
    id: "over-time",
    title: `${title}: our share over time`,
    points: figures.map(({ date, numerator, denominator }) => ({
      date,
      share: denominator === 0 ? "nobody" : { low: numerator / denominator, high: numerator / denominator },
      joined: true,
    })),
    limits: null,
    notes: [],
    aims: [],
  });
  const table = {
    headings: ["Date", "Share", `Of those ${counted}`],
    rows: figures.map((each) => [
      longDate(each.date),
      shareWords(each),
      `${count(each.numerator)} of ${count(each.denominator)}`,
    ]),
  };
  return figure({ svg: chart.svg, table }, "Our share over time");
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
