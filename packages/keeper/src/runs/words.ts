/** States of runs in words, for the practice's page and the command line. */
import type { Run } from "./run.js";
import { settledOn, type RunState } from "./states.js";

const WORDS: Readonly<Record<RunState, string>> = {
  "waiting-for-approval": "waiting for someone here to accept or decline it",
  "waiting-for-witness":
    "waiting until witnesses have countersigned the hub's log with its library (waiting-for-witness)",
  "waiting-for-library": "waiting for a library that has not expired (library-expired)",
  "waiting-for-records": "waiting for records",
  "waiting-for-left-out-list": "waiting for the list of people to leave out, which the records lack",
  ready: "ready to be answered",
  running: "being answered",
  "on-hold": "on hold: waits until someone here has seen its numbers",
  outbox: "decided, on its way to the hub",
  acknowledged: "released, and the hub has confirmed it",
  withdrawn: "withdrawn",
  declined: "declined",
  refused: "refused",
  quarantined: "quarantined: it crashed twice; cairn agent retry tries it again",
};

/** A run's state in words, with the day that it waits for and the reason of a refusal. */
export function stateWords(run: Pick<Run, "state" | "referenceDate" | "refusal">): string {
  const until =
    run.state === "waiting-for-records" ? ` to be complete to ${settledOn(run.referenceDate)}` : "";
  const why = run.refusal ? ` (${run.refusal.words})` : "";
  return `${WORDS[run.state]}${until}${why}`;
}
