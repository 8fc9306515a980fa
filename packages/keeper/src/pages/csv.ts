/** A worklist as a file for a spreadsheet. */
import { csvOf } from "@cairn/text";
import type { ListedPerson } from "../worklists/people.js";
import type { KeptMark } from "../worklists/marks.js";

/** @param facts names of the query's facts, in its order */
export function worklistCsv(
  facts: readonly string[],
  people: readonly { readonly person: ListedPerson; readonly mark: KeptMark | null }[],
): string {
  const ofFacts = facts.flatMap((fact) => [fact, `${fact} unit`, `${fact} date`]);
  const header = ["patient", "age", "sex", ...ofFacts, "mark", "why", "marked by", "marked at"];
  const rows = people.map(({ person, mark }) => [
    person.patient,
    person.age,
    person.sex,
    ...person.facts.flatMap(({ value, unit, date }) => [
      typeof value === "boolean" ? (value ? "yes" : "no") : value,
      unit,
      date,
    ]),
    mark?.mark ?? null,
    mark?.mark === "not-suitable" ? mark.why : null,
    mark?.by ?? null,
    mark?.at ?? null,
  ]);
  return csvOf([header, ...rows]);
}
