export { AuditLog, indexIn, placeOf, type LogOptions, type LogPosition } from "./log.js";
export { isCopy, markCopy, unmarkCopy } from "./copy.js";
export { sealedLine, type Entry, type EntryBody, type SealedEntry } from "./entry.js";
export {
  cosign,
  cosignedAt,
  joinCosignatures,
  openCheckpoint,
  peekCheckpoint,
  stampedAt,
  stampOf,
  type Checkpoint,
} from "./note.js";
export { readVkey, vkeyOf, type KeyUse, type NoteKey } from "./vkey.js";
export {
  asksNobodyElse,
  quorum,
  readPolicy,
  type Policy,
  type PolicyVerdict,
  type Witness,
} from "./policy.js";
export {
  WITNESS_REQUEST_BYTES,
  printWitnessRequest,
  readWitnessRequest,
  type WitnessRequest,
} from "./witness-request.js";
export { printEntryProof, proves, readEntryProof, type EntryProof } from "./entry-proof.js";
export { weigh, type WitnessVerdict } from "./weigh.js";
export { verifyConsistency, verifyInclusion } from "./merkle.js";
export { ReplayedLog } from "./replay.js";
export { readExport, verifyExport, verifyLog, type ClaimedExport, type Verdict } from "./verify.js";
export { provenEntry } from "./proven.js";
export { witnessedEntry, type WitnessedEntry } from "./witnessed.js";
