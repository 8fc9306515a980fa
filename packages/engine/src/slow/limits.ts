/** Whether a number, or an interval that stands for one, keeps limits. */
import type { Limit } from "@cairn/query-library";
import type { Reading } from "./readings.js";

/** The interval of the true number. An end that is not included is not reached; -Infinity and Infinity are no end. */
export interface Interval {
  readonly low: number;
  readonly lowIncluded: boolean;
  readonly high: number;
  readonly highIncluded: boolean;
}

type Decision = "kept" | "broken" | "open";

/**
 * The interval of a reading: "<5" lies anywhere below 5, "<=5" at 5 or below; without a comparator, and with "~", it
 * is the number itself.
 */
export function intervalOf({ number, comparator }: Reading): Interval {
  const exactly: Interval = { low: number, lowIncluded: true, high: number, highIncluded: true };
  switch (comparator) {
    case null:
    case "~":
      return exactly;
    case "<":
      return { ...exactly, low: -Infinity, highIncluded: false };
    case "<=":
      return { ...exactly, low: -Infinity };
    case ">":
      return { ...exactly, high: Infinity, lowIncluded: false };
    case ">=":
      return { ...exactly, high: Infinity };
  }
}

/** The decision of several limits: kept where all are kept, broken where any is broken, otherwise open. */
export function decided(interval: Interval, limits: readonly Limit[]): Decision {
  const decisions = limits.map((limit) => decidedOne(interval, limit));
  if (decisions.includes("broken")) return "broken";
  return decisions.includes("open") ? "open" : "kept";
}

/** The decision of one limit: kept where the whole interval keeps it, broken where the whole interval breaks it. */
function decidedOne({ low, lowIncluded, high, highIncluded }: Interval, { op, x }: Limit): Decision {
  switch (op) {
    case "at_least":
      if (low >= x) return "kept";
      return high < x || (high === x && !highIncluded) ? "broken" : "open";
    case "above":
      if (low > x || (low === x && !lowIncluded)) return "kept";
      return high <= x ? "broken" : "open";
    case "at_most":
      if (high <= x) return "kept";
      return low > x || (low === x && !lowIncluded) ? "broken" : "open";
    case "below":
      if (high < x || (high === x && !highIncluded)) return "kept";
      return low >= x ? "broken" : "open";
  }
}
