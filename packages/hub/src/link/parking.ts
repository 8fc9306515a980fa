/**
 * Polls without an answer wait here. Each change wakes them all; each looks for itself and waits again if nothing
 * concerns it. Wakes within a tenth of a second are one.
 */
export class ParkedPolls {
  readonly #waiting = new Set<() => void>();
  #waking: NodeJS.Timeout | null = null;
  #closed = false;

  /** Waits for a wake, for `ms`, or until the caller is gone. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        this.#waiting.delete(leave);
        resolve();
      };
      const timer = setTimeout(leave, ms);
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(leave);
    });
  }

  wake(): void {
    this.#waking ??= setTimeout(() => {
      this.#waking = null;
      this.#release();
    }, 100);
  }

  /** Ends the waiting before the hub stops: every poll is answered, and none waits any more. */
  close(): void {
    this.#closed = true;
    if (this.#waking) clearTimeout(this.#waking);
    this.#release();
  }

  get closed(): boolean {
    return this.#closed;
  }

  #release(): void {
    for (const leave of [...this.#waiting]) leave();
  }
}
