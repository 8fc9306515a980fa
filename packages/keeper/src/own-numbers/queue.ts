/** Counts the practice's own numbers in a process of its own, once somebody looks, and again when records or library change. */
import type { Query } from "@cairn/query-library";
import { SqliteError } from "@cairn/sqlite";
import type { Outcome } from "../answering/answer.js";
import type { QueryTotals } from "../answering/exact-totals.js";
import type { TotalsJob } from "../answering/job.js";
import { allOffers } from "../approvals/offers.js";
import { setting } from "../store/settings.js";
import type { KeeperStore } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import { newestCovered } from "./dates.js";
import { keepOwnNumbers, ownNumbers, recordsNow } from "./kept.js";

interface CountingOptions {
  readonly store: KeeperStore;
  readonly library: () => LibraryInForce | null;
  readonly count: (job: TotalsJob) => Promise<Outcome<readonly QueryTotals[]>>;
}

/** A query that the practice is asked, in its newest version, with the newest date that the records cover. */
interface Question {
  readonly query: Query;
  readonly date: string | null;
}

/** The queries that groups ask here, each in the newest version that was offered; in the order of their names. */
export function questionsAsked(store: KeeperStore, library: LibraryInForce | null): Question[] {
  const newest = new Map<string, Query>();
  for (const { query, version } of allOffers(store)) {
    const found = library?.queries.find((each) => each.query === query && each.version === version);
    if (found) newest.set(query, found);
  }
  const coversTo = setting(store, "covers-to") || null;
  return [...newest.values()].map((query) => ({ query, date: newestCovered(query, coversTo, store.today) }));
}

export class OwnTotalsQueue {
  readonly #options: CountingOptions;
  #counting: Promise<void> | null = null;
  #since = 0;
  /** What was last counted, or could not be: not tried again until something changes. */
  #done = "";

  constructor(options: CountingOptions) {
    this.#options = options;
  }

  /** Begins to count what is not known yet. @returns since when it counts, in milliseconds since 1970; null where it does not */
  look(): number | null {
    const { store, library } = this.#options;
    const records = recordsNow(store);
    const wanted = questionsAsked(store, library()).flatMap(({ query, date }) =>
      date === null ? [] : [{ query, dates: [date] }],
    );
    const kept = ownNumbers(store);
    const isKnown = wanted.every(({ query, dates }) => {
      const known = kept.get(query.digest);
      return known?.isCurrent && (known.unanswerable !== null || known.date === dates[0]);
    });
    const task = [records, ...wanted.map(({ query, dates }) => `${query.digest} ${dates.join()}`)].join("\n");
    if (!isKnown && this.#done !== task && this.#counting === null) {
      this.#since = store.now();
      this.#counting = this.#count(records, wanted, task);
    }
    return this.#counting === null ? null : this.#since;
  }

  /** Resolves when nothing is being counted. */
  async settled(): Promise<void> {
    await this.#counting;
  }

  async #count(records: string, asked: TotalsJob["asked"], task: string): Promise<void> {
    const { store, count } = this.#options;
    try {
      const outcome = await count({ folder: store.folder, asked });
      if (outcome.outcome === "answered")
        store.change((change) => keepOwnNumbers(change, records, outcome.answer));
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error; // the store tells of a disk that takes nothing
    } finally {
      this.#done = task;
      this.#counting = null;
    }
  }
}
