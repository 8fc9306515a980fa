/** The part that a process takes that compares: R's functions are loaded when the first of them is needed. */
export {
  exactly,
  interval,
  largestPossibleShare,
  median,
  proportion,
  quantile,
  sum,
  toInterval,
  type Interval,
  type Value,
} from "./interval.js";
export { tail, z, type Level } from "./normal.js";
export { wilson } from "./wilson.js";
export { difference } from "./difference.js";
export { funnelLimits, overdispersion, type Overdispersion } from "./funnel.js";
export { position, type Position } from "./position.js";
export { HiddenSums } from "./hidden-sums.js";
export type { MemberSum } from "./member-sums.js";
export { xmr, type XmrRule } from "./xmr.js";
export { ShownSums } from "./shown-sums.js";
export { Span } from "./span.js";
export { directlyStandardisedRate, indirectlyStandardisedRatio } from "./standardised.js";
export { europeanStandardPopulation } from "./standard-population.js";
