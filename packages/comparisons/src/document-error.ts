import { CairnError } from "@cairn/errors";

/** Reasons for which bytes are no comparison's document. */
export type ComparisonFault = "comparison-malformed";

export class ComparisonError extends CairnError<ComparisonFault> {
  readonly kind = "does-not-hold";
}

/** @param why what is wrong with the document, as "its date is no date" */
export function malformed(why: string, cause?: unknown): ComparisonError {
  return new ComparisonError(
    "comparison-malformed",
    `This is no comparison that this version reads: ${why}. Ask the hub for it again.`,
    cause === undefined ? {} : { cause },
  );
}
