export type { AcceptanceChange } from "./accepted.js";
export { changes, type Changes, type QueryChange } from "./changes.js";
export { openKey, pubOf, readPub, writeNewKey } from "./person-key.js";
export { accept, addToNext, delegateTo, initWorkspace, renew, rotate } from "./prepare.js";
export { exportDelivery, publishedFiles, publishedRoot, readyToPublish, takePublished } from "./publish.js";
export { requireAsked, signNext } from "./sign.js";
export { status, type Status } from "./status.js";
