import { printable, WireRefusal, type SignedRelease__Output, type Use__Output } from "@cairn/wire";
import { assertMayRun } from "../work/execute.js";
import { findRequest } from "../runs/requests.js";
import { findRun } from "../runs/run.js";
import type { KeeperStore, Reader } from "../store/store.js";
import { findRelease } from "../releases/release.js";
import { markHanded, usesOf } from "../releases/uses.js";

/** A release with the uses under which it may be shown. */
interface Taken {
  readonly release: SignedRelease__Output;
  readonly uses: Use__Output[];
}

/**
 * The release of a run, at the moment of sending; the same bytes each time, also after it was acknowledged (a
 * restored hub asks again). A declined or paused one is not given; one that is given may have left.
 * @throws WireRefusal paused, run-unknown, run-not-released, disk-full, store-unavailable
 */
export function takeRelease(store: KeeperStore, run: string): Taken {
  return store.change((change) => {
    assertMayRun(store);
    const known = findRun(change, run);
    if (!known)
      throw new WireRefusal("run-unknown", `the keeper was never offered run ${printable(run, 128)}`);
    const { state, correction } = known;
    const release =
      state === "outbox" || state === "acknowledged" ? findRelease(change, run, correction) : null;
    const uses = usesOf(change, known)
      .filter(({ use, acknowledged }) => !use.ended && (acknowledged || isAllowed(change, use)))
      .map(({ use }) => use);
    if (!release || uses.length === 0) {
      const words = release ? "no group has a use of it" : `it is ${state}`;
      throw new WireRefusal("run-not-released", `run ${run} is not sent: ${words}`);
    }
    markHanded(change, known);
    return { release, uses };
  }, "take");
}

function isAllowed(store: Reader, { run, group }: Use__Output): boolean {
  return findRequest(store, run, group)?.state === "ready";
}
