/** How the things stand that a person decides on, each as one word for a form: where it has changed, nothing is done. */
import { createHash } from "node:crypto";
import type { Expectation } from "../decisions/decision.js";
import { charterInForce } from "../approvals/charters.js";
import { groupState } from "../approvals/groups.js";
import { allOffers, isDeclined } from "../approvals/offers.js";
import { releaseDigestOf } from "../releases/release.js";
import { findRun } from "../runs/run.js";
import { holdsReleases, isPaused } from "../store/settings.js";
import type { Reader } from "../store/store.js";

type Stands = (store: Reader) => string;

/** A query's versions as groups asked them, and what was said of each. */
export function queryStands(query: string): Stands {
  return (store) =>
    digestOf([
      ...allOffers(store)
        .filter((offer) => offer.query === query)
        .map((offer) => [
          offer.version,
          offer.group,
          offer.acceptedAt !== null,
          isDeclined(store, query, offer.group),
        ]),
      ["", "", false, isDeclined(store, query, "")],
    ]);
}

/** A run's state with the digest of the very bytes that were shown. */
export function runStands(id: string): Stands {
  return (store) => {
    const run = findRun(store, id);
    return run ? `${run.state} ${releaseDigestOf(store, id, run.correction)?.toString("hex") ?? ""}` : "";
  };
}

/** A group's state, with the digest of its charter that was shown. */
export function groupStands(group: string): Stands {
  return (store) =>
    [groupState(store, group), charterInForce(store, group)?.digest.toString("hex")]
      .filter(Boolean)
      .join(" ");
}

export const pauseStands: Stands = (store) => (isPaused(store) ? "paused" : "not paused");
export const holdStands: Stands = (store) => (holdsReleases(store) ? "held" : "not held");

/** Whether it still stands as a form says that it was seen. */
export function asSeen(stands: Stands, said: string | undefined): Expectation {
  return (store) => said !== undefined && stands(store) === said;
}

function digestOf(rows: unknown): string {
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex").slice(0, 32);
}
