import { reviewRuns } from "../review/review.js";
import type { Change, KeeperStore } from "../store/store.js";
import { carryOver } from "../review/carry-over.js";

/** Makes one decision of a person, with its consequences for every run, in one change. */
export function decision<T>(store: KeeperStore, decide: (change: Change) => T): T {
  return store.change((change) => {
    carryOver(change); // what stood before groups were accepted stands in the log before anything is decided
    const decided = decide(change);
    reviewRuns(change);
    return decided;
  });
}
