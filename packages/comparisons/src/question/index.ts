export { bandsOverTime, type DecileSeries } from "./bands.js";
export { changeOf, type Change } from "./change.js";
export { expectationOf, expectationWords } from "./expectation.js";
export { duePlans, noteWords, openPlans, triedPlans } from "./plans.js";
export type { Limits } from "./limits.js";
export { ownSeriesOf, type OwnFigure } from "./own-series.js";
export {
  changeSentence,
  groupVerdict,
  limitsSentence,
  NO_REFERENCE,
  ownSentences,
  standsSentence,
  tellsNothing,
} from "./says.js";
export { changeSince, everyoneIn, seriesOf, sumIn, type Series } from "./series.js";
export { spreadOf, type Sight, type Spread } from "./spread.js";
export { standardisedByAge, STANDARD, type StandardisedSeries } from "./standardised.js";
export { byTopic, topicOf, type Topic } from "./topics.js";
export { verdictOf, type Sum, type Verdict } from "./verdict.js";
