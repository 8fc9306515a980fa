export { FORMATS } from "./formats.js";
export { importRecords, type ImportRequest } from "./import.js";
export type { ImportReport } from "./report.js";
export { ImportError, type ImportErrorCode } from "./errors.js";
export { splitCommand } from "./decrypt.js";
export type { DeprivationTables } from "./deprivation.js";
