import { askAgain, refusedFor } from "../comparisons/kept.js";
import type { KeeperStore } from "../store/store.js";
import { putInForce, type LibraryInForce } from "../trust/library.js";
import { reviewRuns } from "./review.js";

/**
 * Verifies a bundle as the hub sent it, puts it in force and reviews the runs that waited for it, in one change.
 * @throws WireRefusal not-enrolled, bad-signature, library-expired, library-rollback, library-malformed
 */
export function takeInLibrary(store: KeeperStore, bundle: Uint8Array): LibraryInForce {
  return putInForce(store, bundle, (change) => {
    reviewRuns(change);
    if (refusedFor(change, "query-unknown") > 0) askAgain(change);
  });
}
