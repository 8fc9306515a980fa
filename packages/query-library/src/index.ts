export * from "./query.js";
export * from "./calendar.js";
export * from "./canonical.js";
export * from "./cells.js";
export * from "./problem.js";
export { parseCodelist, type CodelistNotes, type ParsedCodelist } from "./codelist.js";
export { canonicalForm, parseQuery, queryDigest, type Parsed, type ParseOptions } from "./parse/query.js";
export { BUDGET } from "./check/budget.js";
