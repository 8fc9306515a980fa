export { initHub, openHub, withHub, DEFAULT_SETTINGS, type Hub, type HubSettings } from "./hub.js";
export { serveHubFolder, doWhatIsDue, type ServeOptions, type RunningHub } from "./serve.js";
export { checkHost } from "./store/host.js";
export { HubError, type HubErrorCode } from "./errors.js";
export { invite, inviteAll, InvitationError, type Invitation } from "./enrolment/invite.js";
export { readInvitations } from "./enrolment/invitation-file.js";
export { addToGroup, removeFromGroup } from "./enrolment/members.js";
export {
  forgetPractice,
  renamePractice,
  whatForgettingDoes,
  type ForgettingSummary,
} from "./enrolment/change-practice.js";
export { admit, revoke, waitingForAdmission, type WaitingAgent } from "./enrolment/admit.js";
export { listPractices, practiceLine, type ListedPractice } from "./enrolment/practices.js";
export { publishLibrary, type PublishedVersion } from "./library/publish.js";
export { onlineKey } from "./library/repository.js";
export { requireMayAsk } from "./schedules/askers.js";
export { addSchedule, pauseSchedule, type AddedSchedule, type NewSchedule } from "./schedules/schedules.js";
export { listSchedules, type LaterMember, type ListedSchedule } from "./schedules/list.js";
export { addedWords, listedWords, nobodyWords } from "./schedules/words.js";
export { CATCH_UP, EVERY, usualCron } from "./schedules/due.js";
export { heldReleases, type HeldRelease } from "./runs/held.js";
export { closeCollections, closeNow, setAsideOf, type SetAsideCollection } from "./comparisons/close.js";
export { openCollections, openLines, type OpenCollection } from "./comparisons/open.js";
export { hubStatus, type HubStatus } from "./operator/status.js";
export { commandLine, statusText } from "./operator/status-text.js";
export { charterJson } from "./library/charters.js";
export { comparisonsJson, unnamedJson } from "./comparisons/json.js";
export { lookAt } from "./comparisons/reader.js";
export { comparisonText } from "./comparisons/text.js";
export { backupHub, restoreHub } from "./backup.js";
export { addRoot, dropRoot, replaceIssuer } from "./operator/succession.js";
export { authorityStatus, type AuthorityStatus } from "./operator/authority-status.js";
export { witnessStates } from "./witnesses/gather.js";
export { logVkey } from "./witnesses/policy.js";
export { exportForPractice, exportLines, logExport } from "./export.js";
export { beginNewLog, type NewLog } from "./new-log.js";
export {
  addPerson,
  disablePerson,
  linkPerson,
  listPeople,
  type ListedPerson,
  type NewPerson,
  type NewPersonLink,
} from "./people/people.js";
export { pagesAddress } from "./pages/address.js";
export { setProvider, type NewProvider } from "./people/provider.js";
export { importReferences, type ImportOutcome } from "./references/keep.js";
export { requireMay } from "./people/named.js";
