/** From exact tables to signed releases: decided, logged, signed and stored in one transaction. */
import {
  decide,
  integersOf,
  isReleasedTable,
  KeptLedgers,
  type UndecidedTable,
  type DecidedTable,
  type DecideOptions,
  type LpSolver,
  type Policy,
  type PolicyIntegers,
  type RefusedTable,
} from "@cairn/disclosure";
import { practiceLog } from "@cairn/ledger";
import type { Query, VerifiedQuery } from "@cairn/query-library";
import type { ExactTable } from "@cairn/tables";
import {
  encodeRelease,
  releaseDigest,
  signRelease,
  WireRefusal,
  type SignedRelease__Output,
} from "@cairn/wire";
import type { Answer } from "../answering/job.js";
import { isPaused, setting } from "../store/settings.js";
import { noteRefusal } from "../runs/refused.js";
import { moveRequest, requestsOf } from "../runs/requests.js";
import { giveUses } from "../review/review.js";
import { findRun, moveRun, type Run } from "../runs/run.js";
import type { Change, KeeperStore } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import { keepThinMonths, waitsForLook } from "../releases/held.js";
import { keepEntry, pruneHistory, storedHistory } from "../history/history.js";
import { whyLost } from "../history/lost.js";
import { floorsFor } from "../approvals/charters.js";
import { composedPolicy } from "../releases/policy.js";
import { optOutsFor } from "../releases/opt-outs.js";
import { insertRelease } from "../releases/release.js";

interface Answered {
  readonly runs: readonly Run[]; // of one query
  readonly query: VerifiedQuery;
  readonly library: LibraryInForce;
  readonly answer: Answer;
  /** The practice's list of people left out, beside which it was answered. */
  readonly leftOutList: string | null;
}

/**
 * Decides what of the answer may leave, against everything released before, and makes the releases: each is in
 * the log before it exists. A run that is not running any more is left alone.
 * @param solver of linear programs, loaded (`highs`).
 * @param ledgers of earlier batches, which spare reading the history of each date anew.
 * @returns false where the practice has paused or given another list of people left out meanwhile, or where whether people
 * who opted out are counted has been decided otherwise: nothing was decided.
 * @throws WireRefusal policy-too-weak, release-too-large; SqliteError
 */
export function makeReleases(
  store: KeeperStore,
  answered: Answered,
  solver: LpSolver,
  ledgers = new KeptLedgers(),
): boolean {
  ledgers.begin();
  const { made, states } = store.change((change) => {
    const made = makeIn(change, answered, { solver, ledgers });
    return { made, states: ledgers.states(storedHistory(change, () => answered.library)) };
  });
  ledgers.keep(states); // committed: what they remember is in the history
  return made;
}

type Tools = Pick<DecideOptions, "solver" | "ledgers">;

function makeIn(change: Change, answered: Answered, tools: Tools): boolean {
  if (isPaused(change) || setting(change, "left-out-list") !== answered.leftOutList) return false;
  const running = answered.runs.flatMap(({ run }) => findRun(change, run) ?? []);
  const runs = running
    .filter(({ state }) => state === "running")
    .filter((run) => !refusedAsLost(change, run));
  if (runs.some((run) => !countsAsChosen(change, answered, run))) return false;
  for (const alike of inOrder(runs, (run) => policyText(policyFor(change, run))))
    decideOn(change, answered, alike, tools);
  pruneHistory(change);
  return true;
}

/** Whether the run's table counts people with a type 1 opt-out in their record where that is chosen now, and leaves them out where it is not. */
function countsAsChosen(change: Change, { query, library, answer }: Answered, run: Run): boolean {
  const choice = optOutsFor(change, library, query, run);
  const isCounted = optOutsOf(answer, run.referenceDate) === "OPT_OUTS_COUNTED_BY_CHOICE";
  return typeof choice === "string" && isCounted === (choice === "counted");
}

/** Batches of runs in the order of dates: neighbours under the same policy are decided at once. */
function inOrder(runs: readonly Run[], policy: (run: Run) => string): Run[][] {
  const sorted = [...runs].sort((a, b) => (a.referenceDate < b.referenceDate ? -1 : 1));
  const stretches: { readonly policy: string; readonly runs: Run[] }[] = [];
  for (const run of sorted) {
    const own = policy(run);
    const last = stretches.at(-1);
    if (last?.policy === own) last.runs.push(run);
    else stretches.push({ policy: own, runs: [run] });
  }
  return stretches.map((stretch) => stretch.runs);
}

/**
 * The strictest policy of the practice's own and of the groups allowed by now. A group whose floor cannot be combined
 * with the others' gets none of this run.
 */
function policyFor(change: Change, run: Run): Policy {
  const floors: PolicyIntegers[] = [];
  for (const request of requestsOf(change, run.run).filter(({ state }) => state === "ready")) {
    try {
      const own = floorsFor(change, request);
      composedPolicy(change, ...floors, ...own);
      floors.push(...own);
    } catch (error) {
      if (!(error instanceof WireRefusal)) throw error;
      moveRequest(change, request, "refused", { code: error.code, words: error.words });
    }
  }
  return composedPolicy(change, ...floors);
}

