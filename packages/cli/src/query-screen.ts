/** Shared parts of commands that put a query to the practice's own records: words beside the result. */
import { existsSync } from "node:fs";
import { loadQuery } from "@cairn/authoring";
import { emptyListsOf, emptyListWords, type ThinDate, thinDates, thinWords } from "@cairn/keeper";
import { factWords, type Records, unsplittable } from "@cairn/records";
import type { Query } from "@cairn/query-library";
import { assertMayAsk, basisWords, completeWords, queryInForce } from "@cairn/agent/practice-records";
import type { Flags } from "./record-options.js";
import { say } from "./say.js";

/**
 * Finds the query that a person at a practice means: by name, as the signed library in force there holds it, in its
 * newest version or as `name@version`; else of a file, or of the library that comes with Cairn.
 * @throws QueryFileError; NotSignedError at an enrolled practice for what is not signed
 */
export function queryToAsk(written: string, { data, library }: Pick<Flags, "data" | "library">): Query {
  const isName = /^[\w-]+(@[\w.-]+)?$/.test(written) && library === undefined && !existsSync(written);
  const inForce = isName ? queryInForce(data, written) : null;
  if (inForce) return inForce;
  const query = loadQuery(written, library);
  assertMayAsk(data, query, say.note);
  return query;
}

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
