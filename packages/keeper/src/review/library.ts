import { askAgain, refusedFor } from "../comparisons/kept.js";
import type { KeeperStore } from "../store/store.js";
import { putInForce, type LibraryInForce } from "../trust/library.js";
import { reviewRuns } from "./review.js";

/**
 * Verifies a delivery as the hub sent it, puts it in force and reviews the runs that waited for it, in one change.
 * @throws WireRefusal as `putInForce`
 */
export function takeInLibrary(store: KeeperStore, delivery: Uint8Array): LibraryInForce {
  return putInForce(store, delivery, (change) => {
    reviewRuns(change);
    if (refusedFor(change, "query-unknown") > 0) askAgain(change);
  });
}
