/** Looks again at where runs stand, when the practice has spoken, records have arrived or time has passed. */
import { applyRules, isAccepted, isDeclined } from "../practice/offers.js";
import { setting } from "../practice/settings.js";
import { whyLost, type Refusal } from "../releases/lost.js";
import { releaseDigestOf } from "../releases/release.js";
import type { KeeperStore } from "../store/store.js";
import { laterDateHasLeft, moveRun, runsInState, type Run } from "./run.js";
import { STANDING_STATES, standing, type RunState } from "./states.js";

/** Inside a change only. */
export function reviewRuns(store: KeeperStore): void {
  applyRules(store);
  for (const run of runsInState(store, ...STANDING_STATES)) {
    const next = whereItStands(store, run);
    if (typeof next === "object") refuse(store, run, next);
    else if (next !== run.state) moveRun(store, run.run, next);
  }
}

function whereItStands(store: KeeperStore, run: Run): RunState | Refusal {
  const state = standing({
    declined: isDeclined(store, run.query),
    accepted: isAccepted(store, run.digest, run.group),
    coversTo: setting(store, "covers-to"),
    today: store.today,
    referenceDate: run.referenceDate,
  });
  if (state === "declined") return state;
  // Declined while on hold, then asked for after all: its release was made once and waits to be seen.
  if (releaseDigestOf(store, run.run, run.correction)) return "on-hold";
  const lost = whyLost(store, run.referenceDate);
  if (lost) return lost;
  // A corrected run is of a date that has left already: the guard checks it against what left since.
  if (run.correction > 0 || !laterDateHasLeft(store, run.digest, run.referenceDate)) return state;
  const words = `a later date of ${run.query}@${run.version} has left already: dates are decided in order`;
  return { code: "date-too-old", words };
}

function refuse(store: KeeperStore, { run, query, referenceDate }: Run, refusal: Refusal): void {
  moveRun(store, run, "refused", { refusal });
  store.note("run-refused", { run, query, date: referenceDate, code: refusal.code });
}
