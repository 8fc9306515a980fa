/**
 * Each form of condition and where it is computed. A new one is a file here and a line below; the compiler asks for
 * it.
 */
import type { Condition } from "@cairn/query-library";
import { all, any, atLeast, fact, not } from "./combine.js";
import { compareCount } from "./compare-count.js";
import { compareDate } from "./compare-date.js";
import { compareValue } from "./compare-value.js";
import { continuity } from "./continuity.js";
import { exists, issued } from "./exists.js";
import { firstThen } from "./first-then.js";
import type { ConditionOf, Form } from "./form.js";
import { issuedTogether } from "./issued-together.js";
import { age, deprivationFifth, registered, sex } from "./person.js";
import { two } from "./two.js";
import { unresolved } from "./unresolved.js";

const FORMS: { readonly [F in Condition["form"]]: Form<ConditionOf<F>> } = {
  exists,
  issued,
  unresolved,
  two,
  first_then: firstThen,
  issued_together: issuedTogether,
  continuity,
  age,
  sex,
  registered_for: registered,
  deprivation_fifth: deprivationFifth,
  compare_value: compareValue,
  compare_date: compareDate,
  compare_count: compareCount,
  all,
  any,
  not,
  at_least: atLeast,
  fact,
};

export function formOf<C extends Condition>(condition: C): Form<C> {
  return FORMS[condition.form] as unknown as Form<C>;
}
