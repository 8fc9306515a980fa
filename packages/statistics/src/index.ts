export * from "./intervals.js";
export { byar, exactPoisson } from "./poisson.js";
export type { Estimate, Stratum } from "./standardised.js";
export { xmr, type XmrChart, type XmrPoint, type XmrRule } from "./xmr.js";
export { anhoejLimits, anhoejRuns, type AnhoejLimits, type AnhoejRuns } from "./anhoej.js";
export { betaBinomial, shrink, type BetaPrior, type ShrunkEstimate } from "./beta-binomial.js";
export { betaQuantile } from "./beta.js";
