/** The feed of extracts as `cairn agent watch` last left it, and in words: what came, what is late, what stands in the way. */
import { longDate, minute } from "@cairn/text";
import { setSetting, setting } from "./store/settings.js";
import type { KeeperStore, Reader } from "./store/store.js";

export interface Feed {
  readonly folder: string;
  readonly format: string;
  readonly lookedAt: string; // ISO 8601: when the watch last looked
  /** The extract that was taken last, by whomever; null before the first. */
  readonly taken: { readonly at: string; readonly moment: string | null } | null;
  /** Why the next one is not taken yet, where nobody has to do anything. */
  readonly waits: string | null;
  /** Why nothing is taken until somebody does something, or a later pass succeeds. */
  readonly problem: { readonly since: string; readonly words: string } | null;
}

/** The feed; null where no watch has looked. */
export function feedOf(store: Reader): Feed | null {
  return JSON.parse(setting(store, "feed") ?? "null") as Feed | null;
}

/** Minutes for which nothing but the time of the look is not written anew. */
const SAME_FOR_MS = 600_000;

/** Keeps how a pass left it. */
export function keepFeed(store: KeeperStore, feed: Feed): void {
  const before = feedOf(store);
  const since = before?.problem?.words === feed.problem?.words ? before?.problem?.since : undefined;
  const kept =
    feed.problem === null
      ? feed
      : { ...feed, problem: { ...feed.problem, since: since ?? feed.problem.since } };
  const alike = JSON.stringify({ ...kept, lookedAt: before?.lookedAt }) === JSON.stringify(before);
  const age = Date.parse(kept.lookedAt) - Date.parse(before?.lookedAt ?? "");
  if (alike && age >= 0 && age < SAME_FOR_MS) return;
  store.unheard((change) => setSetting(change, "feed", JSON.stringify(kept)));
}

/** Ends the feed: nothing more is expected of it. @returns the folder that was watched; null where none was */
export function endFeed(store: KeeperStore): string | null {
  const feed = feedOf(store);
  if (feed !== null) store.unheard((change) => setSetting(change, "feed", "null"));
  return feed?.folder ?? null;
}

const HOUR_MS = 3_600_000;
/** After this long without an extract a nightly feed is late, */
const LATE_MS = 48 * HOUR_MS;
/** and after this long without a look the watch does not run. */
const SILENT_MS = 6 * HOUR_MS;

/** The things that somebody has to look at, each a line without a full stop; empty where all is well. @param now milliseconds since 1970 */
export function feedProblems(feed: Feed, now: number): string[] {
  const { folder, format, lookedAt, taken, problem } = feed;
  return [
    ...(problem === null ? [] : [`Extracts are not taken, since ${minute(problem.since)}: ${problem.words}`]),
    ...(now - Date.parse(lookedAt) > SILENT_MS
      ? [
          `Nobody has looked for extracts in ${folder} since ${minute(lookedAt)}: see whether cairn agent watch runs (its unit is cairn-watch.timer), or end it: cairn agent watch ${folder} --format ${format} --end`,
        ]
      : []),
    ...(taken !== null && now - Date.parse(taken.at) > LATE_MS
      ? [
          `Extracts are late: nothing has come since ${minute(taken.at)}, and one is due each night; see whether the export still runs, and where it writes`,
        ]
      : []),
  ];
}

/** How the feed stands, each a line without a full stop. @param now milliseconds since 1970 */
export function feedLines(feed: Feed | null, now: number): string[] {
  if (feed === null) return [];
  const { folder, format, taken, waits } = feed;
  const last =
    taken === null
      ? "none was taken yet"
      : `the last, ${taken.moment === null ? "of a day that nobody said" : `of ${momentWords(taken.moment)}`}, was taken at ${minute(taken.at)}`;
  return [
    `Extracts (${format}) are taken from ${folder}; ${last}`,
    ...(waits === null ? [] : [`Waiting: ${waits}`]),
    ...feedProblems(feed, now),
  ];
}

/** "30 November 2026", "30 November 2026 at 02:15" */
function momentWords(moment: string): string {
  const [day = "", time] = moment.split("T");
  return time === undefined ? longDate(day) : `${longDate(day)} at ${time.slice(0, 5)}`;
}
