import { CairnError, type ErrorKind } from "@cairn/errors";

const KIND = {
  "charter-malformed": "refused", // signed bytes that are not a charter's own
} as const satisfies Record<string, ErrorKind>;

/** One line: which charter, what is wrong with it, what to do. */
export class CharterError extends CairnError<keyof typeof KIND> {
  readonly kind = KIND[this.code];
}
