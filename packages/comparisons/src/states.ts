import { isOffline } from "./offline.js";

import type { RunState } from "./run-states.js";

/** Reasons for which a release that is here is not counted, whatever its run's state is. */
export type Alarm =
  | "bad-signature" // these bytes, or the group's use of them, do not bear the practice's signature: something changed them here
  | "release-malformed" // the practice signed it, and it cannot be: taken by a hub that did not look yet
  | "floor-not-met"
  | "opt-outs-counted"; // the practice signed it for the group, and its charter leaves out who is counted

/**
 * Reasons for which a practice's numbers are or are not there, for one query and date. Each is distinct everywhere.
 */
export const COMPARISON_STATES = [
  "released",
  "withdrawn",
  "declined",
  "refused",
  "quarantined",
  "expired",
  "left",
  "offline",
  "waiting-for-records",
  "waiting-for-approval",
  "waiting-for-witness",
  "not-due",
  "not-asked",
  "pending",
] as const;
export type ComparisonState = (typeof COMPARISON_STATES)[number];

/** The states in words, for one practice alone. */
export const STATE_WORDS: Readonly<Record<ComparisonState, string>> = {
  released: "has released",
  withdrawn: "withdrew its numbers",
  declined: "declined",
  refused: "could not answer without breaking a promise to its patients",
  quarantined: "could not finish the calculation",
  expired: "is no longer asked for this date",
  left: "has left the group",
  offline: "is offline",
  "waiting-for-records": "waits for its records to be complete",
  "waiting-for-approval": "is deciding",
  "waiting-for-witness": "waits for the library to be countersigned",
  "not-due": "is not due yet",
  "not-asked": "was not asked for this date",
  pending: "is working on it",
};

/** The alarms in words, for a release that is here and that this hub does not count. */
export const ALARM_WORDS: Readonly<Record<Alarm, string>> = {
  "bad-signature": "has numbers here that do not bear its signature: they were changed, and are not counted",
  "release-malformed": "sent numbers that cannot be, which are not counted",
  "floor-not-met": "sent numbers under a weaker floor than this group's, which are not counted",
  "opt-outs-counted":
    "sent numbers with people with a type 1 opt-out in their record, whom this group's charter leaves out; they are not counted",
};

/**
 * The comparison state of a run's state. A practice that has settled stays settled when it goes offline; one that is
 * still asked and has not been heard of is offline.
 * @param heardAt when its agent last polled, or null. Milliseconds, as `now` and `offlineAfter`.
 */
export function comparisonState(
  state: RunState | "left",
  heardAt: number | null,
  now: number,
  offlineAfter: number,
): ComparisonState {
  switch (state) {
    case "released":
    case "withdrawn":
    case "declined":
    case "refused":
    case "quarantined":
    case "expired":
    case "left":
    case "not-due":
      return state;
    case "offered":
    case "claimed":
    case "waiting-for-records":
    case "waiting-for-approval":
    case "waiting-for-witness":
      if (isOffline(heardAt, now, offlineAfter)) return "offline";
      return state === "offered" || state === "claimed" ? "pending" : state;
  }
}
