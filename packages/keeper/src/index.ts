export * from "./practice.js";
export { noticeRecords } from "./watch.js";
export { libraryReader } from "./trust/library.js";
export { emptyListsOf, emptyListWords, thinDates, type ThinDate, thinWords } from "./answering/doubts.js";
export { askedLine, groupLine, standingLines } from "./status-words.js";
export { loadSolver } from "./releases/solver.js";
export { askedAs } from "./work/make.js";
export { previewReleases } from "./work/preview.js";
