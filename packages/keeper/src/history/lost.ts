/**
 * Lost history: a keeper that came back from a backup, or was made anew, does not know all that left before. Dates up
 * to the day on which that was noticed are answered only with bytes that bear its own signature, restored by the hub:
 * the guard could check nothing else against a history that has a hole.
 */
import { practiceLog } from "@cairn/ledger";
import type { RefusalCode } from "@cairn/wire";
import { setSetting, setting } from "../store/settings.js";
import type { Change, Reader } from "../store/store.js";

export interface Refusal {
  readonly code: RefusalCode;
  readonly words: string;
}

/** @returns why a date is no longer answered from records, or null. @param date ISO */
export function whyLost(store: Reader, date: string): Refusal | null {
  const to = setting(store, "history-lost-to");
  if (to === null || date > to) return null;
  return {
    code: "history-lost",
    words: `what left this practice for dates up to ${to} is not all known here any more, so no new number is made for ${date}`,
  };
}

/**
 * The record store was made anew, or an older copy of it put back: its keys stand for other people than the sets in
 * the history, which nothing at their dates can be held against any more.
 */
export function losePeople(change: Change): void {
  const newest = change.db
    .prepare<[], { date: string | null }>("SELECT max(reference_date) AS date FROM release_history")
    .get()?.date;
  if (!newest) return;
  setSetting(change, "people-lost-to", newest);
  if (newest > (setting(change, "history-lost-to") ?? "")) setSetting(change, "history-lost-to", newest);
  change.note(practiceLog.recordsReplaced, { lost_to: newest });
}

/** From now on dates up to today are not answered from records. */
export function loseHistory(change: Change): string {
  setSetting(change, "history-lost-to", change.today);
  return change.today;
}
