export { changes, type Changes, type FileChange, type KeyChange, type QueryChange } from "./changes.js";
export type { Missing } from "./asked.js";
export { openKey, pubOf, readPub, writeNewKey, type WrittenKey } from "./person-key.js";
export {
  addToNext,
  delegateTo,
  initWorkspace,
  renew,
  rotate,
  type Additions,
  type KeyChanges,
  type Prepared,
} from "./prepare.js";
export {
  exportDelivery,
  publishedFiles,
  publishedRoot,
  readyToPublish,
  takePublished,
  type Ready,
} from "./publish.js";
export { requireAsked, signNext, type Signed } from "./sign.js";
export { status, type KeyAge, type Status, type Task } from "./status.js";
