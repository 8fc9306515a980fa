export {
  exactly,
  interval,
  largestPossibleShare,
  sum,
  toInterval,
  type Interval,
  type Value,
} from "./interval.js";
export { tail, z, type Level } from "./normal.js";
export { proportion, wilson } from "./proportion.js";
export { byar, exactPoisson } from "./poisson.js";
export { difference } from "./difference.js";
export {
  directlyStandardisedRate,
  indirectlyStandardisedRatio,
  type Estimate,
  type Stratum,
} from "./standardised.js";
export { median, quantile } from "./quantile.js";
export { funnelLimits, overdispersion, type Overdispersion } from "./funnel.js";
export { xmr, type XmrChart, type XmrPoint, type XmrRule } from "./xmr.js";
export { anhoejLimits, anhoejRuns, type AnhoejLimits, type AnhoejRuns } from "./anhoej.js";
export { betaBinomial, shrink, type BetaPrior, type ShrunkEstimate } from "./beta-binomial.js";
export { betaQuantile } from "./beta.js";
export { position, type Position } from "./position.js";
export { HiddenSums } from "./hidden-sums.js";
export type { MemberSum } from "./member-sums.js";
export { ShownSums } from "./shown-sums.js";
export { Span } from "./span.js";
