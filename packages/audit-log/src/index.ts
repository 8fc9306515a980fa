export { AuditLog, indexIn, placeOf, type LogOptions, type LogPosition } from "./log.js";
export { isCopy, markCopy, unmarkCopy } from "./copy.js";
export type { Entry, EntryBody } from "./entry.js";
export {
  cosign,
  cosignedAt,
  openCheckpoint,
  peekCheckpoint,
  stampedAt,
  stampOf,
  type Checkpoint,
  type NoteKey,
} from "./note.js";
export { verifyConsistency, verifyInclusion } from "./merkle.js";
export { ReplayedLog } from "./replay.js";
export { readExport, verifyExport, verifyLog, type ClaimedExport, type Verdict } from "./verify.js";
export { provenEntry } from "./proven.js";
