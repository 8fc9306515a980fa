export * from "./practice.js";
export { noticeRecords } from "./watch.js";
export { libraryReader } from "./trust/library.js";
export { emptyListsOf, emptyListWords, thinDates, type ThinDate, thinWords } from "./answering/doubts.js";
export { askedLine, groupLine, standingLines } from "./status-words.js";
export { loadSolver } from "./releases/solver.js";
export { askedAs, previewReleases } from "./releases/preview.js";
export { chooseList, type ChosenList, headingLines, optedOutWords } from "./worklists/lists.js";
export { type ListedPerson, worklistOf } from "./worklists/people.js";
