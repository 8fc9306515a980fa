/** The actor of a decision: each one in a log names its person, or the rule by which it was made. */

declare const named: unique symbol;

/** A name as it stands in a log: printable, on one line, 1 to 100 characters, no space at its ends. Only `actor` makes one. */
export type Actor = string & { readonly [named]: true };

const READS_THE_SAME = /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,98}[^\s\p{C}])?$/u;

/** Is a name the same wherever it stands: on a page, in a log, on a terminal? */
export function readsTheSame(name: string): boolean {
  return READS_THE_SAME.test(name);
}

export function isActor(name: string): name is Actor {
  return readsTheSame(name);
}

/** Makes an actor of a name. @throws RangeError where it is no name of one */
export function actor(name: string): Actor {
  if (isActor(name)) return name;
  throw new RangeError(
    "the name of who decides is 1 to 100 characters on one line, with no space at its ends",
  );
}
