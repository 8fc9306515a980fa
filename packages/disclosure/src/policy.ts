/** How counts become released values: a policy is data, signed with the library, and its intervals follow from it. */
import { CairnError, type ErrorKind } from "@cairn/errors";

/**
 * The integers of a policy that travel with a release: enough to know every count that a released value can stand
 * for.
 */
export interface PolicyIntegers {
  /** Counts of 1 to k-1 are withheld; 1 withholds none (a midpoint policy may release them as a class). */
  readonly k: number;
  /** Rounding base, ties up: 5, 6 or 10; 0 with a midpoint. */
  readonly base: number;
  /** Class width of midpoint rounding: 6 or 10; 0 with a base. */
  readonly midpoint: number;
}

export interface Policy extends PolicyIntegers {
  readonly name: string;
  /** Zero and full cells (numerator = denominator): a count like another, or withheld. */
  readonly zeroAndFull: "released" | "withheld";
  /** `strict` carries a cell whose change since its last release is small. */
  readonly temporal: "rounded" | "strict";
}

/** A released number and every count that its policy maps to it, ends included. */
export interface ReleasedValue {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const KIND = {
  "policy-unknown": "wrong-use", // no preset of this name
  "policy-malformed": "wrong-use", // not the integers of a policy
  "policy-too-fine": "refused", // rounding would not hide a change of fewer than k people
} as const satisfies Record<string, ErrorKind>;

/** One line: which policy, what is wrong with it, what to do. */
export class PolicyError extends CairnError<keyof typeof KIND> {
  readonly kind = KIND[this.code];
}

const BASES = [5, 6, 10];
const MIDPOINTS = [6, 10];

/**
 * The policy of these integers, checked. The rule 2 x base - 1 >= k makes rounding hide a change of fewer
 * than k people: two rounded values next to each other can be up to 2 x base - 1 apart in truth.
 * @throws PolicyError
 */
export function policyOf(integers: PolicyIntegers, name: string = nameOf(integers)): Policy {
  const { k, base, midpoint } = integers;
  const whole = Number.isInteger(k) && k >= 1;
  const rounds = midpoint === 0 ? BASES.includes(base) : base === 0 && MIDPOINTS.includes(midpoint);
  if (!whole || !rounds) {
    throw new PolicyError(
      "policy-malformed",
      `policy ${name}: k is a whole number from 1, with a base of 5, 6 or 10, or a midpoint of 6 or 10`,
    );
  }
  const policy: Policy = { k, base, midpoint, name, zeroAndFull: "released", temporal: "rounded" };
  if (2 * (base + midpoint) - 1 < smallBelow(policy)) {
    throw new PolicyError(
      "policy-too-fine",
      `policy ${name}: rounding to ${base + midpoint} shows changes of fewer than ${k} people; use a larger base`,
    );
  }
  return policy;
}

/** The policies that ship, by name. `k8-r5` is the default. */
export const POLICIES: Readonly<Record<string, Policy>> = Object.freeze({
  "k8-r5": policyOf({ k: 8, base: 5, midpoint: 0 }),
  "k10-r6": policyOf({ k: 10, base: 6, midpoint: 0 }),
  "k5-r5": policyOf({ k: 5, base: 5, midpoint: 0 }),
  midpoint6: policyOf({ k: 1, base: 0, midpoint: 6 }),
});

/** The shipped policy of a name. @throws PolicyError where there is none. */
export function policyNamed(name: string): Policy {
  const policy = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
  if (policy) return policy;
  const known = Object.keys(POLICIES).join(", ");
  throw new PolicyError("policy-unknown", `no policy is called "${name}"; there are ${known}`);
}

/**
 * Composes policies into the strictest of all: the largest k; midpoint if any asks for it; the smallest base (or
 * class) that is not below any of theirs and keeps the rule of `policyOf`; zero and full cells withheld, and strict
 * in time, if any is.
 * @throws PolicyError where no base hides a change of that many people, or nothing is given.
 */
export function composePolicies(...policies: readonly Policy[]): Policy {
  if (policies.length === 0) throw new PolicyError("policy-malformed", "no policy was given to compose");
  const k = Math.max(...policies.map((policy) => policy.k));
  const width = Math.max(...policies.map((policy) => policy.base + policy.midpoint));
  const byMidpoint = policies.some((policy) => policy.midpoint > 0);
  const chosen = (byMidpoint ? MIDPOINTS : BASES).find((w) => w >= width && 2 * w - 1 >= k);
  if (chosen === undefined) {
    throw new PolicyError("policy-too-fine", `no rounding base hides a change of fewer than ${k} people`);
  }
  const integers = byMidpoint ? { k, base: 0, midpoint: chosen } : { k, base: chosen, midpoint: 0 };
  return {
    ...policyOf(integers),
    zeroAndFull: policies.some((policy) => policy.zeroAndFull === "withheld") ? "withheld" : "released",
    temporal: policies.some((policy) => policy.temporal === "strict") ? "strict" : "rounded",
  };
}

export function integersOf({ k, base, midpoint }: PolicyIntegers): PolicyIntegers {
  return { k, base, midpoint };
}

/**
 * The smallest count that is not small: the guards protect groups of 1 to one less. A midpoint's first class is
 * small.
 */
export function smallBelow({ k, midpoint }: PolicyIntegers): number {
  return Math.max(k, midpoint > 0 ? midpoint + 1 : 0);
}

/** The value that stands for a count once it may be released: 0 stays 0; base rounding, ties up; or the class's middle. */
export function roundCount({ base, midpoint }: PolicyIntegers, count: number): number {
  if (count === 0) return 0;
  if (midpoint > 0) return Math.ceil(count / midpoint) * midpoint - midpoint / 2;
  return Math.floor((2 * count + base) / (2 * base)) * base;
}

/** Every count that `policy` maps to `value`; null where it maps none, so the value cannot have come from it. */
export function intervalOf(policy: PolicyIntegers, value: number): ReleasedValue | null {
  const { k, base, midpoint } = policy;
  if (!Number.isInteger(value) || value < 0) return null;
  if (midpoint > 0) {
    if (value === 0) return { value, low: 0, high: 0 };
    if ((value + midpoint / 2) % midpoint !== 0) return null;
    return within(value, Math.max(k, value - midpoint / 2 + 1), value + midpoint / 2);
  }
  if (value % base !== 0) return null;
  const high = value + Math.ceil(base / 2) - 1;
  if (value === 0) return { value, low: 0, high: high >= k ? high : 0 };
  return within(value, Math.max(k, value - Math.floor(base / 2)), high);
}

function within(value: number, low: number, high: number): ReleasedValue | null {
  return low <= high ? { value, low, high } : null;
}

function nameOf({ k, base, midpoint }: PolicyIntegers): string {
  if (midpoint > 0) return k > 1 ? `k${k}-midpoint${midpoint}` : `midpoint${midpoint}`;
  return `k${k}-r${base}`;
}

/*
 * The intervals of a released cell at its own date, wherever it is read.
 *
 * A value made at this date stands for every count that its policy maps to it. A carried value was made at an earlier
 * date and is repeated while the count is fewer than k away from what it was then, none included (g4-time.ts). So
 * today's count lies within k - 1 of that interval, however many periods ago the value was made: the change is
 * measured from the value's own period and not from one period to the next.
 */

/** One count of a cell as it travels: 0 withheld, n + 1 for n; made `carried` periods ago, 0 for this one. */
export interface CarriedCode {
  readonly code: number;
  readonly carried: number;
}

/** The two counts of a cell, each with every count that it can stand for at the release's own date. */
export interface CellIntervals {
  readonly denominator: ReleasedValue | "withheld";
  readonly numerator: ReleasedValue | "withheld";
}

/**
 * Every count that a carried value can stand for today: its own interval and k - 1 people more on each side, at
 * least 0; null where the policy gives no such value.
 */
export function carriedIntervalOf(policy: PolicyIntegers, value: number): ReleasedValue | null {
  const then = intervalOf(policy, value);
  const most = smallBelow(policy) - 1;
  return then && { value, low: Math.max(0, then.low - most), high: then.high + most };
}

/**
 * Both counts of a cell as intervals, those of a carried value widened, and each kept to what the other allows: a
 * numerator is at most its denominator. null where the policy gives no such values or they cannot be of one cell.
 */
export function cellIntervalsOf(
  policy: PolicyIntegers,
  denominator: CarriedCode,
  numerator: CarriedCode,
): CellIntervals | null {
  const [whole, part] = [interval(policy, denominator), interval(policy, numerator)];
  if (!whole || !part || (whole === "withheld" && part !== "withheld")) return null;
  if (whole === "withheld" || part === "withheld") return { denominator: whole, numerator: part };
  if (part.low > whole.high) return null;
  return {
    denominator: { ...whole, low: Math.max(whole.low, part.low) },
    numerator: { ...part, high: Math.min(part.high, whole.high) },
  };
}

function interval(policy: PolicyIntegers, { code, carried }: CarriedCode): ReleasedValue | "withheld" | null {
  if (code === 0) return "withheld";
  return carried > 0 ? carriedIntervalOf(policy, code - 1) : intervalOf(policy, code - 1);
}
