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
} from "./note.js";
export { readVkey, vkeyOf, type KeyUse, type NoteKey } from "./vkey.js";
export { quorum, readPolicy, type Policy, type Quorum, type Witness } from "./policy.js";
export {
  ADD_CHECKPOINT_BYTES,
  printAddCheckpoint,
  readAddCheckpoint,
  type AddCheckpoint,
} from "./add-checkpoint.js";
export { printTlogProof, proves, readTlogProof, type TlogProof } from "./tlog-proof.js";
export { verifyConsistency, verifyInclusion } from "./merkle.js";
export { ReplayedLog } from "./replay.js";
export { readExport, verifyExport, verifyLog, type ClaimedExport, type Verdict } from "./verify.js";
export { provenEntry } from "./proven.js";
