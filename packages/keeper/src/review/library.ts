import { askAgain, refusedFor } from "../comparisons/kept.js";
import type { KeeperStore } from "../store/store.js";
import { allRequests } from "../runs/requests.js";
import { touchRun } from "../runs/run.js";
import { putInForce, type LibraryInForce } from "../trust/library.js";
import { reviewRuns } from "./review.js";

/**
 * Verifies a delivery as the hub sent it, puts it in force and reviews the runs that waited for it, in one change. Runs that
 * wait for a person's word are told to the hub again: it may now be the group's charter that waits.
 * @throws WireRefusal as `putInForce`
 */
export function takeInLibrary(store: KeeperStore, delivery: Uint8Array): LibraryInForce {
  return putInForce(store, delivery, (change) => {
    reviewRuns(change);
    for (const { run, state } of allRequests(change))
      if (state === "waiting-for-approval") touchRun(change, run);
    if (refusedFor(change, "query-unknown") > 0) askAgain(change);
  });
}
