export { acceptancesText, type Acceptance } from "./acceptances.js";
export {
  acceptancesPath,
  bodyDigest,
  bodyRole,
  delegationsTo,
  keyFingerprint,
  type Body,
  type BodyQuorum,
} from "./delegation.js";
export { decodeDelivery, deliveryOf, encodeDelivery } from "./delivery.js";
export { metadataKey, newKey, publicKeyText, readPublicKey, signingKey } from "./keys.js";
export type { KeyKind, PublicKey, SignerKind, SigningKey } from "./keys.js";
export { LibraryError, type LibraryErrorCode } from "./library-error.js";
export {
  DAYS,
  isOfSameTargets,
  makeRoot,
  makeTargets,
  metadataBytes,
  parseRoot,
  parseTargets,
  signMetadata,
  signOnline,
  targetFiles,
  versionOf,
  versionsIn,
  type SignerKeys,
} from "./metadata.js";
export { LibraryRefusal, type LibraryRefusalCode } from "./refusal.js";
export { fingerprint, readRoot, rootFingerprint, signersOfRoot } from "./root.js";
export { runOver, targetFile, Update, updateLibrary } from "./update.js";
export type { DeliveredFiles, UpdateRun, TrustedFiles, TrustedLibrary } from "./update.js";
