export { type AskedComparison, groupPage, groupsPage } from "./hub/groups.js";
export { comparisonPage } from "./hub/comparison.js";
export { noSuchPage, notAllowedPage } from "./hub/frame.js";
export { nothingHere } from "./practice/frame.js";
export { type AskedQuery, type PracticeHome, practiceHome } from "./practice/home.js";
export { type PracticeRun, practiceRun } from "./practice/run.js";
