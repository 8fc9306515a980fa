import { CairnError } from "@cairn/errors";

/** Reasons for which a delivery of the library is not taken. Each is a code of the wire too. */
export type LibraryRefusalCode =
  | "library-unsigned" // signatures that the role needs are missing, or are of others
  | "library-rollback" // older than what was taken before
  | "library-mixed" // files of different publications, or bytes that are not those that were signed
  | "library-expired"
  | "library-incomplete" // a file is missing
  | "library-malformed"; // a file cannot be read

/** A delivery of the library is not taken: one line on which file, why, and what to do. */
export class LibraryRefusal extends CairnError<LibraryRefusalCode> {
  readonly kind = "refused";
}
