/** Delays that grow with each wrong try at one name, whatever address it comes from. */

const FREE = 3; // tries without a delay
const LONGEST_MS = 15 * 60_000;
const FORGOTTEN_MS = 24 * 3_600_000;
const MOST_NAMES = 10_000;

interface Tries {
  readonly wrong: number;
  readonly last: number; // milliseconds since 1970
}

/** A name that was typed: an account's, or nobody's. */
type TriedName = { readonly account: number } | { readonly nobodys: string };

export class Delays {
  /** Of accounts: as many as there are people, and no try at another name pushes one out. */
  readonly #known = new Map<number, Tries>();
  /** Of names that nobody has, so that they are answered as others are. */
  readonly #unknown = new Map<string, Tries>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Time in ms until the next try at a name; 0 where it may be now. */
  left(name: TriedName): number {
    const tries = this.#triesOf(name);
    if (!tries || tries.wrong < FREE) return 0;
    const delay = Math.min(1_000 * 2 ** (tries.wrong - FREE), LONGEST_MS);
    return Math.max(0, tries.last + delay - this.#now());
  }

  /** Counts a wrong try. Of very many names that nobody has, the one tried longest ago is forgotten. */
  wrong(name: TriedName): void {
    const now = this.#now();
    const before = this.#triesOf(name);
    const wrong = before && now - before.last < FORGOTTEN_MS ? before.wrong + 1 : 1;
    if ("account" in name) return void this.#known.set(name.account, { wrong, last: now });
    this.#unknown.delete(name.nobodys);
    this.#unknown.set(name.nobodys, { wrong, last: now });
    const [oldest] = this.#unknown.keys();
    if (this.#unknown.size > MOST_NAMES && oldest !== undefined) this.#unknown.delete(oldest);
  }

  /** Forgets the wrong tries at an account: its person has signed in. */
  right(account: number): void {
    this.#known.delete(account);
  }

  #triesOf(name: TriedName): Tries | undefined {
    return "account" in name ? this.#known.get(name.account) : this.#unknown.get(name.nobodys);
  }
}
