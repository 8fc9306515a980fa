export {
  composePolicies,
  integersOf,
  intervalOf,
  POLICIES,
  PolicyError,
  policyNamed,
  policyOf,
  type Policy,
  type PolicyIntegers,
  type ReleasedValue,
} from "./policy.js";
export { carriedIntervalOf, cellIntervalsOf, type CarriedCode, type CellIntervals } from "./policy.js";
export { isReleasedTable, type ReleasedCell, type ReleaseCodes, type ReleasedTable } from "./released.js";
export { decide, type DecidedTable, type DecideOptions, type Decision, type RefusedTable } from "./decide.js";
export { KeptLedgers } from "./kept-ledgers.js";
export type { CellReasons } from "./released.js";
export type { Certificate, Digests } from "./certificate.js";
export type { LpSolver } from "./linear-program.js";
export {
  keptFrom,
  memoryHistory,
  YEARS_KEPT,
  type History,
  type HistoryCell,
  type HistoryEntry,
  type HistorySide,
  type MemoryHistory,
} from "./history.js";
export { decodeEntry, encodeEntry } from "./entry-bytes.js";
export { restoredEntry, placed } from "./given-back.js";
export { REASON_WORDS, REASONS, type Reason } from "./reason.js";
export { DisclosureError, type UndecidedTable, type Side } from "./table.js";
export { preflight, type Preflight, type PreflightQuestion, type PreflightSplit } from "./preflight.js";
export type { DemographicLimits } from "./typical-shares.js";
