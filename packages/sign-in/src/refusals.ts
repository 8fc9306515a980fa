/** Sign-ins that were refused, as the log hears of them: whoever tries without end must not fill it. */
import type { Account, SignInStore } from "./store.js";

/** Refusals of one kind that have an entry each, in the time below; more of them are counted. */
const EACH = 5;
const PERIOD_MS = 3_600_000;

/** Refusals of one kind: of one person, or of names that nobody has, for one reason. */
interface Tally {
  readonly person: string | null;
  readonly account: number | null;
  readonly reason: string;
  readonly begun: number; // milliseconds since 1970
  written: number;
  counted: number;
  since: number; // of the first that was only counted, milliseconds since 1970
}

export class Refusals<P extends { readonly name: string }> {
  readonly #store: Pick<SignInStore<P>, "refused" | "refusedMore">;
  readonly #now: () => number;
  readonly #tallies = new Map<string, Tally>(); // as many as there are people and reasons

  constructor(store: Pick<SignInStore<P>, "refused" | "refusedMore">, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Takes note of a refusal. @param account null where nobody is known by what was given */
  async add(account: Account<P> | null, reason: string): Promise<void> {
    await this.tellDue();
    const now = this.#now();
    const key = `${account?.id ?? "nobody"} ${reason}`;
    const tally = this.#tallies.get(key) ?? {
      ...{ person: account?.person.name ?? null, account: account?.id ?? null, reason },
      ...{ begun: now, written: 0, counted: 0, since: now },
    };
    this.#tallies.set(key, tally);
    if (tally.written < EACH) {
      tally.written += 1;
      return this.#store.refused(account, reason);
    }
    if (tally.counted === 0) tally.since = now;
    tally.counted += 1;
  }

  /** Writes down what was only counted of an account, so that it stands before what follows. */
  async tellOf({ id }: Account<P>): Promise<void> {
    await this.#tell(({ account }) => account === id);
  }

  /** Writes down what was counted for an hour. */
  async tellDue(): Promise<void> {
    const now = this.#now();
    await this.#tell(({ begun }) => now - begun >= PERIOD_MS);
  }

  /** Writes down all that was only counted. */
  async tellAll(): Promise<void> {
    await this.#tell(() => true);
  }

  async #tell(whether: (tally: Tally) => boolean): Promise<void> {
    for (const [key, tally] of [...this.#tallies]) {
      if (!whether(tally)) continue;
      const { person, reason, counted, since } = tally;
      tally.counted = 0; // what is refused while the entry is written has one of its own
      try {
        if (counted > 0) await this.#store.refusedMore(person, reason, { times: counted, since });
      } catch (error) {
        tally.counted += counted;
        tally.since = since;
        throw error;
      }
      if (tally.counted === 0) this.#tallies.delete(key);
    }
  }
}
