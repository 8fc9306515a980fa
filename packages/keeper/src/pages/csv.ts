/** A worklist as a file for a spreadsheet, with nothing in it that a spreadsheet would run. */
import type { ListedPerson } from "../worklists/people.js";
import type { KeptMark } from "../worklists/marks.js";

/** UTF-8 with a mark for the spreadsheets that want one. @param facts names of the query's facts, in its order */
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
  return `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A spreadsheet takes a text that begins with one of these for a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return `"${(FORMULA.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
}
