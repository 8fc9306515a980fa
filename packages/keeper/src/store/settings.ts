import type { Change, Reader } from "./store.js";

/** Names of settings that the practice has set, or enrolment has fixed. */
type SettingName =
  | "author-mode" // yes: a sandbox, never enrolled
  | "invented" // yes: made by a demo, with patients that nobody has; set when the folder is made
  | "paused" // yes: nothing runs, nothing leaves
  | "hold" // yes: each release waits until someone has seen it
  | "floor" // name of the practice's own policy
  | "practice" // what the hub calls it
  | "library-root" // hex: SHA-256 of the root that was pinned last (before signed libraries: the single key that signed)
  | "hub-log-key" // hex: raw Ed25519 key that signs receipts and checkpoints
  | "covers-to" // as last noticed in the records
  | "records-version" // as last noticed
  | "records-identity" // as last noticed: another one is another store
  | "records-lack" // what the records do not say, as last noticed: names of facts with blanks between
  | "left-out-list" // hex: the practice's list of people left out of what leaves, as its log names it; "lost" after a restore
  | "left-out-noticed" // hex: the list that the records hold, as last noticed
  | "codelists-empty" // of each query, those that the records have no event of, as last noticed: JSON, name@version
  | "codelists-noticed" // version of the library whose codelists were looked for
  | "history-from" // dates before this one (ISO) are refused: what was released for them is no longer kept
  | "history-lost-to" // dates up to this one (ISO) are answered only with what was released before: see history/lost.ts
  | "people-lost-to" // up to this date (ISO) the history's sets are by keys of records that are gone
  | "history-lost-by" // fingerprint of the enrolment that found an earlier keeper of this practice
  | "history-missing" // yes: the hub has not been asked yet for everything that it holds
  | "copied-at" // milliseconds since 1970; in a backup only: whoever opens it knows that it is one
  | "groups-accepted" // yes: groups are accepted by name here; what stood before was carried over
  | "refusals-noted" // day (ISO) and how many refused runs its log tells of
  | "last-write" // milliseconds since 1970: shows that a disk that was full can be written again
  | "link" // how the courier last found the link to the hub, and when it said so: see link-state.ts
  | "own-pages" // where the pages were on this machine at the last start that showed them: http://localhost:8650
  | "other-desks" // where pages were opened to other desks at the last start, or why not: see desks.ts
  | "feed" // how the watch for extracts last found them: see feed.ts
  | "records-came" // when records last came that changed anything, as noticed: ISO 8601
  | "comparisons-from" // place in the hub's log from which on no comparison was offered here
  | "witnessed" // origin, size and root (hex) of the hub's log as last countersigned
  | "witness-policy" // of the library in force: a C2SP tlog-policy, "" where it has none
  | "not-witnessed" // the same of the newest checkpoint that does not extend it; "" once that is settled
  | "went-back"; // yes: since then the hub has shown the log that was countersigned again; no: and then one that does not extend it; no or "" after a fork

export function setting(store: Reader, name: SettingName): string | null {
  const row = store.db
    .prepare<[string], { value: string }>("SELECT value FROM setting WHERE name = ?")
    .get(name);
  return row?.value ?? null;
}

export function setSetting(change: Change, name: SettingName, value: string): void {
  change.db
    .prepare(
      "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .run(name, value);
}

export function isPaused(store: Reader): boolean {
  return setting(store, "paused") === "yes";
}

/** Whether the records hold the list of people left out that the practice gave last, as far as was noticed. */
export function hasLeftOutList(store: Reader): boolean {
  return (setting(store, "left-out-list") ?? "") === (setting(store, "left-out-noticed") ?? "");
}

/** Forgets which list was given last, for a keeper from a backup: where there was one, nothing is answered until it is given again. */
export function loseLeftOutList(change: Change): void {
  if (setting(change, "left-out-list") !== null) setSetting(change, "left-out-list", "lost");
}

/** Whether each release waits until someone has seen exactly the numbers that would leave. */
export function holdsReleases(store: Reader): boolean {
  return setting(store, "hold") === "yes";
}

/** Whether enrolment has fixed whom to trust. */
export function isEnrolled(store: Reader): boolean {
  return setting(store, "library-root") !== null;
}

export function hubLogKey(store: Reader): Buffer | null {
  const hex = setting(store, "hub-log-key");
  return hex === null ? null : Buffer.from(hex, "hex");
}
