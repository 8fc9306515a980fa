/** The practice's own pages: queries asked, decisions made, and exactly the numbers that left. */
import { REASON_WORDS, type Side } from "@cairn/disclosure";
import { cellsOf, labelsOf, type Query } from "@cairn/query-library";
import { carriedAt, decodeRelease } from "@cairn/wire";
import { emptyListWords, thinWords } from "../answering/doubts.js";
import type { Keeper } from "../keeper.js";
import { thinMonthsOf } from "../releases/held.js";
import { findRelease } from "../releases/release.js";
import { whyWithdrawn } from "../releases/withdrawal.js";
import { floorWords, releasedInterval } from "../releases/policy.js";
import { reasonsOf } from "../releases/reasons.js";
import type { GroupState } from "../approvals/groups.js";
import { courierSpeaks, linkWords, minute } from "../link-state.js";
import { usesOf } from "../releases/uses.js";
import { requestsOf, type RequestState } from "../runs/requests.js";
import { findRun, type Run } from "../runs/run.js";
import { stateWords } from "../runs/words.js";
import { keeperStatus, type KeeperStatus } from "../status.js";
import { html, type Html } from "@cairn/pages";

export function home(keeper: Keeper): Html {
  const status = keeperStatus(keeper.store);
  return page(
    status.practice ?? "This practice",
    html`${state(keeper, status)} ${groups(status)} ${asked(keeper, status)}
      <h2>Log</h2>
      <p>${status.logSize} entries. <code>cairn agent log</code> prints them.</p>`,
  );
}

/** One run with its numbers as they left, or would leave; null where there is no such run. */
export function runPage(keeper: Keeper, id: string): Html | null {
  const run = findRun(keeper.store, id);
  if (!run) return null;
  const query = keeper.library()?.find(run.query, run.version, run.digest) ?? null;
  return page(
    query?.title ?? run.query,
    html`<p><a href="/">All queries</a></p>
      <p>${query?.question}</p>
      <p>${run.query} ${run.version}, for ${run.referenceDate}: ${stateWords(run)}.</p>
      ${doubts(keeper, run)} ${forGroups(keeper.store, run)} ${whatToDo(keeper.store, run)}
      ${[0, 1].map((number) => takenBack(keeper, run, number))} ${query && numbers(keeper, run, query)}`,
  );
}

/** The doubts about an answer, for the practice's own eyes. */
function doubts({ store }: Keeper, run: Run): Html {
  const thin = thinMonthsOf(store, run);
  const { queries } = keeperStatus(store);
  const asked = queries.find(({ query, version }) => query === run.query && version === run.version);
  const empty = asked?.emptyCodelists ?? [];
  return html`${
    thin.length > 0 &&
    html`<p>
      ${run.state === "on-hold" ? "Held" : "It was held"} for a look: of the months it looks at,
      ${thinWords(thin)}. See whether the extract is whole.
    </p>`
  }
  ${empty.length > 0 && html`<p>Beside the answer: ${emptyListWords(empty)}.</p>`}`;
}

/** The commands for a held release, or for one that left: decisions are made by command, not on a page. */
function whatToDo(store: Keeper["store"], { state, run, query, correction }: Run): Html | null {
  if (state === "on-hold")
    return html`<p>
      <code>cairn agent approve ${run}</code> lets it leave; <code>cairn agent decline ${query}</code> keeps
      it here.
    </p>`;
  if (state === "acknowledged" && usesOf(store, { run, correction }).every(({ use }) => use.ended))
    return html`<p>
      The hub holds it and no group may see it. <code>cairn agent withdraw ${run} --why TEXT</code> takes it
      back.
    </p>`;
  if (state === "acknowledged")
    return html`<p>A mistake? <code>cairn agent withdraw ${run} --why TEXT</code> withdraws it.</p>`;
  return null;
}

const REQUEST_WORDS: Readonly<Record<RequestState, string>> = {
  "waiting-for-approval": "waits for someone here to accept the group, or the query for it",
  ready: "allowed",
  declined: "declined",
  refused: "refused",
  withdrawn: "its leave was taken back",
};

/** Each group that asked for the run, and whether it may see what was released. */
function forGroups(store: Keeper["store"], run: Run): Html {
  const uses = new Map(usesOf(store, run).map(({ use }) => [use.group, use]));
  return html`<ul>
    ${requestsOf(store, run.run).map(({ group, state, refusal }) => {
      const use = uses.get(group);
      const seen = use && (use.ended ? "; may not see it any more" : "; has this practice's leave to it");
      const why = refusal && ` (${refusal.words})`;
      return html`<li>Asked by ${group}: ${REQUEST_WORDS[state]}${why}${seen}.</li>`;
    })}
  </ul>`;
}

export function nothingHere(): Html {
  return page("Nothing here", html`<p>There is no such page. <a href="/">All queries</a></p>`);
}

function state({ network, store }: Keeper, status: KeeperStatus): Html {
  return html`<h2>Now</h2>
    <ul>
      <li>
        ${
          status.paused
            ? "Paused: nothing runs and nothing leaves. cairn agent resume goes on."
            : "Not paused. cairn agent pause stops everything at once."
        }
      </li>
      ${linkLines(store.now(), status).map((line) => html`<li>${line}.</li>`)}
      ${store.problem && html`<li>Waiting: ${store.problem.message}</li>`}
      <li>${status.coversTo ? `Records are complete to ${status.coversTo}.` : "No records yet."}</li>
      ${status.libraryProblem && html`<li>${status.libraryProblem.words} (${status.libraryProblem.code}).</li>`}
      <li>${status.library ? `Library version ${status.library} is in force.` : "No library yet."}</li>
      <li>Of what leaves, ${floorWords(status.floor)}.</li>
      ${status.hold && html`<li>Each release waits until someone here has seen it.</li>`}
      <li>
        ${
          network === "isolated"
            ? "This process cannot reach any network."
            : "The operating system does not keep this process from the network: see cairn agent doctor."
        }
      </li>
    </ul>`;
}

