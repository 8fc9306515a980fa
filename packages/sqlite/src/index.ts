export { assertSound, openDatabase, type Database, type OpenOptions, type Statement } from "./open.js";
export { backup, inTransaction } from "./write.js";
export { explained, SqliteError, type SqliteErrorCode } from "./errors.js";
