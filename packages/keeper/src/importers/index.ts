export { FORMATS } from "./formats.js";
export { importRecords, type ImportReport, type ImportRequest } from "./import.js";
export { ImportError, type ImportErrorCode } from "./errors.js";
