/** Conditions on the person rather than on the record: age, sex, deprivation, registration. */
import { SEXES } from "@cairn/query-library";
import { registeredFor } from "../base-population.js";
import { blank, type Mask } from "../masks.js";
import { bitsOn, onOrBefore, type ReferenceDates } from "../reference-dates.js";
import { UNKNOWN_DAY, type People } from "@cairn/tables";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

/** Holds where the completed years lie within the bounds; false before birth and where the birth date is unknown. */
export const age: Form<ConditionOf<"age">> = {
  ...PLAIN,
  holds({ from, to }, { dates, people }) {
    const mask = atLeastYears(people, from ?? 0, dates);
    if (to === null) return mask;
    const older = atLeastYears(people, to + 1, dates);
    for (let p = 0; p < mask.length; p++) mask[p]! &= ~older[p]!;
    return mask;
  },
};

/**
 * The dates on which each person has completed the years: the birth date is then on or before the same day so many
 * years ago.
 */
function atLeastYears(people: People, years: number, dates: ReferenceDates): Mask {
  const old = onOrBefore(dates, { n: years, unit: "years" });
  const mask = blank(people.size);
  for (let p = 0; p < people.size; p++) {
    const born = people.birthDay[p]!;
    if (born !== UNKNOWN_DAY) mask[p] = bitsOn(old, born);
  }
  return mask;
}

export const sex: Form<ConditionOf<"sex">> = {
  ...PLAIN,
  holds(condition, { dates, people }) {
    const wanted = SEXES.indexOf(condition.sex);
    return people.sex.reduce((mask, each, p) => {
      if (each === wanted) mask[p] = dates.all;
      return mask;
    }, blank(people.size));
  },
};

export const deprivationFifth: Form<ConditionOf<"deprivation_fifth">> = {
  ...PLAIN,
  holds({ from, to }, { dates, people }) {
    return people.deprivationFifth.reduce((mask, fifth, p) => {
      if (fifth !== 0 && fifth >= from && fifth <= to) mask[p] = dates.all;
      return mask;
    }, blank(people.size));
  },
};

/** Holds where the registration in force, joined with those it touches, began at least the span ago. */
export const registered: Form<ConditionOf<"registered_for">> = {
  ...PLAIN,
  holds({ span }, { dates, people }) {
    return registeredFor(people, onOrBefore(dates, span), onOrBefore(dates, null));
  },
};
