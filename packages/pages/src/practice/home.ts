import { count, html, longDate, type Markup } from "@cairn/text";
import { bullets } from "../components.js";
import { practicePage } from "./frame.js";

/** How things stand at a practice. Lines have no full stop at their end. */
export interface PracticeHome {
  readonly practice: string | null; // null before it enrols
  readonly facts: readonly string[];
  readonly groups: readonly { readonly line: string; readonly accept: string | null }[];
  readonly queries: readonly AskedQuery[];
  readonly logSize: number;
}

/** One query as one group asked it. */
export interface AskedQuery {
  readonly title: string;
  readonly question: string | null;
  readonly line: string;
  readonly note: string | null;
  /** Commands for a query that waits to be decided on. */
  readonly decide: { readonly accept: string; readonly decline: string } | null;
  /** Runs that stand alike, with their reference dates, ISO. */
  readonly runs: readonly {
    readonly words: string;
    readonly each: readonly { readonly run: string; readonly date: string }[];
  }[];
}

/** The first of a practice's own pages. */
export function practiceHome({ practice, facts, groups, queries, logSize }: PracticeHome): Markup {
  return practicePage({
    title: practice ?? "This practice",
    above: [],
    content: html`<h1>${practice ?? "This practice"}</h1>
      <h2>Now</h2>
      ${bullets(facts.map((line) => `${line}.`))}
      <h2>Groups</h2>
      ${
        bullets(
          groups.map(
            ({ line, accept }) => html`${line}.${accept && html` <code>${accept}</code> accepts it.`}`,
          ),
        ) ?? html`<p>No group has asked yet. <code>cairn agent join GROUP</code> accepts one by name.</p>`
      }
      <h2>What was asked</h2>
      ${queries.length > 0 ? queries.map(asked) : html`<p>Nothing has been asked yet.</p>`}
      <h2>Log</h2>
      <p>${count(logSize)} entries. <code>cairn agent log</code> prints them.</p>`,
  });
}

function asked({ title, question, line, note, decide, runs }: AskedQuery): Markup {
  return html`<h3>${title}</h3>
    ${question && html`<p>${question}</p>`}
    <p>${line}.</p>
    ${note && html`<p>${note}.</p>`}
    ${
      decide &&
      html`<p><code>${decide.accept}</code> or <code>${decide.decline}</code>; no reason is needed.</p>`
    }
    ${bullets(
      runs.map(
        ({ words, each }) =>
          html`${words}:
          ${each.map(
            ({ run, date }) => html`<a class="cairn-date-link" href="/runs/${run}">${longDate(date)}</a> `,
          )}`,
      ),
    )}`;
}
