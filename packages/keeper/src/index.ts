export * from "./records/index.js";
export * from "./importers/index.js";
export * from "./practice/index.js";
export { noticeRecords } from "./watch.js";
export { libraryReader } from "./trust/library.js";
export { requireAnswerable, UnanswerableError, unsplittable } from "./answering/answerable.js";
export { optOutCodes, withoutOptOuts } from "./answering/opt-outs.js";
export { loadSolver } from "./releases/solver.js";
export { askedAs, previewReleases } from "./releases/preview.js";
