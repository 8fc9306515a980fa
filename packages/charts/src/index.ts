export type { Chart } from "./frame.js";
export { strip, type Strip, type StripInput } from "./strip.js";
export { runChart, type RunChart, type RunChartInput } from "./run-chart.js";
export { funnel, type FunnelInput } from "./funnel.js";
export { decileBands, type DecilesInput } from "./deciles.js";
export { waterfall, type WaterfallInput } from "./waterfall.js";
export { distribution, type DistributionInput } from "./distribution.js";
