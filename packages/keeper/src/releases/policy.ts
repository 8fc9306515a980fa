/** The floor below which nothing leaves: the practice's own, the group's, the strictest of both. */
import {
  carriedIntervalOf,
  composePolicies,
  intervalOf,
  policyNamed,
  policyOf,
  PolicyError,
  type Policy,
  type PolicyIntegers,
} from "@cairn/disclosure";
import { WireRefusal } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import { setting } from "../store/settings.js";
import type { Reader } from "../store/store.js";

const DEFAULT_FLOOR = "k8-r5";

/** The practice's own floor, by name. */
export function floorName(store: Reader): string {
  return setting(store, "floor") ?? DEFAULT_FLOOR;
}

/** The policy of a floor. @throws KeeperError floor-unknown */
export function ownFloor(name: string): Policy {
  try {
    return policyNamed(name);
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new KeeperError("floor-unknown", cause.message, { cause });
  }
}

/** The effect of a floor on counts in words, with its name. @throws KeeperError floor-unknown */
export function floorWords(name: string): string {
  const { k, base, midpoint } = ownFloor(name);
  const small = k > 1 ? `counts of 1 to ${k - 1} are withheld, the others ` : "counts are ";
  const how =
    midpoint > 0 ? `given as the middle of classes of ${midpoint}` : `rounded to the nearest ${base}`;
  return `${small}${how} (${name})`;
}

/**
 * The policy of a release: groups' floors can add to the practice's own and never take from it.
 * @param floors their integers; all 0 where a group asks for nothing.
 * @throws WireRefusal policy-too-weak where one breaks its own arithmetic, or none hides what all ask.
 */
export function composedPolicy(store: Reader, ...floors: readonly PolicyIntegers[]): Policy {
  const own = ownFloor(floorName(store));
  try {
    return composePolicies(own, ...floors.filter(asksForSomething).map((floor) => policyOf(floor)));
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new WireRefusal("policy-too-weak", cause.message, { cause });
  }
}

/** Whether a release's policy is as strict as each of these floors asks. */
export function meetsFloor(released: PolicyIntegers, ...floors: readonly PolicyIntegers[]): boolean {
  return floors.every((floor) => meetsOne(released, floor));
}

function meetsOne(released: PolicyIntegers, floor: PolicyIntegers): boolean {
  if (!asksForSomething(floor)) return true;
  try {
    const { k, base, midpoint } = composePolicies(policyOf(released), policyOf(floor));
    return k === released.k && base === released.base && midpoint === released.midpoint;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}

function asksForSomething({ k, base, midpoint }: PolicyIntegers): boolean {
  return k !== 0 || base !== 0 || midpoint !== 0;
}

/**
 * A released number as shown: its value and every count that it can stand for at the release's date.
 * @param carried number of periods since the value was made; 0 for this one.
 */
export function releasedInterval(value: number, policy: PolicyIntegers | null, carried = 0): string {
  const interval = policy && (carried > 0 ? carriedIntervalOf : intervalOf)(policy, value);
  const ago = carried > 0 ? `, carried from ${carried} ${carried === 1 ? "period" : "periods"} before` : "";
  if (!interval) return `${value}${ago}`;
  const range = interval.low === interval.high ? "" : ` (${interval.low} to ${interval.high})`;
  return `${value}${range}${ago}`;
}
