/** Work for the practice's own pages in a process of its own, one piece after the other, so that the link never waits. */
import type { Query } from "@cairn/query-library";
import { type Outcome, workInChild } from "../answering/answer.js";
import type { QuestionFacts } from "../answering/question-facts.js";
import { recordsNow } from "../own-numbers/kept.js";
import type { KeeperStore } from "../store/store.js";
import type { List } from "../worklists/lists.js";
import type { Worklist } from "../worklists/people.js";

/** Somebody waits in front of the page. */
const LIMITS = { seconds: 60, megabytes: 2048 };
/** A list is searched and sorted by pages that ask for it again: the newest few are kept for some minutes. */
const KEPT_LISTS = 4;
const KEPT_MS = 10 * 60_000;

interface PageQueueOptions {
  readonly store: KeeperStore;
  readonly stopping: AbortSignal;
  /** Does the work; tests put another in its place. */
  readonly work?: typeof workInChild;
}

export class PageQueue {
  readonly #options: Required<PageQueueOptions>;
  #last: Promise<unknown> = Promise.resolve();
  readonly #lists = new Map<string, { readonly list: Promise<Outcome<Worklist>>; readonly at: number }>();

  constructor(options: PageQueueOptions) {
    this.#options = { work: workInChild, ...options };
  }

  /** The people on a list at a date, of the records as they are now. */
  worklist(query: Query, date: string, list: List): Promise<Outcome<Worklist>> {
    const { store } = this.#options;
    const key = [recordsNow(store), query.digest, date, list].join(" ");
    for (const [other, { at }] of this.#lists) if (store.now() - at > KEPT_MS) this.#lists.delete(other);
    const kept = this.#lists.get(key)?.list;
    if (kept) return kept;
    const found = this.#inTurn("worklist", { folder: store.folder, query, date, list });
    this.#lists.set(key, { list: found, at: store.now() });
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > KEPT_LISTS && oldest !== undefined) this.#lists.delete(oldest);
    void found.then(({ outcome }) => {
      if (outcome !== "answered") this.#lists.delete(key); // tried again by whoever asks next
    });
    return found;
  }

  /** What the records say to one query at these dates (ISO, ascending, one or more). */
  question(query: Query, dates: readonly string[]): Promise<Outcome<QuestionFacts>> {
    return this.#inTurn("question", { folder: this.#options.store.folder, query, dates });
  }

  /** Begins a piece of work when the one before has ended. */
  readonly #inTurn: typeof workInChild = (work, job) => {
    const { stopping, work: doWork } = this.#options;
    const turn = this.#last.then(() => doWork(work, job, { limits: LIMITS, signal: stopping }));
    this.#last = turn.catch(() => undefined);
    return turn;
  };
}
