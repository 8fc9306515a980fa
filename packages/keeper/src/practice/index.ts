/** What the practice's commands need: its store and its say, without records, engine or link, so that they start at once. */
export { KeeperError, type KeeperErrorCode } from "../errors.js";
export { handedInDescriptor } from "../config.js";
export { databaseFile, isThere, keeperFolder, keyFile, recordsFile, socketFile } from "../store/folder.js";
export { assertNotRunning } from "../store/lock.js";
export { hadRecords, knowsRecords } from "../store/had-records.js";
export { initKeeper, KeeperStore, logOrigin, publicKeyOf } from "../store/store.js";
export { restoreKeeper } from "../store/restore.js";
export { keeperStatus, type KeeperStatus } from "../status.js";
export { FORMATS } from "../importers/formats.js";
export { networkOfKeeperOn } from "../link/ask.js";
export { retryRuns } from "../runs/retry.js";
export { allRules, parseRule, ruleText } from "./rules.js";
export { noteLook } from "./looked.js";
export * from "./say.js";
export { mayAsk, type MayAsk } from "./may-ask.js";
export { allowCorrection, withdraw } from "./withdraw.js";
