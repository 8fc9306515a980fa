/** The operator's page: what to do next, how each practice stands, the library and the schedules; no number of a practice. */
import { count, html, type Markup } from "@cairn/text";
import { bullets, link, responsiveTable } from "../components.js";
import { problemSummary } from "../problems.js";
import { tokenField } from "../sign-in/fields.js";
import { hubOfficePage } from "./frame.js";

export interface OperatorPage {
  /** What can be done next, each with its command; null where the practice has to do it. */
  readonly todo: readonly { readonly what: string; readonly command: string | null }[];
  /** Agents that wait to be admitted. */
  readonly waiting: readonly {
    readonly practice: string;
    readonly fingerprint: string;
    /** The fingerprint as it was typed for this agent into a form that did nothing, or not yet; "" where none was. */
    readonly typed: string;
  }[];
  /** The token of the forms that admit and refuse. */
  readonly token: string;
  /** Why the form that was sent did nothing; null where none was, or it did. */
  readonly problem: string | null;
  /** Join codes that nobody has used, in words. */
  readonly invited: readonly { readonly practice: string; readonly words: string }[];
  /** Practices on this page, each with how it stands in words. */
  readonly practices: readonly { readonly practice: string; readonly words: string }[];
  readonly page: number; // from 1
  readonly pages: number;
  /** The library in force; null where none is published. */
  readonly library: { readonly version: string; readonly queries: readonly string[] } | null;
  /** Each schedule in lines: what it asks and when, then what it has asked. */
  readonly schedules: readonly (readonly string[])[];
}

/** The facts and tasks of a hub's operator. */
export function operatorPage(model: OperatorPage): Markup {
  const { todo, waiting, token, problem, invited, practices, library, schedules } = model;
  return hubOfficePage({
    title: problem === null ? "Operation" : "Problem: operation",
    above: [{ text: "Groups", href: "/" }],
    content: html`${problemSummary(problem === null ? [] : [{ words: problem, at: "waiting" }])}
      <h1>Operation of this hub</h1>
      <h2>To do</h2>
      ${
        bullets([
          ...waiting.map(({ practice }) => `${practice} waits to be admitted: see below.`),
          ...todo.map(
            ({ what, command }) => html`${what}${command !== null && html` <code>${command}</code>`}`,
          ),
        ]) ?? html`<p>Nothing for you to do.</p>`
      }
      <h2 id="waiting">Agents that wait to be admitted</h2>
      ${
        waiting.length > 0
          ? html`<p>
                Ask the practice to read out the fingerprint on its own screen, and type what you hear. An
                agent is admitted only if it is the one that enrolled here.
              </p>
              ${waiting.map((one, i) => admissionForms(one, i, token))}`
          : html`<p>No agent waits.</p>`
      }
      <h2>Open invitations</h2>
      ${
        bullets(invited.map(({ practice, words }) => `${practice}: ${words}.`)) ??
        html`<p>No join code waits to be used.</p>`
      }
      <h2>Practices</h2>
      ${
        practices.length > 0
          ? responsiveTable({
              caption: "How each practice stands",
              headings: ["Practice", "State"],
              rows: practices.map(({ practice, words }) => [practice, words]),
            })
          : html`<p>No practice is invited yet.</p>`
      }
      ${pager(model)}
      <h2>Library</h2>
      ${
        library === null
          ? html`<p>No library is published yet.</p>`
          : html`<p>
                Version ${library.version} is in force, with ${count(library.queries.length)}
                ${library.queries.length === 1 ? "query" : "queries"}:
              </p>
              ${bullets(library.queries)}`
      }
      <h2>Schedules</h2>
      ${
        bullets(schedules.map((lines) => html`${lines.map((line) => html`${line}<br />`)}`)) ??
        html`<p>Nothing is scheduled yet.</p>`
      }`,
  });
}

/** Admitting takes the fingerprint as it was read out, typed; refusing takes nothing but the button. */
function admissionForms(
  { practice, fingerprint, typed }: OperatorPage["waiting"][number],
  at: number,
  token: string,
): Markup {
  const whose = html`${tokenField(token)}
    <input type="hidden" name="practice" value="${practice}" />
    <input type="hidden" name="seen" value="${fingerprint}" />`;
  return html`<h3>${practice}</h3>
    <form method="post" action="/operator/admit">
      ${whose}
      <div class="nhsuk-form-group">
        <label class="nhsuk-label" for="read-out-${String(at)}">
          Fingerprint as ${practice} reads it out from its own screen
        </label>
        <input
          class="nhsuk-input cairn-input"
          id="read-out-${String(at)}"
          name="fingerprint"
          value="${typed}"
          autocomplete="off"
          spellcheck="false"
          maxlength="100"
          required
        />
      </div>
      <button class="nhsuk-button" type="submit">Admit ${practice}</button>
    </form>
    <form method="post" action="/operator/refuse">
      ${whose}
      <button class="nhsuk-button nhsuk-button--secondary" type="submit">Refuse ${practice}</button>
    </form>`;
}

function pager({ page, pages }: OperatorPage): Markup | null {
  if (pages === 1) return null;
  const at = (to: number, words: string): Markup => link(`/operator?page=${String(to)}`, words);
  return html`<nav aria-label="Pages of practices" class="cairn-actions">
    <p>
      Page ${String(page)} of ${String(pages)}. ${page > 1 && at(page - 1, "Earlier practices")}
      ${page < pages && at(page + 1, "Later practices")}
    </p>
  </nav>`;
}
