export { openRecords, type OpenRecordsOptions, type Records } from "./store.js";
export type { RecordBasis } from "./import-record.js";
export type { StoreTotals } from "./load.js";
export type { Quality } from "./quality/quality.js";
export { QUIET_DAYS } from "./quality/reach.js";
export { CARRIES, factWords, lackedBy } from "./carries.js";
export { newestQuality, type NewestQuality } from "./newest-quality.js";