function decideOn(change: Change, answered: Answered, runs: readonly Run[], tools: Tools): void {
  const [first] = runs;
  if (!first) return;
  const runAt = (date: string): Run => runs.find((run) => run.referenceDate === date) as Run;
  const corrected = runs
    .filter(({ correction }) => correction > 0)
    .map(({ digest, referenceDate }) => ({ digest: digest.toString("hex"), date: referenceDate }));
  const { tables, refused, entries } = decide(
    askedOf(answered, runs),
    storedHistory(change, () => answered.library),
    policyFor(change, first),
    { ...tools, digests: { library: answered.library.digest.toString("hex") }, corrected },
  );
  for (const decided of tables) release(change, answered, runAt(decided.table.date), decided);
  for (const entry of entries) keepEntry(change, runAt(entry.date).run, entry);
  for (const table of refused) refuse(change, runAt(table.table.date), table);
}

/** The exact tables of the runs, each with its query's disclosure settings. */
function askedOf({ query, answer }: Answered, runs: readonly Run[]): UndecidedTable[] {
  const dates = new Set(runs.map(({ referenceDate }) => referenceDate));
  return askedAs(
    query,
    answer.tables.filter(({ date, digest }) => dates.has(date) && digest === query.digest),
  );
}

/** The exact tables of one query, each with its query's disclosure settings. */
export function askedAs(query: Query, tables: readonly ExactTable[]): UndecidedTable[] {
  const { sensitive, temporal, periods } = query;
  return tables.map((table) => ({ ...table, sensitive, temporal, every: periods.every }));
}

function release(
  change: Change,
  { query, library, answer, leftOutList }: Answered,
  run: Run,
  decided: DecidedTable,
): void {
  const { released, reasons } = decided;
  const optOuts = optOutsOf(answer, run.referenceDate);
  // Whatever becomes bytes was made by disclosure control: a table that only looks like it ends here.
  if (!isReleasedTable(released)) throw new TypeError("not a table that disclosure control has released");
  const bytes = encodeRelease(released.codes());
  const digest = releaseDigest(bytes);
  const position = change.note(practiceLog.released, {
    run: run.run,
    query: run.query,
    version: run.version,
    query_digest: query.digest,
    library_digest: library.digest.toString("hex"),
    date: run.referenceDate,
    correction: run.correction,
    digest: digest.toString("hex"),
    policy: policyText(released.policy),
    record_basis: answer.recordBasis,
    cells: reasons.length,
    opt_outs: optOuts === "OPT_OUTS_LEFT_OUT" ? "left-out" : "counted",
    opt_out_codes: answer.optOutCodes,
    left_out_list: leftOutList,
    certificate: decided.certificate && JSON.stringify(decided.certificate),
    withheld: reasons.filter(({ denominator, numerator }) => denominator !== null || numerator !== null)
      .length,
  });
  const signed = signRelease(
    {
      run: run.run,
      release: bytes,
      queryDigest: run.digest,
      libraryDigest: library.digest,
      referenceDate: run.referenceDate,
      policy: integersOf(released.policy),
      logIndex: position.index,
      logSize: position.size,
      logRoot: position.root,
      recordBasis: answer.recordBasis,
      correction: run.correction,
      optOuts,
    },
    change.key,
  );
  insertRelease(change, run, digest, signed);
  keepReasons(change, run, reasons);
  keepThinMonths(change, run, thinAt(answer, run.referenceDate));
  const state = waitsForLook(change, run) ? "on-hold" : "outbox";
  moveRun(change, run.run, state);
  giveUses(change, { ...run, state });
}

function thinAt({ thin = [] }: Answer, at: string): readonly string[] {
  return thin.find(({ date }) => date === at)?.months ?? [];
}

/** The release's statement on people with a type 1 opt-out in their record, from the very table that it was decided on. */
function optOutsOf({ tables }: Answer, at: string): SignedRelease__Output["optOuts"] {
  const table = tables.find(({ date }) => date === at);
  if (table === undefined) throw new TypeError("a release of a date that was not answered");
  if (table.optOuts === "counted")
    throw new TypeError("an answer for the practice's own screens never leaves");
  return table.optOuts === "left-out" ? "OPT_OUTS_LEFT_OUT" : "OPT_OUTS_COUNTED_BY_CHOICE";
}

/** Stores why cells were withheld, by position: for the practice's own eyes. */
function keepReasons(change: Change, { run, correction }: Run, reasons: DecidedTable["reasons"]): void {
  const insert = change.db.prepare(
    "INSERT INTO withheld (run, correction, cell, part, reason) VALUES (?, ?, ?, ?, ?)",
  );
  reasons.forEach((cell, i) => {
    for (const part of ["denominator", "numerator"] as const) {
      if (cell[part] !== null) insert.run(run, BigInt(correction), BigInt(i), part, cell[part]);
    }
  });
}

const REFUSAL_WORDS: Readonly<Record<RefusedTable["code"], string>> = {
  expired: "a later date of this query version has left already: dates are decided in order",
  "history-gone": "what was released for this date is no longer kept, so nothing can be checked against it",
};

function refuse(change: Change, { run, query, referenceDate }: Run, { code }: RefusedTable): void {
  moveRun(change, run, "refused", { refusal: { code: "date-too-old", words: REFUSAL_WORDS[code] } });
  noteRefusal(change, { run, query, referenceDate }, "date-too-old");
}

/** Refuses a run that ran while it turned out that the keeper came back from a backup. @returns whether it did */
function refusedAsLost(change: Change, run: Run): boolean {
  const refusal = whyLost(change, run.referenceDate);
  if (!refusal) return false;
  moveRun(change, run.run, "refused", { refusal });
  noteRefusal(change, run, refusal.code);
  return true;
}

function policyText({ k, base, midpoint }: { k: number; base: number; midpoint: number }): string {
  return `k=${k} base=${base} midpoint=${midpoint}`;
}
