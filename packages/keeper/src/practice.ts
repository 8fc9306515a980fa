/**
 * Everything that the practice's commands need: store and decisions, without records, engine or link, so that they
 * start at once.
 */
export { KeeperError, type KeeperErrorCode } from "./errors.js";
export { handedInSockets } from "./config.js";
export { databaseFile, isThere, keeperFolder, keyFile, socketFile } from "./store/folder.js";
export { assertNotRunning, isRunning } from "./store/lock.js";
export { hadRecords, knowsRecords } from "./store/had-records.js";
export { initKeeper, KeeperStore, logOrigin, publicKeyOf } from "./store/store.js";
export { restoreKeeper } from "./restore/restore.js";
export { keeperStatus, type KeeperStatus } from "./status.js";
export {
  askedLine,
  groupLine,
  groupRunWords,
  optOutsLine,
  standingLines,
  standsFor,
} from "./status-words.js";
export { stateWords } from "./runs/words.js";
export { emptyListsOf, emptyListWords, thinDates, type ThinDate, thinWords } from "./answering/doubts.js";
export { shortRunNames, wholeRunName } from "./runs/run.js";
export { networkOfKeeperOn } from "./link/ask.js";
export { retryRuns } from "./decisions/retry.js";
export { pinnedFingerprint, type KnownBody } from "./trust/bodies.js";
export { allRules, ANY_GROUP, charteredRules, parseRule, type Rule, ruleText } from "./approvals/rules.js";
export { logWorklistView } from "./decisions/worklist-views.js";
export { logOwnNumbersView } from "./own-numbers/views.js";
export { person } from "./store/person.js";
export { decider } from "./people/decider.js";
export { charterLines } from "./joining.js";
export { join, JOINING_WORDS, leave } from "./decisions/membership.js";
export { giveNamingConsent, withdrawConsent } from "./decisions/consent.js";
export {
  consentLine,
  consentLines,
  consentStandings,
  endedConsents,
  endedLine,
  endsOnTheirWay,
  type ConsentStanding,
} from "./consents/standing.js";
export { approve, decline } from "./decisions/approve.js";
export { approveNamed, declineNamed, whatIsMeant } from "./decisions/by-name.js";
export { keepRelease, approveRelease } from "./decisions/held-releases.js";
export { endFeed, type Feed, feedLines, feedOf, feedProblems, keepFeed } from "./feed.js";
export { courierSpeaks, linkWords } from "./link-state.js";
export { deskLines, desksHold, openDesks, ownPages, type OpenDesks } from "./desks.js";
export { isPrivate } from "@cairn/pages/own-names";
export * from "./decisions/standing-decisions.js";
export { mayAsk, signedQuery, type QuestionVerdict } from "./decisions/may-ask.js";
export { acceptHubLog, hubLog, type HubLog } from "./trust/hub-log.js";
export { trustRoot } from "./trust/root.js";
export { takeInLibrary } from "./review/library.js";
export { logLogView, practiceExportLines } from "./export.js";
export { allowCorrection, withdraw, withdrawUse } from "./decisions/withdraw.js";
export { addPerson, disablePerson, linkPerson, listPeople, type ListedPerson } from "./people/people.js";
