/** Rules for new queries, as entries of a practice's log name them. */

/** The rule itself: "delegate: ceg" of "delegate: ceg, keys 1A2B-..." and of "delegate: ceg, library 7". */
export function ruleNamed(text: string): string {
  return /^delegate: [^,]*/.exec(text)?.[0] ?? text;
}

/** The version of the library in which a body gave its word; null of a rule that names none. */
export function libraryNamed(text: string): string | null {
  return /^delegate: [^,]*, library (\d+)$/.exec(text)?.[1] ?? null;
}

/**
 * The rule in force: the stricter of the practice's own and its charter's, of which either may be missing. No body's word
 * counts where the practice itself does not leave it to that body.
 */
export function ruleInForce(own: string | undefined, charters: string | undefined): string {
  const [mine, theirs] = [own, charters].map((rule) => (rule === undefined ? undefined : ruleNamed(rule)));
  const isStricter = mine === undefined || (theirs !== undefined && strictness(theirs) > strictness(mine));
  const stricter = (isStricter ? theirs : mine) ?? "ask";
  if (!isOfBody(stricter)) return stricter;
  const isAgreed = stricter === mine && (theirs === undefined || !isOfBody(theirs) || theirs === mine);
  return isAgreed ? stricter : "ask";
}

/** Greater for a stricter rule: the days for which it waits, without end for `ask`. */
function strictness(rule: string): number {
  if (rule === "accept-signed") return 0;
  if (isOfBody(rule)) return 0.5;
  return Number(/^accept-after: (\d+) days$/.exec(rule)?.[1] ?? Infinity);
}

function isOfBody(rule: string): boolean {
  return rule.startsWith("delegate: ");
}
