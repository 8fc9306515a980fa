/** The floor of a group: the weakest policy that it accepts. A release may keep a stricter one, never a weaker. */
import { composePolicies, PolicyError, policyOf, type Policy } from "@cairn/disclosure";

export interface Floor {
  readonly floor_k: number;
  readonly floor_base: number;
  readonly floor_midpoint: number;
}

interface Kept {
  readonly policy_k: number;
  readonly policy_base: number;
  readonly policy_midpoint: number;
}

export function floorOf({ floor_k: k, floor_base: base, floor_midpoint: midpoint }: Floor): Policy {
  return policyOf({ k, base, midpoint });
}

/** Whether a policy is as strict as the floor; false, too, for a policy that cannot be. */
export function keepsFloor(
  { policy_k: k, policy_base: base, policy_midpoint: midpoint }: Kept,
  floor: Floor,
): boolean {
  try {
    const composed = composePolicies(floorOf(floor), policyOf({ k, base, midpoint }));
    return composed.k === k && composed.base === base && composed.midpoint === midpoint;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}
