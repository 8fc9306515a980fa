import { EventEmitter, once } from "node:events";
import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import type { ChangeScope } from "../store/store.js";

/** Polls woken in one turn: a read of the database that came meanwhile waits no longer than these take. */
const AT_ONCE = 16;

/**
 * Polls without an answer wait here, by practice. A change wakes those whose practices it concerns; each looks for itself and
 * waits again if there is nothing for it. Wakes within a tenth of a second are one.
 */
export class ParkedPolls {
  readonly #bell = new EventEmitter().setMaxListeners(0);
  #concerned: ChangeScope = new Set();
  #waking: NodeJS.Timeout | null = null;
  #closed = false;

  /** Waits for a change that concerns the practice, for `ms`, or until the caller is gone. */
  async wait(practice: string, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted || ms <= 0) return;
    const others = new AbortController(); // of the three, whichever are left when one has ended
    const until = { signal: others.signal };
    await Promise.race([
      once(this.#bell, practice, until),
      once(signal, "abort", until),
      pause(ms, undefined, until),
    ]).finally(() => others.abort());
  }

  /** Wakes the polls of these practices, or all. */
  wake(concerned: ChangeScope): void {
    this.#concerned =
      concerned === "all" || this.#concerned === "all" ? "all" : new Set([...this.#concerned, ...concerned]);
    this.#waking ??= setTimeout(() => void this.#ring(), 100);
  }

  async #ring(): Promise<void> {
    const concerned = this.#concerned;
    [this.#waking, this.#concerned] = [null, new Set()];
    const practices = concerned === "all" ? this.#waiting() : [...concerned];
    while (practices.length > 0) {
      for (const practice of practices.splice(0, AT_ONCE)) this.#bell.emit(practice);
      await turn();
    }
  }

  /** Ends the waiting before the hub stops: every poll is answered, and none waits any more. */
  close(): void {
    this.#closed = true;
    if (this.#waking) clearTimeout(this.#waking);
    for (const practice of this.#waiting()) this.#bell.emit(practice);
  }

  #waiting(): (string | symbol)[] {
    return this.#bell.eventNames().filter((name) => name !== "error"); // to which `once` listens as well
  }

  /** Number of practices whose polls wait. */
  get size(): number {
    return this.#waiting().length;
  }

  get closed(): boolean {
    return this.#closed;
  }
}
