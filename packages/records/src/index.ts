export { type NewestExtract, openRecords, type OpenRecordsOptions, type Records } from "./store.js";
export type { RecordBasis } from "./import-record.js";
export type { LeftOutCounts } from "./left-out.js";
export { type StoreTotals, Load } from "./load.js";
export { type Quality, type QualityQuestion } from "./quality/quality.js";
export { QUIET_DAYS, type Reach } from "./quality/reach.js";
export { FORMAT_COVERAGE, factWords, lackedBy, emptyCodelists } from "./format-coverage.js";
export { newestQuality, type NewestQuality } from "./newest-quality.js";
export {
  LEFT_OUT_LIST_MISSING,
  optOutCodes,
  OptOutError,
  requireLeftOutList,
  withoutOptOuts,
} from "./opt-outs.js";
export { requireAnswerable, UnanswerableError, unsplittable } from "./answerable.js";
export { thinMonths } from "./volume.js";
export { isAwaited, NO_DAY } from "./waiting-people.js";
export { type Coding, ownCopy } from "./dictionary.js";
export { type EthnicCode } from "./ethnic-groups.js";
export { type KeptRow } from "./kept-rows.js";
export { type KeptPeople } from "./kept-people.js";
export { type PatientFacts } from "./given-people.js";
export { type GivenMap, type MapEntry, paddedRead } from "./code-map.js";
export { type Removal } from "./row-holders.js";
export { rowId, rowIdOfGuid } from "./row-id.js";
export { type PeopleChanges } from "./people-changes.js";
export { type RemovedCounts } from "./remove-people.js";
export { NOTHING_WRITTEN } from "./write-events.js";
