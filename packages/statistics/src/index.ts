export { exactly, interval, largestPossibleShare, sum, type Interval } from "./interval.js";
export { proportion, wilson, Z95, Z998 } from "./proportion.js";
export { intervalQuantile, median, quantile, quartiles } from "./quantile.js";
export { ShownSums, type MemberSum } from "./shown-sums.js";
export { Span } from "./span.js";
