import { CairnError } from "@cairn/errors";

type UnreachableCode =
  | "unavailable" // no connection
  | "deadline" // no answer in time
  | "cancelled" // called off from here
  | "broken"; // gone in mid call, or an answer that cannot be read

/** The other side did not answer. Whether it did what was asked is unknown. */
export class UnreachableError extends CairnError<UnreachableCode> {
  readonly kind = "unavailable";
}
