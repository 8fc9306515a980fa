/** What the practice's commands need: its store and its say, without records, engine or link, so that they start at once. */
export { KeeperError, type KeeperErrorCode } from "../errors.js";
export { handedInDescriptor } from "../config.js";
export { databaseFile, keeperFolder, keyFile, socketFile } from "../store/folder.js";
export { initKeeper, KeeperStore, logOrigin, publicKeyOf } from "../store/store.js";
export { restoreKeeper } from "../store/restore.js";
export { keeperStatus, type KeeperStatus } from "../status.js";
export { FORMATS } from "../importers/formats.js";
export { networkOfKeeperOn } from "../link/ask.js";
export { allRules, parseRule, ruleText } from "./rules.js";
export { noteLook } from "./looked.js";
export * from "./say.js";
export { mayAsk, type MayAsk } from "./may-ask.js";
export { acceptHubLog, hubLog, type HubLog } from "../trust/hub-log.js";
export { practiceExportLines } from "../trust/export.js";
export { allowCorrection, withdraw } from "./withdraw.js";
