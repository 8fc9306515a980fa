/** One run for the practice's own eyes: what was decided, and exactly the numbers that left or would leave. */
import { REASON_WORDS, type Side } from "@cairn/disclosure";
import { commands, link, type PracticeRun, questionPath } from "@cairn/pages";
import { cellsOf, labelsOf, type Query } from "@cairn/query-library";
import { html, longDate, type Markup } from "@cairn/text";
import { carriedAt, decodeRelease } from "@cairn/wire";
import { BY_COMMAND, type DecisionContext, heldForms, withdrawForm } from "./decision-context.js";
import { COUNTED } from "./counted.js";
import { emptyListWords, thinWords } from "../answering/doubts.js";
import type { Keeper } from "../keeper.js";
import { isKeptHere, thinMonthsOf } from "../releases/held.js";
import { releasedInterval } from "../releases/policy.js";
import { reasonsOf } from "../releases/reasons.js";
import { findRelease } from "../releases/release.js";
import { usesOf } from "../releases/uses.js";
import { whyWithdrawn } from "../releases/withdrawal.js";
import { requestsOf, type RequestState } from "../runs/requests.js";
import { findRun, type Run } from "../runs/run.js";
import { stateWords } from "../runs/words.js";
import { keeperStatus } from "../status.js";

/** One run with its numbers as they left, or would leave; null where there is no such run. */
export function runModel(keeper: Keeper, id: string, deciding = BY_COMMAND): PracticeRun | null {
  const run = findRun(keeper.store, id);
  if (!run) return null;
  const query = keeper.library()?.find(run.query, run.version, run.digest) ?? null;
  return {
    practice: keeperStatus(keeper.store).practice,
    title: query?.title ?? run.query,
    question: query?.question ?? null,
    line: `${run.query} ${run.version}, for ${longDate(run.referenceDate)}: ${stateWords(run)}`,
    notes: [...doubts(keeper, run), ...optOutNotes(keeper, run), ...withdrawnNotes(keeper, run)],
    groups: groupSentences(keeper.store, run),
    next: whatToDo(keeper.store, run, deciding),
    numbers: query && numbers(keeper, run, query),
  };
}

/** What may be wrong with the answer for what the records lack. */
function doubts({ store }: Keeper, run: Run): string[] {
  const thin = thinMonthsOf(store, run);
  const { queries } = keeperStatus(store);
  const asked = queries.find(({ query, version }) => query === run.query && version === run.version);
  const empty = asked?.emptyCodelists ?? [];
  return [
    ...(thin.length > 0
      ? [
          `${run.state === "on-hold" ? "Held" : "It was held"} for a look: of the months it looks at, ${thinWords(thin)}. See whether the extract is whole.`,
        ]
      : []),
    ...(run.state === "declined" && isKeptHere(store, run)
      ? ["Someone here decided to keep it: no version of this question leaves for this date."]
      : []),
    ...(empty.length > 0 ? [`Beside the answer: ${emptyListWords(empty)}.`] : []),
  ];
}

/** Where the release counts people with a type 1 opt-out in their record, that it does. */
function optOutNotes({ store }: Keeper, { run, correction }: Run): string[] {
  return findRelease(store, run, correction)?.optOuts === "OPT_OUTS_COUNTED_BY_CHOICE"
    ? [
        "These numbers count people with a type 1 opt-out in their record, as this practice, the charters of its groups and the questions let them be for this date. Nobody on the practice's own list or marked as confidential is in them.",
      ]
    : [];
}

/** Why each of its releases was withdrawn. */
function withdrawnNotes({ store }: Keeper, { run }: Run): string[] {
  return ["first", "corrected"].flatMap((which, number) => {
    const why = whyWithdrawn(store, run, number);
    return why === null ? [] : [`The ${which} release was withdrawn: ${why}`];
  });
}

/** The form or the commands for a held release, and the command for one that left. */
function whatToDo(
  store: Keeper["store"],
  { state, run, query, correction }: Run,
  deciding: DecisionContext,
): Markup | null {
  if (state === "on-hold" && deciding.may("decide-releases"))
    return html`${heldForms(store, deciding, run)}
      <p>
        What is kept here leaves for no group, in no version of the question, and shows there as declined,
        without a reason. Other dates of the question are decided on by themselves; its
        ${link(questionPath(query), "own page")} declines all of them.
      </p>`;
  if (state === "on-hold")
    return commands(
      "cairn agent approve",
      html`<code>cairn agent approve ${run}</code> lets it leave;
        <code>cairn agent decline ${run}</code> keeps it here, for good.`,
    );
  if (state !== "acknowledged") return null;
  const unseen = usesOf(store, { run, correction }).every(({ use }) => use.ended);
  const mistake = unseen
    ? "The hub holds it and no group may see it."
    : "A mistake? Withdrawn numbers come down wherever a group's figures used them.";
  if (deciding.may("decide-releases")) return html`${mistake} ${withdrawForm(store, deciding, run)}`;
  const command = html`<code>cairn agent withdraw ${run} --why TEXT</code> withdraws it.`;
  return html`${mistake} A quality lead can withdraw them. ${commands("cairn agent withdraw", command)}`;
}

const REQUEST_WORDS: Readonly<Record<RequestState, string>> = {
  "waiting-for-approval": "waits for someone here to accept the group, or the query for it",
  "waiting-for-witness": "waits until witnesses have countersigned the hub's log with its library",
  ready: "allowed",
  declined: "declined",
  refused: "refused",
  withdrawn: "its use was withdrawn",
};

/** Each group that asked for the run, and whether it may see what was released. */
function groupSentences(store: Keeper["store"], run: Run): string[] {
  const uses = new Map(usesOf(store, run).map(({ use }) => [use.group, use]));
  return requestsOf(store, run.run).map(({ group, state, refusal }) => {
    const use = uses.get(group);
    const seen = use ? (use.ended ? "; may not see it any more" : "; may see it") : "";
    const why = refusal ? ` (${refusal.words})` : "";
    return `Asked by ${group}: ${REQUEST_WORDS[state]}${why}${seen}.`;
  });
}

function numbers({ store }: Keeper, run: Run, query: Query): PracticeRun["numbers"] {
  const signed = findRelease(store, run.run, run.correction);
  if (!signed) return null;
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
  return {
    caption: `The numbers as they ${tense(run)}`,
    counted: COUNTED[query.unit],
    rows: labels.flatMap((who, i) =>
      who === null ? [] : [{ who, numerator: value("numerator", i), denominator: value("denominator", i) }],
    ),
  };
}

function tense({ state }: Run): string {
  if (state === "withdrawn") return "left before they were withdrawn";
  return state === "on-hold" || state === "declined" ? "would leave" : "leave";
}
