/**
 * Whether a comparison's dots may be shown beside those that other groups were shown of the same question. Pure.
 *
 * A practice's dots in two groups stand at nearly the same place, and who is in a group is known by name. So the dots of
 * {A..G} without those of {A..F} are G's; and where two groups share one practice, the dot that stands in both is its own
 * in half of the cases (tests/attacks/8-dots.ts). What is compared are the members, those who were asked: who of them is
 * offline or withheld a number is never named. Who left before the comparison closed is known by name, so the rule holds
 * as well for the members without those that left. The median, and how many practices withheld what, would tell as much:
 * they go with the dots.
 *
 * The rule: the members that both have, and those that one has and the other lacks, are nobody or five and more. It holds
 * between any two groups at dates at most a year apart, and at one date between all of them together: a board of two
 * clusters and one practice more, without both clusters, is that practice.
 *
 * What was shown first stays. The same members at the same date, none of whom left, tell nothing new. A group is not held
 * against its own other dates: its numbers change between them (docs/disclosure.md says by how much that hides a joiner).
 */
import { FEWEST } from "./figure.js";

/** A comparison of which dots are or were shown, to whom and of whom. */
export interface ShownDots {
  readonly group: string;
  readonly date: string; // ISO 8601
  /** Those who were asked, whether or not they answered; each once. */
  readonly members: readonly string[];
  /** Those of them that had left the group when it closed: they may have answered or not. */
  readonly left: readonly string[];
}

/** @param before all that this hub has shown of the same question, in whatever version */
export function mayShowDots(mine: ShownDots, before: readonly ShownDots[]): boolean {
  const sameDate = before.filter(({ date }) => date === mine.date);
  if (sameDate.some((other) => isSame(mine, other))) return true;
  const others = before.filter((other) => other.group !== mine.group && isWithinAYear(mine, other));
  const together = [sameDate, ...others.map((other) => [other])];
  return together.every((shown) =>
    [asked, stayed].every((theirs) =>
      [asked, stayed].every((own) => !partsFew(own(mine), shown.map(theirs))),
    ),
  );
}

type Members = readonly string[];

function asked({ members }: ShownDots): Members {
  return members;
}

function stayed({ members, left }: ShownDots): Members {
  return members.filter((practice) => !left.includes(practice));
}

/** Whether these members part one to four practices from those with whom they stand in the same of the comparisons shown. */
function partsFew(members: Members, shown: readonly Members[]): boolean {
  const own = new Set(members);
  const unseen = new Set(members);
  for (const practice of shown.flat()) unseen.delete(practice);
  if (isFew(unseen.size)) return true;
  return alikeIn(shown).some((practices) => {
    const inside = practices.filter((practice) => own.has(practice)).length;
    const outside = practices.length - inside;
    return inside > 0 && outside > 0 && (isFew(inside) || isFew(outside));
  });
}

/** Every practice of these comparisons, those together that stand in the same of them. */
function alikeIn(shown: readonly Members[]): string[][] {
  const standsIn = new Map<string, number[]>();
  for (const [nth, members] of shown.entries())
    for (const practice of members) standsIn.set(practice, [...(standsIn.get(practice) ?? []), nth]);
  const alike = new Map<string, string[]>();
  for (const [practice, those] of standsIn)
    alike.set(those.join(), [...(alike.get(those.join()) ?? []), practice]);
  return [...alike.values()];
}

function isFew(practices: number): boolean {
  return practices > 0 && practices < FEWEST;
}

/** Whether two comparisons are of the same members, and none of them had left either group. */
function isSame(one: ShownDots, other: ShownDots): boolean {
  if (one.left.length + other.left.length > 0) return false;
  const [mine, theirs] = [one.members, other.members];
  const known = new Set(theirs);
  return mine.length === theirs.length && mine.every((one) => known.has(one));
}

function isWithinAYear({ date: one }: ShownDots, { date: other }: ShownDots): boolean {
  const [first, last] = [one, other].sort() as [string, string];
  return last <= `${String(Number(first.slice(0, 4)) + 1)}${first.slice(4)}`;
}
