export { cellsJson, type ComparisonJson, groupFigure, type GroupJson, linesOf } from "./json.js";
export {
  absences,
  absenceWords,
  FEW_ASKED,
  TOO_CLOSE,
  BOTH_NUMBERS,
  carriedWords,
  figureWords,
  joinerWords,
  noMiddleWords,
  percentOrNot,
  releasedWords,
  sentence,
  sumWords,
  waitsForFifth,
} from "./words.js";
export { type Contribution, FEWEST, type Figure, type FigureState, share, type Side } from "./figure.js";
export {
  type CollectedAnswers,
  isInTime,
  type Member,
  type MemberCell,
  releasedIn,
  type ShownParts,
  type Value,
} from "./collected.js";
export { cellKey, type Family, type ShownSum, sumsOf, unitOf } from "./family.js";
export { ALL_RULES, decideFigures } from "./decide-figures.js";
export { dominatedSides } from "./dominated.js";
export {
  type Alarm,
  COMPARISON_STATES,
  comparisonState,
  type ComparisonState,
  STATE_WORDS,
} from "./states.js";
export {
  afterReport,
  hasForgotten,
  mayClaim,
  OPEN_STATES,
  type RequestState,
  RUN_STATES,
  type RunState,
  SETTLED_STATES,
} from "./run-states.js";
export { optOutWords } from "./opt-outs.js";
export { isOffline } from "./offline.js";
export { type CellModel, splitsOf } from "./model.js";
export {
  type AnswerCounts,
  type BesideFacts,
  type ComparisonDocument,
  type ComparisonModel,
  documentOf,
  madeCounts,
  type GroupNote,
  modelOf,
  NOTHING_BESIDE,
  type PracticeCounts,
  type PublishedReference,
  totalOf,
} from "./document.js";
export { namesOf, type GroupConsents, type Names } from "./names.js";
export { mayShowDots, type ShownDots } from "./dots-apart.js";
export { type CellCounts, type DocumentCell, placed } from "./document-cell.js";
export { documentBytes, documentDigest, readDocument } from "./document-bytes.js";
export { ComparisonError, type ComparisonFault } from "./document-error.js";
export type { Place } from "./strip.js";
export { releasedCells } from "./released-cells.js";
export * from "./question/index.js";
