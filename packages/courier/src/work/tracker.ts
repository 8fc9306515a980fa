/** Tracks the keeper's runs, and when each is to be tried (again). In memory: the keeper reports them anew. */
import type { RunState__Output } from "@cairn/wire";
import type { Backoff } from "../backoff.js";

type KnownState = RunState__Output["state"];

const OVER: ReadonlySet<KnownState> = new Set(["AGENT_RUN_STATE_ACKNOWLEDGED", "AGENT_RUN_STATE_WITHDRAWN"]);

interface TrackedRun {
  state: KnownState;
  query: string;
  referenceDate: string;
  tryAt: number;
  readonly backoff: Backoff;
}

export class Tracker {
  readonly #runs = new Map<string, TrackedRun>();
  readonly #newBackoff: () => Backoff;

  constructor(newBackoff: () => Backoff) {
    this.#newBackoff = newBackoff;
  }

  /** Notes a change reported by the keeper: the work that the state calls for is due at once. */
  note({ run, state, query, referenceDate }: RunState__Output): void {
    this.#runs.set(run, { state, query, referenceDate, tryAt: 0, backoff: this.#newBackoff() });
  }

  /** Runs that are not over: the hub need not offer them. */
  open(): string[] {
    return [...this.#runs].filter(([, { state }]) => !OVER.has(state)).map(([run]) => run);
  }

  /** Runs in a state whose time has come, a query's batch together, oldest date first. */
  due(state: KnownState, now: number): string[] {
    return [...this.#runs]
      .filter(([, known]) => known.state === state && known.tryAt <= now)
      .sort(([, a], [, b]) => compare(a.query, b.query) || compare(a.referenceDate, b.referenceDate))
      .map(([run]) => run);
  }

  /** Notes a try; without a change it is due again after `ms`, or after a backoff. */
  tried(runs: readonly string[], now: number, ms?: number): void {
    for (const run of runs) {
      const known = this.#runs.get(run);
      if (known) known.tryAt = now + (ms ?? 1000 + known.backoff.next());
    }
  }

  /** The time at which the next run of these states is due; Infinity where none is. */
  nextDue(...states: KnownState[]): number {
    const moments = [...this.#runs.values()]
      .filter(({ state }) => states.includes(state))
      .map(({ tryAt }) => tryAt);
    return Math.min(Infinity, ...moments);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
