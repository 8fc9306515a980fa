import { reviewRuns } from "../review/review.js";
import { KeeperError } from "../errors.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { carryOver } from "../review/carry-over.js";

/** Whether things still stand as they did when the person looked. */
export type Expectation = (store: Reader) => boolean;

/** The expectation of a command: it decides on how things stand when it is given. */
export const AS_IT_STANDS: Expectation = () => true;

/**
 * Makes one decision of a person, with its consequences for every run, in one change.
 * @param seen asked inside the change, before anything is decided
 * @throws KeeperError stale where things have changed since the person looked: nothing is done
 */
export function decision<T>(store: KeeperStore, decide: (change: Change) => T, seen = AS_IT_STANDS): T {
  return store.change((change) => {
    carryOver(change); // what stood before groups were accepted stands in the log before anything is decided
    if (!seen(change))
      throw new KeeperError(
        "stale",
        "things have changed since this was looked at: nothing was done; look again",
      );
    const decided = decide(change);
    reviewRuns(change);
    return decided;
  });
}
