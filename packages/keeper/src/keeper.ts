/** Shared services of a running keeper (store, queue, library, stop signal). */
import { networkInterfaces } from "node:os";
import type { DateGuard } from "./runs/asked.js";
import type { Queue } from "./work/queue.js";
import type { KeeperStore } from "./store/store.js";
import type { LibraryInForce } from "./trust/library.js";

export interface Keeper {
  readonly store: KeeperStore;
  readonly queue: Queue;
  readonly library: () => LibraryInForce | null;
  readonly dates: DateGuard;
  readonly network: "isolated" | "open";
  /** Aborted when the keeper stops: calls that are held open are then answered. */
  readonly stopping: AbortSignal;
}

/**
 * Whether this process can reach a network at all: an empty namespace has no address but, at most, its own loopback.
 */
export function networkOfThisProcess(): Keeper["network"] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.every(({ internal }) => internal) ? "isolated" : "open"; // systemd brings loopback up in there
}
