import { setTimeout as pause } from "node:timers/promises";

/** Longest wait in ms: what takes a second on a quiet machine has taken a minute on a busy one. */
const LONGEST_MS = 180_000;

/**
 * Waits until something is found.
 * @param what it is, for the error. @param said what the processes have said, for the error.
 * @returns the first value of `find` that is not false, null or undefined.
 * @throws Error after three minutes, with `what` and what was said
 */
export async function until<T>(
  what: string,
  find: () => T | Promise<T>,
  said: () => string | Promise<string> = () => "",
): Promise<Exclude<T, false | null | undefined>> {
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; await pause(50)) {
    const found = await find();
    if (found !== false && found !== null && found !== undefined)
      return found as Exclude<T, false | null | undefined>;
  }
  throw new Error(`not within ${LONGEST_MS / 1000} s: ${what}\n${await said()}`);
}
