/** Published figures to compare with, as a list: CSV of query, date, source, practices, p10, p50, p90, tau2. */
import { tryDayNumber } from "@cairn/query-library";
import { csvRows, type CsvProblem, type CsvRow } from "../csv.js";
import { inPlain } from "../enrolment/names.js";
import type { ReferenceTable } from "../store/tables.js";

const COLUMNS = ["query", "date", "source", "practices", "p10", "p50", "p90", "tau2"] as const;
type Column = (typeof COLUMNS)[number];

const MOST = 20_000;
/** Fewer practices say nothing of what is usual. */
const FEWEST_PRACTICES = 30;

/**
 * Reads references, all or none.
 * @param known whether the hub's library has a query of this name
 */
export function readReferences(
  text: string,
  known: (query: string) => boolean,
): { readonly references: readonly ReferenceTable[] } | { readonly problems: readonly CsvProblem[] } {
  const read = csvRows(text);
  if ("problems" in read) return read;
  const [header, ...body] = read.rows;
  const names = header?.fields.map((name) => name.toLowerCase()) ?? [];
  const missing = COLUMNS.filter((column) => !names.includes(column));
  const unknown = names.filter((name) => !(COLUMNS as readonly string[]).includes(name));
  if (missing.length > 0 || unknown.length > 0)
    return {
      problems: [
        { line: 1, words: `the first line names these columns, and no others: ${COLUMNS.join(",")}` },
      ],
    };
  if (body.length === 0) return { problems: [{ line: 1, words: "there is no reference in it" }] };
  if (body.length > MOST) return { problems: [{ line: 1, words: `it has more than ${MOST} lines` }] };
  const problems: CsvProblem[] = [];
  const first = new Map<string, number>();
  const references = body.flatMap((row) => {
    const wrong = (words: string): void => void problems.push({ line: row.line, words });
    if (row.fields.length !== names.length) {
      wrong(`it has ${row.fields.length} fields and the first line ${names.length}`);
      return [];
    }
    const reference = referenceOf(row, names, known, wrong);
    const key = `${reference.query} ${reference.date}`;
    const before = first.get(key);
    if (before !== undefined) wrong(`${inPlain(key)} is in line ${before} already`);
    else first.set(key, row.line);
    return [reference];
  });
  return problems.length > 0 ? { problems } : { references };
}

function referenceOf(
  { fields }: CsvRow,
  names: readonly string[],
  known: (query: string) => boolean,
  wrong: (words: string) => void,
): ReferenceTable {
  const field = (column: Column): string => fields[names.indexOf(column)] ?? "";
  const number = (column: Column, holds: (n: number) => boolean, words: string): number => {
    const n = /^\d+(\.\d+)?(e-?\d+)?$/i.test(field(column)) ? Number(field(column)) : NaN;
    if (!holds(n)) wrong(`its ${column}, ${inPlain(field(column)) || "which is empty"}, is not ${words}`);
    return n;
  };
  const share = (n: number): boolean => n >= 0 && n <= 1;
  const [query, date, source] = [field("query"), field("date"), field("source")];
  if (!known(query)) wrong(`the library that is published here has no query ${inPlain(query)}`);
  if (tryDayNumber(date) === null) wrong(`its date, ${inPlain(date)}, is not a date as 2026-03-31`);
  if (source === "" || source.length > 120 || /\p{C}/u.test(source))
    wrong("its source is 1 to 120 characters that print: where the figures were published");
  const practices = number(
    "practices",
    (n) => Number.isInteger(n) && n >= FEWEST_PRACTICES,
    `a whole number from ${FEWEST_PRACTICES} up`,
  );
  const [p10, p50, p90] = (["p10", "p50", "p90"] as const).map((column) =>
    number(column, share, "a share from 0 to 1, as 0.62"),
  ) as [number, number, number];
  if (!(p10 <= p50 && p50 <= p90) && [p10, p50, p90].every(share))
    wrong("its p10, p50 and p90 fall: they are the lowest tenth, the middle and the highest tenth");
  const tau2 = number("tau2", share, "a variance on the arcsine scale, as 0.004; 0 where it is not known");
  return { query, date, source, practices, p10, p50, p90, tau2 };
}
