export { type AskedComparison, groupPage, groupsPage } from "./hub/groups.js";
export { comparisonPage } from "./hub/comparison.js";
export { noSuchPage, notAllowedPage } from "./hub/frame.js";
export { decisionForm, notDonePage } from "./practice/decide.js";
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
export { tokenField } from "./sign-in/fields.js";
export { type PageFrame, signInPage } from "./sign-in/sign-in.js";
export { firstVisitPage, linkGonePage, lookAroundPage } from "./sign-in/first-visit.js";
export { accountPage } from "./sign-in/account.js";
export { hubPage } from "./hub/frame.js";
export { practicePage } from "./practice/frame.js";
export type { Page } from "./layout.js";
