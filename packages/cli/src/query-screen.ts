/** Shared parts of commands that put a query to the practice's own records: words beside the result. */
import { emptyListsOf, emptyListWords, type ThinDate, thinDates, thinWords } from "@cairn/keeper";
import { factWords, type Records, unsplittable } from "@cairn/records";
import type { Query } from "@cairn/query-library";
import { basisWords, completeWords } from "@cairn/agent/practice-records";
import { say } from "./say.js";

/** Rows of a table, each column as wide as its widest text. */
export function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => rows.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  return rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
}

/** The doubts about an answer for what the records lack: as JSON beside the result. */
interface Doubts {
  readonly empty_codelists: readonly string[]; // name@version
  readonly thin_months: readonly ThinDate[];
}

export function doubtsOf(query: Query, records: Records, dates: readonly string[]): Doubts {
  return { empty_codelists: emptyListsOf(query, records), thin_months: thinDates(query, dates, records) };
}

/** Prints the words beside the result on standard error, so that they are there with --json too. */
export function printBasis(query: Query, records: Records, dates: readonly string[]): void {
  const { empty_codelists: empty, thin_months: thin } = doubtsOf(query, records, dates);
  if (empty.length > 0) say.note(`Beside the answer: ${emptyListWords(empty)}.`);
  for (const { date, months } of thin)
    say.note(
      `${date}: of the months it looks at, ${thinWords(months)}. Its release waits until someone here has seen it, unless one of the query went with these months before.`,
    );
  for (const words of [basisWords(records), completeWords(records, dates)])
    if (words !== null) say.note(words);
  const lacking = unsplittable(query, records);
  if (lacking.length > 0)
    say.note(`These records do not say ${factWords(lacking)}: there, everybody counts as unknown.`);
}
