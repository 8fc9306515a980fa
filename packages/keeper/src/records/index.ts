export { openRecords, type OpenRecordsOptions, type Records } from "./store.js";
export type { RecordBasis, StoreTotals } from "./load.js";
export type { Quality } from "./quality/quality.js";
export { CARRIES, factWords, lackedBy } from "./carries.js";
