import { CairnError, type ErrorKind } from "@cairn/errors";

export type LibraryErrorCode =
  | "name-wrong"
  | "key-wrong"
  | "passphrase-wrong"
  | "folder-wrong" // not a library's folder, or not in the state that the command needs
  | "library-wrong" // queries that do not check, or changed without a new version
  | "unsigned" // signatures are missing
  | "may-not-sign" // the key is not asked to sign this, or wrote what it would sign
  | "disk-full";

const KINDS: Readonly<Record<LibraryErrorCode, ErrorKind>> = {
  "name-wrong": "wrong-use",
  "key-wrong": "wrong-use",
  "passphrase-wrong": "wrong-use",
  "folder-wrong": "wrong-use",
  "library-wrong": "does-not-hold",
  unsigned: "refused",
  "may-not-sign": "refused",
  "disk-full": "unavailable",
};

/** A step of signing the library cannot be done: one line on why, and what to do. */
export class LibraryError extends CairnError<LibraryErrorCode> {
  readonly kind = KINDS[this.code];
}
