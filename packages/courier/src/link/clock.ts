/** The hub's clock beside this machine's. */

/**
 * The hub's clock less this machine's, in whole seconds.
 * @param hubClock cut to the second, as HTTP says it. @param now when it was heard. Milliseconds since 1970, both.
 */
export function secondsAhead(hubClock: number, now: number): number {
  return Math.round((hubClock + 500 - now) / 1000);
}
