import { WireRefusal, type SignedRelease__Output } from "@cairn/wire";
import { crashPoint } from "../config.js";
import { assertMayRun } from "../runs/execute.js";
import { findRun } from "../runs/run.js";
import type { KeeperStore } from "../store/store.js";
import { findRelease } from "./release.js";

/**
 * The release of a run, at the moment of sending; the same bytes each time, also after it was acknowledged
 * (a hub that was restored asks again).
 * @throws WireRefusal paused, run-unknown, run-not-released, disk-full, store-unavailable
 */
export function takeRelease(store: KeeperStore, run: string): SignedRelease__Output {
  crashPoint("take", "before");
  assertMayRun(store);
  const known = findRun(store, run);
  if (!known) throw new WireRefusal("run-unknown", `the keeper was never offered run ${run}`);
  const { state, correction } = known;
  const release = state === "outbox" || state === "acknowledged" ? findRelease(store, run, correction) : null;
  if (!release)
    throw new WireRefusal("run-not-released", `run ${run} is ${state}: there is nothing of it to send`);
  crashPoint("take", "after");
  return release;
}
