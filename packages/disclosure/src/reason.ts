/** Reasons for which a cell is withheld, for the practice's own eyes. The wire has one word for all. */

/** All reasons. Their order is stored with the history: new ones are added at the end. */
export const REASONS = [
  "g0-small",
  "g0-denominator",
  "g0-complement",
  "g0-zero-or-full",
  "g0-few-people",
  "g0-dominated",
  "g1-pair",
  "g1-values",
  "g2-combination",
  "g2-withheld-elsewhere",
  "g3-bounds",
  "g5-sticky",
  "g4-policy-changed",
  "g5-given-back",
  "g4-given-back",
  "g4-small-change",
  "g4-beside-carried",
] as const;
export type Reason = (typeof REASONS)[number];

/** A sentence for each reason, on the practice's own preview page. */
export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  "g0-small": "fewer people than the policy's threshold",
  "g0-denominator": "its denominator is small or withheld",
  "g0-complement": "the people in the denominator and not in the numerator are too few",
  "g0-zero-or-full": "none or all, in a query that is marked sensitive",
  "g0-few-people": "too few people lie behind this sum",
  "g0-dominated": "one person makes up more than half of this sum",
  "g1-pair": "differs by a few people from another set released for this query and date",
  "g1-values": "its value beside another query's would show a difference of a few people",
  "g2-combination": "with the other cells of this table, a small group could be worked out",
  "g2-withheld-elsewhere": "the same people are withheld in another table of this date",
  "g3-bounds": "with the other cells of this table, the bounds of a small group would be too narrow",
  "g5-sticky": "withheld in one of the two periods before",
  "g4-policy-changed":
    "its change is too small to show, and its last value was released under another policy",
  "g5-given-back": "withheld before a restore that lost the reason",
  "g4-given-back": "its last value was released before a restore that lost the people behind it",
  "g4-small-change": "its change is too small to show, and its last value cannot be repeated",
  "g4-beside-carried": "with the other cells of this table, a change of a few people could be worked out",
};

const NOT_STICKY: ReadonlySet<Reason> = new Set([
  "g5-sticky",
  "g4-policy-changed",
  "g4-given-back",
  "g4-small-change",
  "g4-beside-carried",
]);

/**
 * Whether a reason is about the cell itself at its date, now or earlier: such a cell stays withheld for two more
 * periods.
 */
export function startsSticky(reason: Reason): boolean {
  return !NOT_STICKY.has(reason);
}
