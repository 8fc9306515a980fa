/** The guard: exact tables and what was released before go in, tables that may leave come out. Pure. */
import { DateLedger } from "./date-ledger.js";
import { certificateOf, type Certificate, type Digests } from "./certificate.js";
import { entryOf, familyOf } from "./family.js";
import { g0 } from "./g0-cells.js";
import { LP_BUDGET, type Budget } from "./bounds.js";
import { g3 } from "./g3-bounds.js";
import { g4Marks } from "./g4-marks.js";
import { carry, madeBefore, tooLate } from "./g4-time.js";
import { g5 } from "./g5-sticky.js";
import { ALL_GUARDS, type Guards } from "./guards.js";
import { memoryHistory, type History, type HistoryEntry, type MemoryHistory } from "./history.js";
import type { KeptLedgers } from "./kept-ledgers.js";
import type { LpSolver } from "./linear-program.js";
import type { Policy } from "./policy.js";
import { publish, recordRelease } from "./publish.js";
import { releasedFrom, type CellReasons, type ReleasedTable } from "./released.js";
import type { UndecidedTable } from "./table.js";

export interface DecidedTable {
  readonly table: UndecidedTable;
  readonly released: ReleasedTable;
  /** The true reasons by cell position, for the practice alone. */
  readonly reasons: readonly CellReasons[];
  /** Whether this is an earlier release, handed out again as it was, without a new entry or certificate. */
  readonly again: boolean;
  readonly certificate: Certificate | null;
}

export interface RefusedTable {
  readonly table: UndecidedTable;
  /** `expired`: a later date of this query version has left. `history-gone`: older than the kept history. */
  readonly code: "expired" | "history-gone";
}

export interface Decision {
  /** In the order in which they were decided: oldest date first. */
  readonly tables: readonly DecidedTable[];
  readonly refused: readonly RefusedTable[];
  /** To be added to the history, in this order, before anything leaves. */
  readonly entries: readonly HistoryEntry[];
}

export interface DecideOptions {
  /** `highs`, loaded. Without it G3 withholds whatever it cannot clear by itself. */
  readonly solver?: LpSolver;
  /** Linear programs that the whole batch may take; default `LP_BUDGET`. */
  readonly programs?: number;
  /** Runs that the practice withdrew and allows once more: decided anew, beside what was withdrawn. */
  readonly corrected?: readonly { readonly digest: string; readonly date: string }[];
  /** Ledgers kept of earlier batches, for a caller that says when this one is in the history to stay. */
  readonly ledgers?: KeptLedgers;
  /** Digests for the certificates. */
  readonly digests?: Digests;
}

/**
 * Decides a batch: one or several queries, any number of dates, oldest date first; within a date in the order
 * given. Same history, same tables, same policy: same decision.
 * @throws DisclosureError where a table's counts and sets do not agree.
 */
export function decide(
  batch: readonly UndecidedTable[],
  history: History,
  policy: Policy,
  options: DecideOptions = {},
): Decision {
  return decideWith(ALL_GUARDS, batch, history, policy, options);
}

/** `decide` with some guards left out, for the attacks that show why each is needed. Not exported by the package. */
export function decideWith(
  guards: Guards,
  batch: readonly UndecidedTable[],
  history: History,
  policy: Policy,
  options: DecideOptions = {},
): Decision {
  const memory = memoryHistory([], history);
  const context: BatchContext = {
    guards,
    history: memory,
    policy,
    options,
    budget: { programs: options.programs ?? LP_BUDGET },
  };
  const tables: DecidedTable[] = [];
  const refused: RefusedTable[] = [];
  const entries: HistoryEntry[] = [];
  let ledger = new DateLedger("", [], policy);
  for (const asked of oldestFirst(batch)) {
    const isCorrected = options.corrected?.some(
      (run) => run.digest === asked.digest && run.date === asked.date,
    );
    const known = guards.g4 && !isCorrected ? earlierDecision(asked, memory) : null;
    if (known && "code" in known) refused.push(known);
    else if (known) tables.push(known);
    else {
      if (ledger.date !== asked.date) {
        ledger =
          options.ledgers?.take(asked.date, history, policy) ??
          new DateLedger(asked.date, memory.at(asked.date), policy);
        options.ledgers?.use(ledger, policy);
      }
      const { entry, certificate } = decideTable(asked, ledger, context);
      memory.append([entry]);
      entries.push(entry);
      tables.push({ table: asked, ...releasedFrom(entry), again: false, certificate });
    }
  }
  return { tables, refused, entries };
}

interface BatchContext {
  readonly guards: Guards;
  readonly history: MemoryHistory;
  readonly policy: Policy;
  readonly options: DecideOptions;
  readonly budget: Budget;
}

function oldestFirst(batch: readonly UndecidedTable[]): UndecidedTable[] {
  return [...batch].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/**
 * The answer where nothing has to be decided: a release made before, or a date that can no longer be answered; else
 * null.
 */
function earlierDecision(asked: UndecidedTable, history: History): DecidedTable | RefusedTable | null {
  const made = madeBefore(history, asked.digest, asked.date);
  if (made) return { table: asked, ...releasedFrom(made), again: true, certificate: null };
  const code = tooLate(history, asked.digest, asked.date);
  return code && { table: asked, code };
}

function decideTable(
  asked: UndecidedTable,
  ledger: DateLedger,
  context: BatchContext,
): { entry: HistoryEntry; certificate: Certificate } {
  const { guards, history, policy, options, budget } = context;
  const strict = guards.g4 && (asked.temporal === "strict" || policy.temporal === "strict");
  const family = familyOf(asked, strict);
  const rests = strict ? carry(family, history, policy) : [];
  if (guards.g0) g0(family, policy);
  if (guards.g5) g5(family, history);
  const published = publish(family, ledger, policy, guards, rests);
  const bounded = guards.g3 ? g3(family, published, policy, options.solver ?? null, budget) : 0;
  if (guards.g3) g4Marks(family, published, policy, options.solver ?? null, budget);
  const entry = entryOf(family, policy);
  recordRelease(family, entry, ledger, policy);
  const certificate = certificateOf(asked, policy, { published, bounded, ledger }, options.digests ?? {});
  return { entry, certificate };
}
