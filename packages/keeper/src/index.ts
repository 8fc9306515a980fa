export * from "./records/index.js";
export * from "./importers/index.js";
export * from "./practice/index.js";
export { noticeRecords } from "./watch.js";
export { libraryReader } from "./trust/library.js";
export { loadSolver } from "./releases/solver.js";
