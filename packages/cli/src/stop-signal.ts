/** Waits for the signal to stop, in a process that runs until it is stopped. */

/**
 * Resolves at the signal.
 * @param tied whether to end, too, when the process that started this one has ended: its end of our standard input is
 * gone.
 */
export function untilStopSignal(tied: boolean): Promise<void> {
  const end = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => resolve());
    if (!tied) return;
    process.stdin.once("close", resolve);
    process.stdin.once("end", resolve);
    process.stdin.once("error", resolve);
    process.stdin.resume();
  });
  return end.then(() => void process.stdin.destroy());
}