/** The lines on the link, from what the courier last reported. */
function linkLines(now: number, { link, practice, courierSpokeAt }: KeeperStatus): string[] {
  const courierRuns = courierSpeaks(courierSpokeAt, now);
  const silent =
    practice !== null && !courierRuns
      ? [
          `No courier has spoken to the keeper ${courierSpokeAt === null ? "yet" : `since ${minute(courierSpokeAt)}`}: see cairn agent status`,
        ]
      : [];
  return [
    ...silent,
    ...linkWords(link, { now, practice, courierRuns, courierFolder: "DIR/courier", where: " --data DIR" }),
  ];
}

const MEMBER_WORDS: Readonly<Record<GroupState, string>> = {
  joined: "accepted here",
  left: "left: it gets nothing new",
  waiting: "asks, and nobody here has accepted it: it gets nothing",
};

function groups({ groups: known }: KeeperStatus): Html {
  if (known.length === 0)
    return html`<h2>Groups</h2>
      <p>No group has asked yet. <code>cairn agent join GROUP</code> accepts one by name.</p>`;
  const items = known.map(({ group, state: stands, command }) => {
    const how = command && html` <code>${command}</code> accepts it.`;
    return html`<li>${group}: ${MEMBER_WORDS[stands]}.${how}</li>`;
  });
  return html`<h2>Groups</h2>
    <ul>
      ${items}
    </ul>`;
}

function asked(keeper: Keeper, status: KeeperStatus): Html {
  if (status.queries.length === 0)
    return html`<h2>What was asked</h2>
      <p>Nothing has been asked yet.</p>`;
  const library = keeper.library();
  const blocks = status.queries.map(({ query, version, group, said, command, emptyCodelists }) => {
    const found = library?.queries.find((each) => each.query === query && each.version === version);
    const runs = status.runs.filter(
      (run) =>
        run.query === query && run.version === version && run.groups.some((one) => one.group === group),
    );
    return html`<h3>${found?.title ?? query}</h3>
      <p>${found?.question}</p>
      <p>${query} ${version}, asked by ${group}: ${said}.</p>
      ${emptyCodelists.length > 0 && html`<p>Beside the answer: ${emptyListWords(emptyCodelists)}.</p>`}
      ${
        command &&
        html`<p>
          <code>${command}</code> or <code>${command.replace("approve", "decline")}</code>; no reason is
          needed.
        </p>`
      }
      <ul>
        ${[...byWords(runs)].map(
          ([words, alike]) =>
            html`<li>
              ${words}:
              ${alike.map(({ run, date }) => html`<a class="date" href="/runs/${run}">${date}</a> `)}
            </li>`,
        )}
      </ul>`;
  });
  return html`<h2>What was asked</h2>
    ${blocks}`;
}

/** Runs by their state in words: a practice of four years has hundreds. */
function byWords(runs: KeeperStatus["runs"]): Map<string, KeeperStatus["runs"][number][]> {
  const alike = new Map<string, KeeperStatus["runs"][number][]>();
  for (const run of runs) {
    const { state, date, refusal, thinMonths } = run;
    const held = state === "on-hold" && thinMonths.length > 0 ? `; ${thinWords(thinMonths)}` : "";
    const words = `${stateWords({ state, referenceDate: date, refusal })}${held}`;
    alike.set(words, [...(alike.get(words) ?? []), run]);
  }
  return alike;
}

/** The reason of a withdrawal, for the practice's own eyes. */
function takenBack({ store }: Keeper, { run }: Run, number: number): Html | null {
  const why = whyWithdrawn(store, run, number);
  return why === null
    ? null
    : html`<p>The ${number === 0 ? "first" : "corrected"} release was withdrawn: ${why}</p>`;
}

function numbers({ store }: Keeper, run: Run, query: Query): Html {
  const signed = findRelease(store, run.run, run.correction);
  if (!signed) return html`<p>No number of it has been decided on.</p>`;
  const cells = cellsOf(query, run.referenceDate);
  const labels = labelsOf(query, cells);
  const codes = decodeRelease(signed.release, cells.length);
  const reasonOf = reasonsOf(store, run.run, run.correction);
  const value = (part: Side, cell: number): string => {
    const code = codes[part][cell] ?? 0;
    if (code > 0) return releasedInterval(code - 1, signed.policy, carriedAt(codes, cell, part));
    const reason = reasonOf(cell, part);
    return reason ? `withheld: ${REASON_WORDS[reason]}` : "withheld";
  };
  return html`<p>Why a number is withheld is said on this page alone: it never leaves the practice.</p>
    <table role="table">
      <caption>
        The numbers as they ${tense(run)}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${HEADINGS.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${labels.map(
          (label, i) =>
            label !== null &&
            html`<tr role="row">
              <th role="rowheader" scope="row">${label}</th>
              ${SIDES.map(
                (side, n) =>
                  html`<td role="cell">
                    <span aria-hidden="true">${HEADINGS[n + 1]}: </span>${value(side, i)}
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>`;
}

/** Headings of columns. Each cell repeats its own where the table is too wide for the screen. */
const HEADINGS = ["Who", "Numerator", "Denominator"] as const;
const SIDES = ["numerator", "denominator"] as const satisfies readonly Side[];

function tense({ state }: Run): string {
  if (state === "withdrawn") return "left before they were withdrawn";
  return state === "on-hold" || state === "declined" ? "would leave" : "leave";
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} - Cairn</title>
        <link rel="stylesheet" href="/page.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}
