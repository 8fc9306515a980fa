import type { Step } from "../config.js";
import { reviewRuns } from "../review/review.js";
import type { KeeperStore } from "../store/store.js";
import { carryOver } from "../review/carry-over.js";

/** One decision of a person: with what follows from it for every run, in one change. */
export function decision<T>(store: KeeperStore, decide: () => T, step: Step = "approve"): T {
  return store.change(step, () => {
    carryOver(store); // what stood before groups were accepted stands in the log before anything is decided
    const decided = decide();
    reviewRuns(store);
    return decided;
  });
}
