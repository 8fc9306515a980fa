/** Tries quarantined runs again, when a person decides so. */
import { practiceLog, type Actor } from "@cairn/ledger";
import { KeeperError } from "../errors.js";
import type { KeeperStore } from "../store/store.js";
import { moveRun, runsInState, type Run } from "../runs/run.js";
import { decision } from "./decision.js";

/**
 * Takes a query's quarantined runs out of quarantine: each gets the state that decisions and records now give it, and
 * may crash twice again.
 * @param query its name, or one of its runs.
 * @param by the person, for the log.
 * @returns the runs, by reference date.
 * @throws KeeperError nothing-waits
 */
export function retryRuns(store: KeeperStore, query: string, by: Actor): Run[] {
  return decision(store, (change) => {
    const quarantined = runsInState(change, "quarantined").filter(
      (each) => each.query === query || each.run === query,
    );
    if (quarantined.length === 0) {
      throw new KeeperError(
        "nothing-waits",
        `no run of ${query} is quarantined here: cairn agent status says what is`,
      );
    }
    for (const { run, query: name, referenceDate } of quarantined) {
      moveRun(change, run, "waiting-for-approval", { starts: 0 }); // until the review says where it stands
      change.note(practiceLog.runRetried, { run, query: name, date: referenceDate, by });
    }
    return quarantined;
  });
}
