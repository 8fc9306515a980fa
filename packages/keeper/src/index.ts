export * from "./records/index.js";
export * from "./importers/index.js";
export * from "./practice/index.js";
export { noticeRecords } from "./watch.js";
export { loadSolver } from "./releases/solver.js";
