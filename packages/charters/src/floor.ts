/** A charter's floor: a policy by the name of its integers, `k8-r5`. */
import { composePolicies, policyOf, type Policy } from "@cairn/disclosure";
import { CharterError } from "./errors.js";

const FLOOR = /^k(\d{1,2})-r(5|6|10)$/;

/** No charter may withhold fewer than the weakest policy that ships, `k5-r5`. */
export const LEAST_K = 5;

/** The policy of a floor's name; null where the name is none. @throws PolicyError where its rounding is too fine */
export function policyOfFloor(name: string): Policy | null {
  const [, k, base] = FLOOR.exec(name) ?? [];
  return k === undefined ? null : policyOf({ k: Number(k), base: Number(base), midpoint: 0 });
}

/**
 * The strictest policy of a charter's floor and those of practice and query.
 * @param floor of a `Charter`. @throws PolicyError where no rounding hides what all of them ask
 */
export function strictestFloor(floor: string, ...others: readonly Policy[]): Policy {
  return composePolicies(policyIn(floor), ...others);
}

/** The policy of a charter's floor. @throws CharterError where the name is none, which no charter has */
function policyIn(floor: string): Policy {
  const policy = policyOfFloor(floor);
  if (policy !== null) return policy;
  throw new CharterError("charter-malformed", `${floor} is no floor: write one such as k8-r5`);
}

/** Whether the second floor withholds fewer people, or rounds to less, than the first. */
export function isLowerFloor(was: string, is: string): boolean {
  const [before, after] = [policyIn(was), policyIn(is)];
  return after.k < before.k || after.base < before.base;
}

/** "counts of 1 to 7 are withheld, the others rounded to the nearest 5 (k8-r5)". */
export function floorWords(name: string): string {
  const { k, base } = policyIn(name);
  return `counts of 1 to ${k - 1} are withheld, the others rounded to the nearest ${base} (${name})`;
}
