/** Delays that grow with each wrong try at one account, whatever address it comes from. */

const FREE = 3; // tries without a delay
const LONGEST_MS = 15 * 60_000;
const FORGOTTEN_MS = 24 * 3_600_000;
const MOST_NAMES = 10_000;

interface Tries {
  readonly wrong: number;
  readonly last: number; // milliseconds since 1970
}

export class Delays {
  readonly #tries = new Map<string, Tries>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Time in ms until the next try at an account; 0 where it may be now. */
  left(account: string): number {
    const tries = this.#tries.get(account);
    if (!tries || tries.wrong < FREE) return 0;
    const delay = Math.min(1_000 * 2 ** (tries.wrong - FREE), LONGEST_MS);
    return Math.max(0, tries.last + delay - this.#now());
  }

  /** Counts a wrong try. Of very many names the one tried longest ago is forgotten. */
  wrong(account: string): void {
    const now = this.#now();
    const before = this.#tries.get(account);
    const wrong = before && now - before.last < FORGOTTEN_MS ? before.wrong + 1 : 1;
    this.#tries.delete(account);
    this.#tries.set(account, { wrong, last: now });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > MOST_NAMES && oldest !== undefined) this.#tries.delete(oldest);
  }

  /** Forgets the wrong tries at an account: its person has signed in. */
  right(account: string): void {
    this.#tries.delete(account);
  }
}
