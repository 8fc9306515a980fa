/** What every room of a running keeper is handed. */
import { networkInterfaces } from "node:os";
import type { Queue } from "./runs/queue.js";
import type { KeeperStore } from "./store/store.js";
import type { LibraryInForce } from "./trust/library.js";

export interface Keeper {
  readonly store: KeeperStore;
  readonly queue: Queue;
  readonly library: () => LibraryInForce | null;
  readonly network: "isolated" | "open";
  /** Aborted when the keeper stops: held calls are answered. */
  readonly stopping: AbortSignal;
}

/** Whether this process can reach a network at all: an empty namespace has no interface that is up. */
export function networkOfThisProcess(): Keeper["network"] {
  return Object.keys(networkInterfaces()).length === 0 ? "isolated" : "open";
}
