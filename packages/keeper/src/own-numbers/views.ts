/** Looks at the practice's own numbers and at what leaves, as its log hears of them. */
import { practiceLog, type Actor } from "@cairn/ledger";
import type { Query } from "@cairn/query-library";
import type { Run } from "../runs/run.js";
import type { KeeperStore } from "../store/store.js";

/** A look: at a question's numbers, at those of all (null), or at what a run lets leave. */
export type OwnView = { readonly query: Query | null } | { readonly run: Run };

/**
 * Logs looks before they are shown. A page is opened many times a day: its first opening by a person on a day is
 * written, later ones are not. A keeper that was restarted writes once more.
 */
export class OwnViews {
  readonly #store: KeeperStore;
  #day = "";
  #seen = new Set<string>();

  constructor(store: KeeperStore) {
    this.#store = store;
  }

  /** @param by null: whoever sits at the machine, while nobody has an account */
  log(view: OwnView, by: Actor | null): void {
    const day = this.#store.today;
    if (day !== this.#day) this.#seen.clear();
    this.#day = day;
    const at =
      "run" in view ? `run ${view.run.run}` : `query ${view.query?.query ?? ""} ${view.query?.version ?? ""}`;
    const key = JSON.stringify([by, at]);
    if (this.#seen.has(key)) return;
    this.#store.unheard(({ note }) => {
      if ("run" in view) {
        const { run, query, referenceDate: date } = view.run;
        note(practiceLog.runViewed, { run, query, date, by });
      } else note(practiceLog.ownNumbersViewed, { ...named(view.query), by });
    });
    this.#seen.add(key);
  }
}

/** Logs a look at a query's numbers, exact or as they would leave, by a command: each one is written. */
export function logOwnNumbersView(store: KeeperStore, query: Query, by: Actor): void {
  store.unheard(({ note }) => note(practiceLog.ownNumbersViewed, { ...named(query), by }));
}

function named(query: Query | null): { query: string | null; version: string | null } {
  return { query: query?.query ?? null, version: query?.version ?? null };
}
