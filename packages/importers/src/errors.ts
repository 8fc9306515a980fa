/** Errors of an import, in words for the person who hands the records over, without a word of a record. */

export type ImportErrorCode =
  | "no-files" // nothing at the path, or nothing of this format
  | "unreadable" // a file cannot be opened, or ends before its end
  | "not-this-format" // columns missing, another delimiter, another encoding, no JSON
  | "too-many-bad" // so many rows are bad that the file is not what it claims to be
  | "nothing-taken" // it brings no person, or no row that can be taken
  | "two-practices" // records of more than one practice
  | "needs-yes" // more would go than anybody should take away unasked
  | "beyond-events" // complete to a day long after the newest events, and nobody said that this is meant
  | "older-extract" // complete to an earlier day than the records, and nobody said that this is meant
  | "no-registrations" // the extract carries none, and nothing says what to use instead
  | "wrong-option"; // an option that does not fit

const exits: Record<ImportErrorCode, 1 | 2 | 3 | 4> = {
  "no-files": 4,
  unreadable: 4,
  "not-this-format": 1,
  "too-many-bad": 1,
  "nothing-taken": 1,
  "two-practices": 1,
  "needs-yes": 1,
  "beyond-events": 3,
  "older-extract": 1,
  "no-registrations": 2,
  "wrong-option": 2,
};

export class ImportError extends Error {
  readonly code: ImportErrorCode;
  readonly exit: 1 | 2 | 3 | 4;

  constructor(code: ImportErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ImportError";
    this.code = code;
    this.exit = exits[code];
  }
}
