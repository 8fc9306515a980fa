export { exactly, interval, largestPossibleShare, sum, type Interval } from "./interval.js";
export { proportion, wilson, Z95, Z998 } from "./proportion.js";
export { intervalQuantile, median, quantile, quartiles } from "./quantile.js";
export { HiddenSums } from "./hidden-sums.js";
export type { MemberSum } from "./member-sums.js";
export { ShownSums } from "./shown-sums.js";
export { Span } from "./span.js";
