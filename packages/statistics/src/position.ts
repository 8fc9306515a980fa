import { toInterval, type Value } from "./interval.js";

/** How many of the peers lie below a practice, at least and at most. */
export interface Position {
  readonly lowest: number;
  readonly highest: number;
  readonly peers: number;
}

/**
 * Returns between which numbers of peers a practice's own share may lie below: `lowest` peers are below it whatever is
 * true, `highest` may be below or equal. To be shown as a band, never as a place.
 */
export function position(own: Value, peers: readonly Value[]): Position {
  const mine = toInterval(own);
  const others = peers.map(toInterval);
  return {
    lowest: others.filter(({ high }) => high < mine.low).length,
    highest: others.filter(({ low }) => low <= mine.high).length,
    peers: peers.length,
  };
}
