export { groupPage, groupsPage } from "./hub/groups.js";
export { comparisonPage } from "./hub/comparison.js";
export { noSuchPage, notAllowedPage } from "./hub/frame.js";
export { notForYou, nothingHere, notNow, questionPath, worklistPath } from "./practice/frame.js";
export {
  type AskedQuery,
  type OwnQuestion,
  type PracticeHome,
  practiceHome,
  type RunsAlike,
  type ToDecide,
} from "./practice/home.js";
export { type OwnNumbers, type PracticeQuestion, practiceQuestion } from "./practice/question.js";
export {
  chooseWorklist,
  type Option,
  type PracticeWorklist,
  practiceWorklist,
  type WorklistRow,
} from "./practice/worklist.js";
export { type PracticeRun, practiceRun } from "./practice/run.js";
