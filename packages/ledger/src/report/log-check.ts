/** The check of a log beside its readers: one at a time, and not anew for each who asks. */
import type { OwnLogVerdict } from "./own-log.js";

/** Time in ms for which a verdict on a log of the same length stands. */
const STANDS_MS = 60_000;

/** A verdict with its moment, milliseconds since 1970; or (null) the length of the log that is being checked. */
type LogCheckState =
  (OwnLogVerdict & { readonly checkedAt: number }) | { readonly holds: null; readonly entries: number };

interface LogCheckSource {
  /** Makes the check in a process of its own. */
  readonly check: () => Promise<OwnLogVerdict>;
  readonly size: () => number; // entries of the present log
  readonly now: () => number; // milliseconds since 1970
  /** Resolves when a reader has waited long enough for a check that is not over. */
  readonly patience: () => Promise<unknown>;
}

export class LogCheck {
  readonly #source: LogCheckSource;
  #running: Promise<LogCheckState> | null = null;
  #newest: { readonly size: number; readonly state: LogCheckState & { readonly checkedAt: number } } | null =
    null;

  constructor(source: LogCheckSource) {
    this.#source = source;
  }

  /** The newest verdict; where the log has grown since, or a minute has passed, it is checked anew. @throws what the check throws */
  async look(): Promise<LogCheckState> {
    const { size, now, patience } = this.#source;
    const entries = size();
    if (this.#newest?.size === entries && now() - this.#newest.state.checkedAt < STANDS_MS)
      return this.#newest.state;
    this.#running ??= this.#check(entries);
    return Promise.race([this.#running, patience().then(() => ({ holds: null, entries }) as const)]);
  }

  async #check(size: number): Promise<LogCheckState> {
    const { check, now } = this.#source;
    try {
      const state = { ...(await check()), checkedAt: now() };
      this.#newest = { size, state };
      return state;
    } finally {
      this.#running = null;
    }
  }
}
