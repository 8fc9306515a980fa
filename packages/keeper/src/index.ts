export { openRecords, type OpenRecordsOptions, type Records } from "./records/store.js";
export type { RecordBasis, StoreTotals } from "./records/load.js";
