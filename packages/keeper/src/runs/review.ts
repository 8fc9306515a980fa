/** Looks again at where runs stand, when the practice has spoken, records have arrived or time has passed. */
import { applyRules, isAccepted, isDeclined } from "../practice/offers.js";
import { setting } from "../practice/settings.js";
import type { KeeperStore } from "../store/store.js";
import { laterDateHasLeft, moveRun, runsInState, type Run } from "./run.js";
import { STANDING_STATES, standing, type RunState } from "./states.js";

/** Inside a change only. */
export function reviewRuns(store: KeeperStore): void {
  applyRules(store);
  for (const run of runsInState(store, ...STANDING_STATES)) {
    const next = whereItStands(store, run);
    if (next === "refused") expire(store, run);
    else if (next !== run.state) moveRun(store, run.run, next);
  }
}

function whereItStands(store: KeeperStore, run: Run): RunState {
  const state = standing({
    declined: isDeclined(store, run.query),
    accepted: isAccepted(store, run.digest, run.group),
    coversTo: setting(store, "covers-to"),
    referenceDate: run.referenceDate,
  });
  if (state === "declined") return state;
  // Declined while on hold, then asked for after all: its release was made once and waits to be seen.
  if (hasRelease(store, run.run)) return "on-hold";
  return laterDateHasLeft(store, run.digest, run.referenceDate) ? "refused" : state;
}

function hasRelease(store: KeeperStore, run: string): boolean {
  return store.db.prepare("SELECT 1 FROM release WHERE run = ?").get(run) !== undefined;
}

function expire(store: KeeperStore, run: Run): void {
  const words = `a later date of ${run.query}@${run.version} has left already: dates are decided in order`;
  moveRun(store, run.run, "refused", { refusal: { code: "date-too-old", words } });
  store.note("run-refused", {
    run: run.run,
    query: run.query,
    date: run.referenceDate,
    code: "date-too-old",
  });
}
