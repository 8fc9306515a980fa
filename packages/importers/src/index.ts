export { FORMATS } from "./formats.js";
export { importRecords, type ImportRequest } from "./import.js";
export type { ImportReport } from "./report.js";
export { ImportError, type ImportErrorCode } from "./errors.js";
export { type Command, splitCommand } from "./decrypt.js";
export type { ExtractFacts } from "./importer.js";
export { lackedBy, lookAt } from "./look.js";
export { dayOfMoment, lastWholeDay } from "./moments.js";
export type { DeprivationTables } from "./deprivation.js";
