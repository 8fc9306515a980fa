/** Notices what happens beside the running keeper: commands of the practice, imports, time passing, disks. */
import { SqliteError } from "@cairn/sqlite";
import type { RecordFact } from "@cairn/query-library";
import { lackedBy } from "./records/carries.js";
import { askAgain } from "./practice/say.js";
import { setSetting, setting } from "./practice/settings.js";
import { losePeople } from "./releases/lost.js";
import { reviewRuns } from "./runs/review.js";
import type { KeeperStore } from "./store/store.js";

/** What the keeper itself needs to know of the records; answering opens them in a process of its own. */
export interface RecordsFace {
  coversTo(): string | null;
  identity(): string;
  version(): number;
  formats(): readonly string[];
  holds(fact: RecordFact): boolean;
}

const TICK_MS = 300;
const REVIEW_EVERY_MS = 60_000; // rules that accept after some days

interface Watched {
  readonly store: KeeperStore;
  /** Opened again at each failure; null where there are none that can be opened. */
  readonly records: () => RecordsFace | null;
  readonly say: (words: string) => void;
}

/** @returns how to stop watching. */
export function watch({ store, records, say }: Watched): () => void {
  let foreign = store.foreignChanges;
  let reviewed = 0;
  let said: string | null = null;
  const tick = (): void => {
    try {
      const newest = store.foreignChanges;
      const due = Date.now() - reviewed >= REVIEW_EVERY_MS;
      const arrived = noticeRecords(store, records());
      if (newest !== foreign || due || arrived || store.problem) {
        foreign = newest;
        reviewed = Date.now();
        store.change("review", () => review(store));
      }
      if (said !== null) say("writing is possible again: going on");
      said = null;
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error;
      if (said !== error.message) say(`paused: ${error.message}`);
      said = error.message;
    }
  };
  tick();
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}

function review(store: KeeperStore): void {
  // After a disk that said no, only a write shows that it says yes again.
  if (store.problem) {
    setSetting(store, "last-write", String(store.now()));
    askAgain(store);
  }
  reviewRuns(store);
}

/** Records that arrived or changed are in the log before anything is answered from them. Idempotent. */
export function noticeRecords(store: KeeperStore, records: RecordsFace | null): boolean {
  if (!records) return false;
  const coversTo = records.coversTo() ?? "";
  const version = String(records.version());
  const identity = records.identity();
  const known = setting(store, "records-identity");
  if (
    (setting(store, "records-version") ?? "0") === version &&
    (setting(store, "covers-to") ?? "") === coversTo &&
    known === identity
  ) {
    return false;
  }
  const lacking = lackedBy(records); // read before the change: it can take a moment
  store.change("review", () => {
    const isOlder = records.version() < Number(setting(store, "records-version") ?? "0");
    if (isOlder || (known !== null && known !== identity)) losePeople(store);
    setSetting(store, "records-identity", identity);
    setSetting(store, "records-lack", lacking.join(" "));
    setSetting(store, "covers-to", coversTo);
    setSetting(store, "records-version", version);
    store.note("records-changed", { coversTo, version });
    reviewRuns(store);
  });
  return true;
}
