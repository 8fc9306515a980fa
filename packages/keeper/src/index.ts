export * from "./practice.js";
export { noticeRecords } from "./watch.js";
export { libraryReader } from "./trust/library.js";
export { loadSolver } from "./releases/solver.js";
export { askedAs } from "./work/make.js";
export { optOutsOfPreview } from "./releases/opt-outs.js";
export { previewReleases } from "./work/preview.js";
export { chooseList, type ChosenList, headingLines, optedOutWords } from "./worklists/lists.js";
export { type ListedPerson, worklistOf } from "./worklists/people.js";
