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
import { setting } from "../practice/settings.js";
import type { KeeperStore } from "../store/store.js";

const DEFAULT_FLOOR = "k8-r5";

/** The practice's own floor, by name. */
export function floorName(store: KeeperStore): string {
  return setting(store, "floor") ?? DEFAULT_FLOOR;
}

/** @throws KeeperError floor-unknown */
export function ownFloor(name: string): Policy {
  try {
    return policyNamed(name);
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new KeeperError("floor-unknown", cause.message, { cause });
  }
}

/**
 * What decides a release: a group's floor can add to the practice's own and never takes from it.
 * @param group its integers; all 0 where it asks for nothing.
 * @throws WireRefusal policy-too-weak where the group's breaks its own arithmetic, or none hides what both ask.
 */
export function composedPolicy(store: KeeperStore, group: PolicyIntegers): Policy {
  const own = ownFloor(floorName(store));
  if (group.k === 0 && group.base === 0 && group.midpoint === 0) return own;
  try {
    return composePolicies(own, policyOf(group));
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new WireRefusal("policy-too-weak", cause.message, { cause });
  }
}

/**
 * A released number as it is shown: its value and every count that it can stand for at the release's date.
 * @param carried how many periods ago the value was made; 0 for this one.
 */
export function releasedInterval(value: number, policy: PolicyIntegers | null, carried = 0): string {
  const interval = policy && (carried > 0 ? carriedIntervalOf : intervalOf)(policy, value);
  const ago = carried > 0 ? `, carried from ${carried} ${carried === 1 ? "period" : "periods"} before` : "";
  if (!interval) return `${value}${ago}`;
  const range = interval.low === interval.high ? "" : ` (${interval.low} to ${interval.high})`;
  return `${value}${range}${ago}`;
}
