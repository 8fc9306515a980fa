export { FORMATS, importRecords, type ImportReport, type ImportRequest } from "./import.js";
export { ImportError, type ImportErrorCode } from "./errors.js";
