/** Errors of an import, in words for the person who hands the records over, without a word of a record. */
import { CairnError, type ErrorKind } from "@cairn/errors";

const KIND = {
  "no-files": "unavailable", // nothing at the path, or nothing of this format
  unreadable: "unavailable", // a file cannot be opened, or ends before its end
  encrypted: "unavailable", // a file cannot be decrypted, or nobody said how
  "not-this-format": "does-not-hold", // columns missing, another delimiter, another encoding, no JSON
  "too-many-bad": "does-not-hold", // so many rows are bad that the file is not what it claims to be
  "nothing-taken": "does-not-hold", // it brings no person, or no row that can be taken
  "two-practices": "does-not-hold", // records of more than one practice
  "needs-yes": "does-not-hold", // more would go than anybody should take away unasked
  "beyond-events": "refused", // complete to a day long after the newest events, and nobody said that this is meant
  "older-extract": "does-not-hold", // complete to an earlier day than the records, and nobody said that this is meant
  gap: "does-not-hold", // of several extracts given at once, one between two is missing
  "no-registrations": "wrong-use", // the extract carries none, and nothing says what to use instead
  "wrong-option": "wrong-use", // an option that does not fit
} as const satisfies Record<string, ErrorKind>;

export type ImportErrorCode = keyof typeof KIND;

/** One line: which file, what is wrong with it, what to do. */
export class ImportError extends CairnError<ImportErrorCode> {
  readonly kind = KIND[this.code];
}
