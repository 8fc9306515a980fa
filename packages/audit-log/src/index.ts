export { AuditLog, type LogOptions, type LogPosition } from "./log.js";
export type { Entry, EntryBody } from "./entry.js";
export { cosign, cosignedAt, openCheckpoint, type Checkpoint, type NoteKey } from "./note.js";
export { verifyConsistency, verifyInclusion } from "./merkle.js";
export { rootAt, verifyExport, type Verdict } from "./verify.js";
