/** Compares the hub's clock with this machine's. */

/**
 * The hub's clock less this machine's, in whole seconds.
 * @param hubClock in ms since 1970, cut to the second as HTTP states it.
 * @param now in ms since 1970, when it arrived.
 */
export function secondsAhead(hubClock: number, now: number): number {
  return Math.round((hubClock + 500 - now) / 1000);
}
