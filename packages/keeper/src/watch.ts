/** Watches what happens beside the running keeper: commands of the practice, imports, time passing, disks. */
import { practiceLog } from "@cairn/ledger";
import { WireRefusal } from "@cairn/wire";
import { SqliteError } from "@cairn/sqlite";
import type { Codelist, RecordFact } from "@cairn/query-library";
import { emptyCodelists, lackedBy } from "@cairn/records";
import { announceRunsAgain } from "./decisions/standing-decisions.js";
import { setSetting, setting } from "./store/settings.js";
import { losePeople } from "./history/lost.js";
import { reviewRuns } from "./review/review.js";
import type { Change, KeeperStore } from "./store/store.js";
import { type LibraryInForce, libraryReader } from "./trust/library.js";

/** The facts about the records that the keeper itself needs; answering opens them in a process of its own. */
export interface RecordsSummary {
  coversTo(): string | null;
  identity(): string;
  leftOutList(): string | null;
  version(): number;
  formats(): readonly string[];
  holds(fact: RecordFact): boolean;
  withoutEvents(lists: readonly Codelist[]): readonly Codelist[];
}

const TICK_MS = 300;
const REVIEW_EVERY_MS = 60_000; // rules that accept after some days

interface Watched {
  readonly store: KeeperStore;
  /** Opens the records, again after each failure; null where there are none that can be opened. */
  readonly records: () => RecordsSummary | null;
  readonly library: () => LibraryInForce | null;
  readonly say: (words: string) => void;
}

/** Watches. @returns a function that stops it. */
export function watch({ store, records, library, say }: Watched): () => void {
  let foreign = store.foreignChanges;
  let reviewed = 0;
  let said: string | null = null;
  const tick = (): void => {
    try {
      const newest = store.foreignChanges;
      const due = Date.now() - reviewed >= REVIEW_EVERY_MS;
      const arrived = noticeRecords(store, records(), library);
      if (newest !== foreign || due || arrived || store.problem) {
        foreign = newest;
        reviewed = Date.now();
        store.change((change) => review(change, store.problem !== null));
      }
      if (said !== null) say("writing is possible again: going on");
      said = null;
    } catch (error) {
      if (!(error instanceof SqliteError) && !(error instanceof WireRefusal)) throw error; // a disk, or a library that was altered on it
      if (said !== error.message) say(`paused: ${error.message}`);
      said = error.message;
    }
  };
  tick();
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}

/** @param failed whether the change before this one could not be written: only a write shows that the disk takes them again. */
function review(change: Change, failed: boolean): void {
  if (failed) {
    setSetting(change, "last-write", String(change.now()));
    announceRunsAgain(change);
  }
  reviewRuns(change);
}

/**
 * Logs records that arrived or changed, before anything is answered from them; codelists without events are updated
 * with them and with each library. Idempotent.
 */
export function noticeRecords(
  store: KeeperStore,
  records: RecordsSummary | null,
  library: () => LibraryInForce | null = libraryReader(store),
): boolean {
  if (!records) return false;
  const coversTo = records.coversTo() ?? "";
  const version = String(records.version());
  const identity = records.identity();
  const known = setting(store, "records-identity");
  const same =
    (setting(store, "records-version") ?? "0") === version &&
    (setting(store, "covers-to") ?? "") === coversTo &&
    known === identity;
  noticeCodelists(store, records, library(), same);
  noticeLeftOut(store, records);
  if (same) return false;
  const lacking = lackedBy(records); // read before the change: it can take a moment
  store.change((change) => {
    const isOlder = records.version() < Number(setting(change, "records-version") ?? "0");
    if (isOlder || (known !== null && known !== identity)) losePeople(change);
    setSetting(change, "records-identity", identity);
    setSetting(change, "records-lack", lacking.join(" "));
    setSetting(change, "covers-to", coversTo);
    setSetting(change, "records-version", version);
    setSetting(change, "records-came", new Date(change.now()).toISOString());
    change.note(practiceLog.recordsChanged, { covers_to: coversTo, version });
    reviewRuns(change);
  });
  return true;
}

/** Nothing is answered while the records hold another list of people left out than the practice gave last. */
function noticeLeftOut(store: KeeperStore, records: RecordsSummary): void {
  const list = records.leftOutList() ?? "";
  if (list === (setting(store, "left-out-noticed") ?? "")) return;
  store.change((change) => {
    setSetting(change, "left-out-noticed", list);
    reviewRuns(change);
  });
}

function noticeCodelists(
  store: KeeperStore,
  records: RecordsSummary,
  library: LibraryInForce | null,
  sameRecords: boolean,
): void {
  if (!library || (sameRecords && setting(store, "codelists-noticed") === library.version)) return;
  const lists = library.queries.flatMap(({ codelists }) => Object.values(codelists));
  const empty = emptyCodelists(records, new Map(lists.map((list) => [list.digest, list])).values());
  const byQuery = library.queries.map(({ query, version, codelists }) => [
    `${query}@${version}`,
    Object.values(codelists)
      .map((list) => `${list.name}@${list.version}`)
      .filter((list) => empty.includes(list)),
  ]);
  store.change((change) => {
    setSetting(change, "codelists-empty", JSON.stringify(Object.fromEntries(byQuery)));
    setSetting(change, "codelists-noticed", library.version);
  });
}
