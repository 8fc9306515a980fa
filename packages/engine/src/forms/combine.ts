/** Conditions made of conditions: whole columns at a time. */
import type { Condition } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import { andAll, blank, filled, type Mask, orAll } from "../masks.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

export const all: Form<ConditionOf<"all">> = {
  ...PLAIN,
  inside: ({ of }) => of,
  holds: ({ of }, ask) => andAll(of.map(ask.holds), ask.people.size, ask.dates.all),
  missing: ({ of }, ask) => anyMissing(of, ask),
};

export const any: Form<ConditionOf<"any">> = {
  ...PLAIN,
  inside: ({ of }) => of,
  holds: ({ of }, ask) => orAll(of.map(ask.holds), ask.people.size),
  missing: ({ of }, ask) => anyMissing(of, ask),
};

/** Holds where the condition does not; where a comparison inside is missing, the query says which. */
export const not: Form<ConditionOf<"not">> = {
  ...PLAIN,
  inside: ({ of }) => [of],
  holds({ of, ifMissing }, ask) {
    const held = ask.holds(of);
    const missing = ifMissing === null ? null : ask.missing(of);
    const all = ask.dates.all;
    const mask = blank(held.length);
    for (let p = 0; p < mask.length; p++) {
      const absent = missing === null ? 0 : missing[p]!;
      mask[p] = (all & ~held[p]! & ~absent) | (ifMissing ? absent : 0);
    }
    return mask;
  },
  missing: ({ of }, ask) => ask.missing(of),
};

/** Holds where at least n conditions do. `levels[j]`: at least j of the conditions computed so far. */
export const atLeast: Form<ConditionOf<"at_least">> = {
  ...PLAIN,
  inside: ({ of }) => of,
  holds({ n, of }, ask) {
    const size = ask.people.size;
    const levels = Array.from({ length: n + 1 }, (_, j) => filled(size, j === 0 ? ask.dates.all : 0));
    for (const each of of.map(ask.holds)) {
      for (let j = n; j >= 1; j--) {
        const level = levels[j]!;
        const below = levels[j - 1]!;
        for (let p = 0; p < size; p++) level[p]! |= below[p]! & each[p]!;
      }
    }
    return levels[n]!;
  },
  missing: ({ of }, ask) => anyMissing(of, ask),
};

/** A condition that the query gave a name. */
export const fact: Form<ConditionOf<"fact">> = {
  ...PLAIN,
  holds: (condition, ask) => ask.holds(named(condition, ask)),
  missing: (condition, ask) => ask.missing(named(condition, ask)),
};

function named({ fact }: ConditionOf<"fact">, ask: FormContext): Condition {
  const definition = ask.definition(fact);
  if (definition.form !== "condition")
    throw new TypeError(`fact ${fact} is a ${definition.form}, not a condition`);
  return definition.condition;
}

function anyMissing(of: readonly Condition[], ask: FormContext): Mask | null {
  const missing = of.map(ask.missing).filter((mask) => mask !== null);
  return missing.length === 0 ? null : orAll(missing, ask.people.size);
}
