/**
 * Ledgers of dates, kept between batches while nothing else comes to their dates: to make one anew, the whole history of
 * its date is decoded and compared pair by pair. A kept one decides what one made anew would, and its certificate counts
 * the same; where anything is in doubt it is made anew.
 */
import type { DateLedger } from "./date-ledger.js";
import type { History } from "./history.js";
import type { Policy } from "./policy.js";

interface KeptLedger {
  readonly ledger: DateLedger;
  readonly policy: string;
  readonly state: string;
  readonly keys: number;
}

/** People in the released sets of all kept ledgers, 4 bytes each; dates beyond are made anew each time. */
const MOST_KEYS = 32_000_000;

export class KeptLedgers {
  readonly #kept = new Map<string, KeptLedger>();
  #used: { readonly ledger: DateLedger; readonly policy: string }[] = [];

  /** Begins a batch. What an earlier one used and did not keep is forgotten. */
  begin(): void {
    this.#used = [];
  }

  /** Takes the ledger of a date out, where the history says of the date what it said when it was kept; else null. */
  take(date: string, history: History, policy: Policy): DateLedger | null {
    const kept = this.#kept.get(date);
    this.#kept.delete(date);
    if (!kept || kept.policy !== JSON.stringify(policy) || kept.state !== history.state(date)) return null;
    kept.ledger.resume((query) => history.of(query, date));
    return kept.ledger;
  }

  /** Notes a ledger that this batch goes on with. */
  use(ledger: DateLedger, policy: Policy): void {
    this.#used.push({ ledger, policy: JSON.stringify(policy) });
  }

  /** The states of the dates that this batch decided on, for `keep`: read once its entries are in the history. */
  states(history: History): ReadonlyMap<string, string | null> {
    return new Map(this.#used.map(({ ledger: { date } }) => [date, history.state(date)]));
  }

  /** Keeps the ledgers of a batch whose entries are in the history to stay. */
  keep(states: ReadonlyMap<string, string | null>): void {
    let keys = [...this.#kept.values()].reduce((sum, kept) => sum + kept.keys, 0);
    for (const { ledger, policy } of this.#used) {
      this.#kept.delete(ledger.date);
      const state = states.get(ledger.date) ?? null;
      const isOnly = this.#used.filter(({ ledger: { date } }) => date === ledger.date).length === 1;
      if (state === null || !isOnly || !ledger.canResume || keys + ledger.keys > MOST_KEYS) continue;
      ledger.dropEntries();
      this.#kept.set(ledger.date, { ledger, policy, state, keys: ledger.keys });
      keys += ledger.keys;
    }
    this.#used = [];
  }
}
