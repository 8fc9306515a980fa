export { initHub, openHub, withHub, DEFAULT_SETTINGS, type Hub, type HubSettings } from "./hub.js";
export { serveHubFolder, doWhatIsDue, type ServeOptions, type Serving } from "./serve.js";
export { HubError, type HubErrorCode } from "./errors.js";
export { STEPS, type CrashPoint, type Step } from "./config.js";
export { invite } from "./enrolment/invite.js";
export { admit, revoke, waitingForAdmission, type Waiting } from "./enrolment/admit.js";
export { listPractices, practiceLine, type ListedPractice } from "./enrolment/practices.js";
export { publishLibrary, type Published } from "./library/publish.js";
export {
  addSchedule,
  listSchedules,
  pauseSchedule,
  type ListedSchedule,
  type NewSchedule,
} from "./schedules/schedules.js";
export { CATCH_UP, EVERY } from "./schedules/due.js";
export { heldReleases, type HeldRelease } from "./runs/held.js";
export { RUN_STATES, type RunState } from "./runs/states.js";
export { closeCollections, closeNow, setAsideOf, type SetAside } from "./comparisons/close.js";
export { comparisonsJson, type ComparisonJson, type GroupJson } from "./comparisons/json.js";
export { comparisonText } from "./comparisons/text.js";
export { contributeWords, figureWords } from "./comparisons/words.js";
export { COMPARISON_STATES, type ComparisonState } from "./comparisons/states.js";
export { backupHub, restoreHub } from "./backup.js";
export { exportLines } from "./export.js";
export { beginNewLog, type NewLog } from "./new-log.js";
