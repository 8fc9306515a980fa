export { groupPage, charterPage, groupsPage, type GroupOverview } from "./hub/groups.js";
export { noSuchPage, notAllowedPage } from "./hub/frame.js";
export { meetingPage, packPage, type MeetingPage } from "./hub/meeting.js";
export { questionPage, type QuestionPage } from "./hub/question.js";
export { PAGE, questionParts } from "./question/parts.js";
export type { NamesView } from "./question/names.js";
export { type OwnParts, type QuestionView } from "./question/view.js";
export { bullets, commands, link } from "./components.js";
export { decisionForm, notDonePage } from "./practice/decide.js";
export {
  comparisonPath,
  notForYou,
  nothingHere,
  notNow,
  questionPath,
  worklistPath,
} from "./practice/frame.js";
export { type PracticeComparison, practiceCharter, practiceComparison } from "./practice/comparison.js";
export {
  type AskedQuery,
  type OwnQuestion,
  type PracticeHome,
  practiceHome,
  type RunsInState,
  type OpenDecision,
} from "./practice/home.js";
export type { FormProblem } from "./problems.js";
export { type OwnTotals, type PracticeQuestion, practiceQuestion } from "./practice/question.js";
export {
  chooseWorklist,
  type WorklistChoice,
  type PracticeWorklist,
  practiceWorklist,
  type WorklistRow,
} from "./practice/worklist.js";
export type { OwnNoteForm, OwnNoteProblem, PracticeNote } from "./practice/notes.js";
export { type PracticeRun, practiceRun } from "./practice/run.js";
export {
  chooseForm,
  CHOICES,
  exampleDay,
  noteNotSaved,
  writeForms,
  type NoteProblem,
} from "./question/write.js";
export { tokenField } from "./sign-in/fields.js";
export { bindAccountPage, notSignedInPage, type PageFrame, signInPage } from "./sign-in/sign-in.js";
export { firstVisitPage, linkGonePage, lookAroundPage } from "./sign-in/first-visit.js";
export { accountPage } from "./sign-in/account.js";
export { charterPath, decisionsPath, groupPath, hubLogPage, hubOfficePage, hubPage } from "./hub/frame.js";
export { practicePage } from "./practice/frame.js";
export type { Link, Page } from "./layout.js";
export { logReportPage, logReportPages, type LogReportPage } from "./officer/log-report.js";
export { logCheckPage, type LogCheckPage } from "./officer/log-check.js";
export { monthAsked, pageAsked } from "./officer/asked.js";
export { operatorPage, type OperatorPage } from "./hub/operator.js";
