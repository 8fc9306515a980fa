/** The state that the courier's loops share: both links, the runs it tracks, and how it gives up. */
import { UnreachableError, WireRefusal, type KeeperApi, type RefusalCode } from "@cairn/wire";
import type { Backoff } from "../backoff.js";
import { CourierError } from "../errors.js";
import type { HubLink } from "../link/hub-link.js";
import type { Settings } from "../identity/folder.js";
import type { LinkNotes } from "../link/state.js";
import type { CellCounts } from "./cells.js";
import type { Tracker } from "./tracker.js";

export interface Courier {
  readonly folder: string;
  readonly agentVersion: string;
  readonly hub: HubLink;
  readonly keeper: KeeperApi;
  readonly notes: Pick<LinkNotes, "note" | "offlineAfter">;
  readonly settings: () => Settings;
  readonly runs: Tracker;
  readonly cells: CellCounts;
  /** Set when the hub came back, perhaps from a backup: every run is then reported to it anew. */
  readonly hubRestored: HubRestoreDetector;
  readonly now: () => number;
  readonly newBackoff: () => Backoff;
  /** Whether the hub has locked this agent out, so that going on would change nothing. */
  readonly isFatal: (error: unknown) => boolean;
  readonly say: (words: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Open runs that the hub need not offer, since their cells are known too. A courier's folder made anew knows none.
 */
export function runsInHand({ runs, cells }: Pick<Courier, "runs" | "cells">): string[] {
  return runs.open().filter((run) => cells.of(run) > 0);
}

/** Detects a restored hub. Set by the polling loop, consumed by the working loop; `times` is for whoever looks beside it. */
export class HubRestoreDetector {
  #noticed = false;
  /** How often it was noticed. */
  times = 0;
  #size = 0;
  #origin = "";

  /**
   * Notes that the hub was away: it may have come back from a backup whose log has grown past the last checkpoint
   * seen.
   */
  suspect(): void {
    this.#noticed = true;
    this.times += 1;
  }

  /**
   * Compares checkpoints.
   * @param checkpoint of the hub's log, a signed note; one that is shorter, or another, is that of a restored hub.
   */
  observe(checkpoint: string): void {
    const [origin = "", digits] = checkpoint.split("\n");
    const size = Number(digits ?? NaN);
    if (Number.isNaN(size)) return;
    if (size < this.#size || (this.#origin !== "" && this.#origin !== origin)) this.suspect();
    this.#size = size;
    this.#origin = origin;
  }

  /** @returns whether a restore was detected since the last call. */
  consume(): boolean {
    const noticed = this.#noticed;
    this.#noticed = false;
    return noticed;
  }
}

const FATAL: ReadonlySet<RefusalCode> = new Set(["revoked", "cloned", "not-enrolled"]);

/**
 * Whether the hub does not know the agent, as after a restore of a backup that is older than it. Nobody has locked it
 * out.
 */
export function isForgotten(error: unknown): boolean {
  return error instanceof WireRefusal && error.code === "not-enrolled";
}

/**
 * Whether the hub has locked the agent out.
 * @param byKey whether it was named by its key. A certificate tells the hub nothing once it has expired, or where the hub
 *   came back from a backup that is older than what signed it: the key is asked before anything is over.
 */
export function isLockout(error: unknown, byKey: boolean): boolean {
  return error instanceof WireRefusal && FATAL.has(error.code) && (byKey || error.code !== "not-enrolled");
}

/** Makes one call to the keeper, with an error in words where it does not answer. */
export async function askKeeper<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new CourierError("keeper-unreachable", "the keeper does not answer on its socket: is it running?", {
      cause: error,
    });
  }
}

/** The words of an error for the log. Our own errors have words without data; of others only the kind is given. */
export function wordsOf(error: unknown): string {
  if (error instanceof WireRefusal) return `${error.code}: ${error.message}`;
  if (error instanceof CourierError) return error.message;
  return error instanceof Error ? `unforeseen (${error.name})` : "unforeseen";
}
