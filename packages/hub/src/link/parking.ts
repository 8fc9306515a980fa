import { EventEmitter, once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Polls without an answer wait here. Each change wakes them all; each looks for itself and waits again if nothing
 * concerns it. Wakes within a tenth of a second are one.
 */
export class ParkedPolls {
  readonly #bell = new EventEmitter().setMaxListeners(0);
  #waking: NodeJS.Timeout | null = null;
  #closed = false;

  /** Waits for a wake, for `ms`, or until the caller is gone. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted || ms <= 0) return;
    const others = new AbortController(); // of the three, whichever are left when one has ended
    const until = { signal: others.signal };
    await Promise.race([
      once(this.#bell, "wake", until),
      once(signal, "abort", until),
      pause(ms, undefined, until),
    ]).finally(() => others.abort());
  }

  wake(): void {
    this.#waking ??= setTimeout(() => {
      this.#waking = null;
      this.#bell.emit("wake");
    }, 100);
  }

  /** Ends the waiting before the hub stops: every poll is answered, and none waits any more. */
  close(): void {
    this.#closed = true;
    if (this.#waking) clearTimeout(this.#waking);
    this.#bell.emit("wake");
  }

  get closed(): boolean {
    return this.#closed;
  }
}
