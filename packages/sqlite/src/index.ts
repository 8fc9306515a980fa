export {
  assertSound,
  openDatabase,
  type Database,
  type OpenOptions,
  type ReadDatabase,
  type Statement,
} from "./open.js";
export { holdLock } from "./lock.js";
export { backup, inTransaction } from "./write.js";
export { explained, hasNoRoom, SqliteError, type SqliteErrorCode } from "./errors.js";
export { claimBackupFolder } from "./backup-folder.js";
