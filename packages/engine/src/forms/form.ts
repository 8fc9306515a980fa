import type { Condition } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import type { Mask } from "../masks.js";
import type { ListColumns } from "@cairn/tables";

export type ConditionOf<F extends Condition["form"]> = Extract<Condition, { form: F }>;

/** One form of condition: the lists it reads, and its answer as a word of reference dates for every patient. */
export interface Form<C extends Condition> {
  /** The lists that it reads itself, not through facts or the conditions inside it. */
  readonly reads: (condition: C) => readonly ListColumns[];
  readonly inside: (condition: C) => readonly Condition[];
  /** The patients and dates for which it holds. Bits beyond the reference dates are never set. */
  readonly holds: (condition: C, ask: FormContext) => Mask;
  /** The patients and dates for which a comparison in it is missing; null where none can be. */
  readonly missing: (condition: C, ask: FormContext) => Mask | null;
}

/** A form that reads no list, has nothing inside and is never missing, to build the others on. */
export const PLAIN = { reads: () => [], inside: () => [], missing: () => null } as const;
