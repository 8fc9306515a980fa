/**
 * Backoff between tries: full jitter, so that a thousand agents that lost the hub together do not return together.
 */
import { setTimeout as wait } from "node:timers/promises";

interface BackoffOptions {
  readonly baseMs?: number;
  readonly mostMs?: number;
  readonly random?: () => number; // in [0, 1)
}

export class Backoff {
  readonly #base: number;
  readonly #most: number;
  readonly #random: () => number;
  #failures = 0;

  constructor({ baseMs = 500, mostMs = 30_000, random = Math.random }: BackoffOptions = {}) {
    this.#base = baseMs;
    this.#most = mostMs;
    this.#random = random;
  }

  /** The wait after one more failure, in ms: a random time up to a bound that doubles each time. */
  next(): number {
    const bound = Math.min(this.#most, this.#base * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    return Math.floor(this.#random() * bound);
  }

  reset(): void {
    this.#failures = 0;
  }
}

/** Waits so many milliseconds; ends early, without an error, when the signal is aborted. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
