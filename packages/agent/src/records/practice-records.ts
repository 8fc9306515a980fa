/** The practice's records for a question on this screen. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CairnError } from "@cairn/errors";
import {
  askedAs,
  decider,
  hadRecords,
  keeperFolder,
  keeperStatus,
  KeeperStore,
  keyFile,
  loadSolver,
  logOwnNumbersView,
  logWorklistView,
  mayAsk,
  libraryReader,
  optOutsOfPreview,
  previewReleases,
  signedQuery,
} from "@cairn/keeper";
import { openRecords, type Records } from "@cairn/records";
import { recordsFile } from "@cairn/records/file";
import {
  composePolicies,
  decide,
  type Decision,
  memoryHistory,
  type Policy,
  policyNamed,
} from "@cairn/disclosure";
import type { ExactTable } from "@cairn/tables";
import type { Query } from "@cairn/query-library";

/** There are no records to ask. */
class NoRecordsError extends CairnError<"no-records"> {
  readonly kind = "unavailable";
}

/** Hands `use` the records in the agent's folder. Throws NoRecordsError where none were imported. */
export async function withRecords<T>(data: string, use: (records: Records) => T | Promise<T>): Promise<T> {
  const folder = keeperFolder(data);
  const madeBefore = hadRecords(folder);
  if (!madeBefore && !existsSync(recordsFile(folder))) throw none(data);
  const records = openRecords(folder, { madeBefore });
  try {
    if (records.version() === 0) throw none(data);
    return await use(records);
  } finally {
    records.close();
  }
}

/** The query that is meant by its name, as the signed library in force at the practice holds it; null where it does not. */
export function queryInForce(data: string, meant: string): Query | null {
  const folder = keeperFolder(data);
  if (!existsSync(keyFile(folder))) return null;
  const store = KeeperStore.open(folder);
  try {
    return signedQuery(store, meant);
  } finally {
    store.close();
  }
}

/** The query is not in the signed library of the practice whose folder this is. */
class NotSignedError extends CairnError<"not-signed"> {
  readonly kind = "refused";
}

/** H3: an enrolled practice asks only signed queries. Throws NotSignedError; tells `note` where that is not so yet. */
export function assertMayAsk(data: string, query: Query, note: (words: string) => void): void {
  const folder = keeperFolder(data);
  if (!existsSync(keyFile(folder))) return;
  const store = KeeperStore.open(folder);
  try {
    const answer = mayAsk(store, query);
    if (!answer.may) throw new NotSignedError("not-signed", answer.words);
    if (answer.because === "not-enrolled")
      note(
        `${data} is not enrolled yet: any query that checks runs here, and once it is, only signed ones do.`,
      );
  } finally {
    store.close();
  }
}

/**
 * Tells the practice's log, where there is one, that somebody looks at names.
 * @param as what they call themselves; the system's user where absent
 */
export function logLook(data: string, query: Query, dates: readonly string[], as?: string): void {
  inLog(data, (store) => logWorklistView(store, query, dates, decider(store, as, "open-worklist")));
}

/**
 * Tells the practice's log, where there is one, that somebody looks at a query's exact counts, or at what would leave.
 * @param as what they call themselves; the system's user where absent
 */
export function logNumbersLook(
  data: string,
  query: Query,
  action: "see-own-numbers" | "see-releases",
  as?: string,
): void {
  inLog(data, (store) => logOwnNumbersView(store, query, decider(store, as, action)));
}

function inLog(data: string, note: (store: KeeperStore) => void): void {
  const folder = keeperFolder(data);
  if (!existsSync(keyFile(folder))) return;
  const store = KeeperStore.open(folder);
  try {
    note(store);
  } finally {
    store.close();
  }
}

function none(data: string): NoRecordsError {
  return new NoRecordsError("no-records", `${data}: no records there; take some in with cairn agent import`);
}

/** Words to go with every result where registrations are derived; null where they are recorded. */
export function basisWords(records: Records): string | null {
  switch (records.recordBasis()) {
    case "birth":
      return "These records carry no registrations: people count as registered from their birth.";
    case "first-record":
      return "These records carry no registrations: people count as registered from their first record.";
    default:
      return null;
  }
}

/** Words to go with dates that the records do not reach; null where they reach all of them. */
export function completeWords(records: Records, dates: readonly string[]): string | null {
  const complete = records.coversTo();
  const after = dates.filter((date) => complete === null || date > complete);
  if (after.length === 0) return null;
  return complete === null
    ? "Nobody said to which day these records are complete: a hub's question waits for cairn agent import --complete-to."
    : `These records are complete to ${complete}: what came later is missing at ${after.join(", ")}, and a hub's question would wait.`;
}

/** A preview of a release, and the history beside which it was decided. */
export interface ReleasePreview {
  readonly policy: Policy;
  readonly decision: Decision;
  /**
   * Whether it was decided beside everything this practice released, or as the first release of a practice that is
   * not there.
   */
  readonly beside: "history" | "nothing";
}

/**
 * Decides what of `tables` would leave, under the group's policy `asked` with the practice's own floor, and beside
 * its release history: nothing is written.
 */
export async function previewed(
  data: string,
  query: Query,
  tables: readonly ExactTable[],
  asked: string,
): Promise<ReleasePreview> {
  const group = policyNamed(asked);
  const solver = await loadSolver();
  const folder = keeperFolder(data);
  if (!existsSync(join(folder, "keeper.db"))) {
    const decision = decide(askedAs(query, tables), memoryHistory(), group, { solver });
    return { policy: group, decision, beside: "nothing" };
  }
  const store = KeeperStore.open(folder);
  try {
    const policy = composePolicies(group, policyNamed(keeperStatus(store).floor));
    return { policy, decision: previewReleases(store, query, tables, policy, solver), beside: "history" };
  } finally {
    store.close();
  }
}

/** Dates as what left for them would be made, and those for which nothing would be. */
export interface PreviewDates {
  readonly made: readonly { readonly date: string; readonly optOuts: "left-out" | "counted" }[];
  readonly refused: readonly { readonly date: string; readonly code: string; readonly words: string }[];
}

/** Whether a preview counts people with a type 1 opt-out in their record at each of the dates: left out where no agent is there. */
export function optOutsOfPreviews(data: string, query: Query, dates: readonly string[]): PreviewDates {
  const folder = keeperFolder(data);
  if (!existsSync(join(folder, "keeper.db")))
    return { made: dates.map((date) => ({ date, optOuts: "left-out" })), refused: [] };
  const store = KeeperStore.open(folder);
  try {
    const library = libraryReader(store)();
    const all = dates.map((date) => ({ date, found: optOutsOfPreview(store, library, query, date) }));
    return {
      made: all.flatMap(({ date, found }) => (typeof found === "string" ? { date, optOuts: found } : [])),
      refused: all.flatMap(({ date, found }) => (typeof found === "string" ? [] : { date, ...found })),
    };
  } finally {
    store.close();
  }
}
