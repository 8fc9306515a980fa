export { whereabouts } from "./whereabouts.js";

/** The kind of failure that an error is, and so what the person who meets it can do. */
export type ErrorKind =
  | "wrong-use" // what was asked cannot be asked so: correct it
  | "refused" // a rule, a signature or a decision forbids it
  | "unavailable" // a file, a process or a network that it needs is not there, or not whole
  | "does-not-hold"; // what was to be checked, read or proved is not so

/**
 * Base of every error that somebody foresaw. `message` is one line for the person who meets it: what, where, what to
 * do; it holds no patient data. `code` is one of the closed union of its class. Any other error is a fault of ours.
 */
export abstract class CairnError<Code extends string> extends Error {
  readonly code: Code;
  abstract readonly kind: ErrorKind;

  constructor(code: Code, words: string, options?: ErrorOptions) {
    super(words, options);
    this.name = new.target.name;
    this.code = code;
  }
}
