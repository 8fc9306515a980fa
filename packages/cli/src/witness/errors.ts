import { CairnError, type ErrorKind } from "@cairn/errors";

/** Codes of what a witness's officer meets, each with its kind. */
const KIND = {
  exists: "wrong-use", // init over a witness that is there
  "key-wrong": "wrong-use", // no key of a log, or no policy that names one
  "policy-wrong": "wrong-use", // a file that is no witness policy
  "address-wrong": "wrong-use", // no address of a page: a hub's, or another witness's
  "no-witness": "unavailable", // no witness in this folder
  "witness-unreadable": "unavailable", // its file or its key is not what a witness wrote
  running: "unavailable", // another process signs with this folder
  "disk-full": "unavailable",
  "hub-unavailable": "unavailable", // it does not answer, or not with a checkpoint
  "log-unknown": "refused", // the hub shows a log that this witness was not told of
  "not-signed": "refused", // by the log's key
  "another-history": "does-not-hold", // the log's checkpoint does not extend the one signed before
} as const satisfies Record<string, ErrorKind>;

export class WitnessError extends CairnError<keyof typeof KIND> {
  readonly kind = KIND[this.code];
}
