import { CairnError } from "@cairn/errors";

/** No more extracts are taken until somebody does something. */
export class WatchError extends CairnError<"extracts-stopped"> {
  readonly kind = "does-not-hold";
}
