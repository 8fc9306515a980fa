/**
 * A run at the practice: one query version for one reference date, for every group that asks for it. It goes its way
 * while at least one of their requests (requests.ts) is ready; what the practice declines meanwhile goes no further.
 *
 *                        +--------------------------+
 *                        v                          | called off, or first death
 *   waiting-for-approval <-> waiting-for-records <-> ready -> running -> (on-hold) -> outbox -> acknowledged
 *            |    ^                  ^                  |        |           |           |
 *            v    |                  v                  |        v           |           |
 *           declined   waiting-for-library, -witness    |    quarantined     |           |
 *              ^------------------------------------------------------------------------+
 *
 *   quarantined -> waiting-for-approval, where a person says so
 *
 *   refused: from every state before `running`, where answering would break a promise
 *   withdrawn: from outbox and acknowledged. Once, the practice may allow a corrected run: waiting-for-approval again
 *
 * Each arrow is a row before it is a message, and taking it twice changes nothing.
 */
import type { AgentRunState } from "@cairn/wire";

export const RUN_STATES = [
  "waiting-for-approval", // someone at the practice has to accept the group, or the query version for it
  "waiting-for-witness", // every group that may have it asks for witnesses, and the library's publication is not proved yet
  "waiting-for-library", // the library has expired, and the days for which what was accepted goes on are over
  "waiting-for-records", // the records do not cover the reference date and the settle time yet
  "waiting-for-left-out-list", // the records lack the list of people left out that the practice gave last
  "ready", // accepted and covered; runs once the courier holds a lease
  "running", // recorded as executing before it starts
  "on-hold", // decided and signed; the practice wants a look before it leaves
  "outbox", // final, in the log, to be sent
  "acknowledged", // the hub's receipt is in the log
  "withdrawn", // released, then withdrawn by the practice
  "declined", // the practice said no to every group that asks; no reason is given or needed
  "refused", // a promise would not hold; the code says which
  "quarantined", // crashed twice while running; a person may try it again
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States before running of a run that a group may have: they follow from library and records alone. */
type PreRunState = Extract<
  RunState,
  "waiting-for-library" | "waiting-for-records" | "waiting-for-left-out-list" | "ready"
>;

const ON_THE_WIRE: Readonly<Record<RunState, keyof typeof AgentRunState>> = {
  "waiting-for-approval": "AGENT_RUN_STATE_WAITING_FOR_APPROVAL",
  "waiting-for-witness": "AGENT_RUN_STATE_WAITING_FOR_APPROVAL", // the refusal beside it says so
  "waiting-for-library": "AGENT_RUN_STATE_WAITING_FOR_APPROVAL", // somebody has to sign a newer one
  "waiting-for-records": "AGENT_RUN_STATE_WAITING_FOR_RECORDS",
  "waiting-for-left-out-list": "AGENT_RUN_STATE_WAITING_FOR_RECORDS",
  ready: "AGENT_RUN_STATE_READY",
  running: "AGENT_RUN_STATE_RUNNING",
  "on-hold": "AGENT_RUN_STATE_ON_HOLD",
  outbox: "AGENT_RUN_STATE_OUTBOX",
  acknowledged: "AGENT_RUN_STATE_ACKNOWLEDGED",
  withdrawn: "AGENT_RUN_STATE_WITHDRAWN",
  declined: "AGENT_RUN_STATE_DECLINED",
  refused: "AGENT_RUN_STATE_REFUSED",
  quarantined: "AGENT_RUN_STATE_QUARANTINED",
};

export function onTheWire(state: RunState): keyof typeof AgentRunState {
  return ON_THE_WIRE[state];
}

/** Days after a reference date in which late records arrive. */
export const SETTLE_DAYS = 14;

/**
 * The state before running of a run that a group may have.
 * @param coversTo last day for which the records are complete (ISO), null before the first import.
 * @param today ISO: an extract that says it is complete to a day to come does not bring that day nearer, and a keeper
 * that came back from a backup answers no date up to its day, which is then every date that it can have answered.
 */
export function stateBeforeRunning(about: {
  readonly libraryStops: boolean;
  readonly coversTo: string | null;
  readonly hasLeftOutList: boolean;
  readonly today: string;
  readonly referenceDate: string;
}): PreRunState {
  if (about.libraryStops) return "waiting-for-library";
  if (!about.hasLeftOutList) return "waiting-for-left-out-list";
  const settled = settledOn(about.referenceDate);
  const covered = about.coversTo !== null && about.coversTo >= settled;
  return covered && about.today >= settled ? "ready" : "waiting-for-records";
}

/** The day that records have to cover before a run for this reference date is answered (ISO). */
export function settledOn(referenceDate: string): string {
  const day = Date.parse(`${referenceDate}T00:00:00Z`) + SETTLE_DAYS * 86_400_000;
  return new Date(day).toISOString().slice(0, 10);
}
