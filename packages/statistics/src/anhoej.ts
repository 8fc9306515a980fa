import { qbinom } from "./r.js";
import { median, toInterval, type Interval, type Value } from "./interval.js";

/** Longest run and fewest crossings of the median that chance explains. */
export interface AnhoejLimits {
  /** A longer run is a signal. */
  readonly longestRun: number;
  /** Fewer crossings are a signal. */
  readonly crossings: number;
}

/** The runs of a series about its median, each number at least and at most for the completions of its intervals. */
export interface AnhoejRuns {
  readonly median: Interval;
  /** Points that are not on the median. */
  readonly useful: Interval;
  readonly longestRun: Interval;
  readonly crossings: Interval;
  /** Of as many useful points as there may be at most. */
  readonly limits: AnhoejLimits;
  /** Whether the series is more than chance: for every completion, for one at least, or for none. */
  readonly signal: "yes" | "possible" | "no";
}

/**
 * Returns the limits for a number of useful points, 1 or more (Anhoej and Olesen 2014, PLoS ONE 9:e113825): longest run
 * round(log2 n) + 3, crossings the 5 % quantile of binomial(n - 1, 0.5).
 * @throws RangeError for less than one
 */
export function anhoejLimits(useful: number): AnhoejLimits {
  if (!(useful >= 1)) throw new RangeError(`limits of ${useful} points`);
  return { longestRun: Math.round(Math.log2(useful)) + 3, crossings: qbinom(0.05, useful - 1, 0.5) };
}

/** Where a point lies about the median; `unknown` also covers on it. */
type Side = "above" | "below" | "on" | "unknown";

/**
 * Returns the runs of values in their order of time about their median, points on it dropped, and whether they are a
 * signal: longest run above its limit, or crossings below theirs. For intervals the bounds are outer ones: no signal
 * is "yes" that one completion lacks.
 * @throws RangeError for no values
 */
export function anhoejRuns(values: readonly Value[]): AnhoejRuns {
  const known = values.map(toInterval);
  const middle = median(known);
  const sides = known.map((value): Side => sideOf(value, middle)).filter((side) => side !== "on");
  const fewest = sides.filter((side) => side !== "unknown").length;
  const runs = { low: longestRun(sides, "breaks"), high: longestRun(sides, "joins") };
  const crossings = { low: crossingsOf(sides, Math.min), high: crossingsOf(sides, Math.max) };
  const most = anhoejLimits(Math.max(1, sides.length));
  const least = anhoejLimits(Math.max(1, fewest));
  const sure = fewest > 0 && (runs.low > most.longestRun || crossings.high < least.crossings);
  const may = sides.length > 0 && (runs.high > least.longestRun || crossings.low < most.crossings);
  return {
    median: middle,
    useful: { low: fewest, high: sides.length },
    longestRun: runs,
    crossings,
    limits: most,
    signal: sure ? "yes" : may ? "possible" : "no",
  };
}

function sideOf(value: Interval, middle: Interval): Side {
  if (value.low > middle.high) return "above";
  if (value.high < middle.low) return "below";
  return value.low === value.high && middle.low === middle.high ? "on" : "unknown";
}

/** The longest run where an unknown point breaks each run that it meets, or may join any. */
function longestRun(sides: readonly Side[], unknown: "breaks" | "joins"): number {
  let longest = 0;
  for (const side of ["above", "below"]) {
    let run = 0;
    for (const each of sides) {
      run = each === side || (each === "unknown" && unknown === "joins") ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
  }
  return longest;
}

/** The fewest or the most crossings, an unknown point taken as above, below or dropped. */
function crossingsOf(sides: readonly Side[], best: (...counts: number[]) => number): number {
  const worst = best(0, 1) === 0 ? Infinity : -Infinity;
  let [above, below, none] = [worst, worst, 0]; // crossings so far, by the side of the last useful point
  for (const side of sides) {
    const up = side === "below" ? worst : best(above, below + 1, none);
    const down = side === "above" ? worst : best(below, above + 1, none);
    if (side === "unknown") [above, below] = [best(up, above), best(down, below)];
    else [above, below, none] = [up, down, worst];
  }
  return best(above, below, none);
}
