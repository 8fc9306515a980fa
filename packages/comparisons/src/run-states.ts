/**
 * A run at the hub: one query version, one practice, one reference date.
 *
 *   not-due -> offered -> claimed -> released -> withdrawn (-> offered, once, where the practice allows a correction)
 *                 |  ^       |
 *                 v  |       +-> declined | refused | quarantined
 *   waiting-for-records, -approval, -witness
 *
 * The practice decides: what it reports later replaces what it reported before, and a release that bears
 * its signature is taken from every state. Nothing but its own withdrawal follows a release, and that bears
 * the practice's signature too: see withdraw.ts.
 */
import type { AgentRunState } from "@cairn/wire";

export const RUN_STATES = [
  "not-due", // the practice's own moment within the spread has not come
  "offered", // handed to the agent in a poll, or ready to be
  "waiting-for-records", // the records do not cover the date and the settle time yet
  "waiting-for-approval", // someone at the practice has to accept the query, or look at the numbers
  "waiting-for-witness", // the library's publication is not proved there under the witnesses' quorum yet
  "claimed", // leased to the agent, which answers it now
  "released", // the bytes are here and counted
  "withdrawn", // released, then withdrawn by the practice
  "declined", // the practice said no; no reason is given or needed
  "refused", // the keeper would break a promise by answering; the code says which
  "quarantined", // crashed twice while running
  "expired", // no longer asked: a later period has taken its place
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** The states of one group's request for a run: see requests.ts. */
export type RequestState =
  | "asked" // the practice has not spoken of this group yet
  | "waiting-for-approval" // someone there has to accept the group, or the query for it
  | "ready" // the group may have the release: where that is says the run
  | "declined"
  | "refused"
  | "withdrawn" // the practice took the group's use back
  | "expired" // no longer asked: a later period has taken its place
  | "left"; // no longer asked: the practice is in the group no more

/** States in which the practice may still answer: the agent is told of these. */
export const OPEN_STATES = [
  "offered",
  "waiting-for-records",
  "waiting-for-approval",
  "waiting-for-witness",
  "claimed",
] as const satisfies readonly RunState[];

/** States after which no more is expected; a collection closes when all of its runs are in one. */
export const SETTLED_STATES = [
  "released",
  "withdrawn",
  "declined",
  "refused",
  "quarantined",
  "expired",
] as const satisfies readonly RunState[];

const CLAIMABLE: ReadonlySet<RunState> = new Set(OPEN_STATES);

export function mayClaim(state: RunState): boolean {
  return CLAIMABLE.has(state);
}

type AgentReport = keyof typeof AgentRunState;

/**
 * The state after an agent's report. Idempotent: a report received twice changes nothing the second time.
 * @returns the same state where the report adds nothing, or cannot be true: no mere report follows a release.
 */
export function afterReport(state: RunState, report: AgentReport, refusal: string | null): RunState {
  if (state === "released" || state === "withdrawn") return state;
  switch (report) {
    case "AGENT_RUN_STATE_WAITING_FOR_APPROVAL":
      return refusal === "waiting-for-witness" ? refusal : "waiting-for-approval";
    case "AGENT_RUN_STATE_ON_HOLD":
      return "waiting-for-approval";
    case "AGENT_RUN_STATE_WAITING_FOR_RECORDS":
      return "waiting-for-records";
    case "AGENT_RUN_STATE_READY":
      return state === "claimed" || state === "expired" ? state : "offered";
    case "AGENT_RUN_STATE_DECLINED":
      return "declined";
    case "AGENT_RUN_STATE_REFUSED":
      return refusal === "date-too-old" ? "expired" : "refused";
    case "AGENT_RUN_STATE_QUARANTINED":
      return "quarantined";
    case "AGENT_RUN_STATE_UNKNOWN":
    case "AGENT_RUN_STATE_RUNNING": // the lease says so already
    case "AGENT_RUN_STATE_OUTBOX": // the bytes say it better, and are on their way
    case "AGENT_RUN_STATE_ACKNOWLEDGED":
    case "AGENT_RUN_STATE_WITHDRAWN": // says nothing without the practice's signature
      return state;
  }
}

const OPEN_AT_THE_PRACTICE: ReadonlySet<AgentReport> = new Set([
  "AGENT_RUN_STATE_WAITING_FOR_APPROVAL",
  "AGENT_RUN_STATE_WAITING_FOR_RECORDS",
  "AGENT_RUN_STATE_READY",
  "AGENT_RUN_STATE_RUNNING",
  "AGENT_RUN_STATE_ON_HOLD",
  "AGENT_RUN_STATE_DECLINED",
  "AGENT_RUN_STATE_REFUSED",
]);

/** Whether the practice reports as if it had not released what is here: its keeper then came back from a backup. */
export function hasForgotten(state: RunState, report: AgentReport): boolean {
  return (state === "released" || state === "withdrawn") && OPEN_AT_THE_PRACTICE.has(report);
}
