/** A practice's choice about people who opted out, and who is counted by it. */
import type { Person } from "../../packages/disclosure/test/population.js";

/** Whether people who opted out are counted at the nth date that is asked. */
export type Choice = (nth: number) => boolean;

/** The setting is never touched. */
export const constant: Choice = () => true;

/** They are left out at the first date, counted at the next, and so on in turn. */
export const changing: Choice = (nth) => nth % 2 === 1;

/** Says of anybody whether they are counted. */
export function countedWhere(countsOptedOut: boolean): (person: Person) => boolean {
  return (person) => countsOptedOut || !hasOptedOut(person);
}

/** About 6 in 100, spread over all ages. */
export function hasOptedOut({ lot }: Person): boolean {
  return (lot[50] ?? 1) < 0.06;
}
