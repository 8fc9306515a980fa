import { CairnError, type ErrorKind } from "@cairn/errors";

const KIND = {
  "extracts-stopped": "does-not-hold", // no more extracts are taken until somebody does something
  "no-folder": "wrong-use", // the folder that is to be watched is not there, and is not the one that is noted
} as const satisfies Record<string, ErrorKind>;

/** One line: what, where, what to do. */
export class WatchError extends CairnError<keyof typeof KIND> {
  readonly kind = KIND[this.code];
}
