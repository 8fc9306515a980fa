/** How many people are left after each step of a query, straight from the specification. */
import { stepsOf, type OptOutCodes, type PeopleQuery, type QueryStep } from "@cairn/query-library";
import type { PlainPatient } from "@cairn/tables";
import { answerOne } from "./answer-one.js";
import { verdictOf } from "./conditions.js";
import type { Day } from "./days.js";

/** The number of people left after each step of `stepsOf(query)` at a date (ISO). `leaveOut` as for `answerOne`. */
export function stepsLeftSlowly(
  patients: readonly PlainPatient[],
  query: PeopleQuery,
  date: Day,
  leaveOut: OptOutCodes | null,
): number[] {
  const steps = stepsOf(query);
  const gone = patients.map((patient) => {
    const answer = answerOne(patient, query, date, leaveOut);
    const keeps = (step: QueryStep): boolean => {
      switch (step.keeps) {
        case "population":
          return answer.base;
        case "those-for-whom":
          return verdictOf(step.condition, { patient, query, date }).holds;
        case "not-rejected-by":
          return answer.decidedBy !== step.step;
        case "selected":
          return answer.denominator > 0;
      }
    };
    const first = steps.findIndex((step) => !keeps(step));
    return first === -1 ? steps.length : first;
  });
  return steps.map((_, i) => gone.filter((step) => step > i).length);
}
