/**
 * Backoff between tries: full jitter, so that a thousand agents that lost the hub together do not return together.
 */

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

/** Waits, in ms. Resolves early, without an error, when the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
