/**
 * Shared parts of commands that put a query to the practice's own records: their options, and words beside the
 * result.
 */
import { type Command, InvalidArgumentError } from "commander";
import { emptyListsOf, emptyListWords, type ThinDate, thinDates, thinWords } from "@cairn/keeper";
import { factWords, type Records, unsplittable } from "@cairn/records";
import { type Query, tryDayNumber } from "@cairn/query-library";
import { basisWords, completeWords } from "@cairn/agent/practice-records";
import { say } from "./say.js";

export interface Flags {
  readonly data: string;
  readonly at: string[];
  readonly library?: string;
  readonly json?: boolean;
}

export function onRecords(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .argument("<file>", "a query file, or the name of a query of the library")
    .requiredOption("--at <date>", "reference dates: YYYY-MM-DD, several with commas between", dates)
    .option("--data <dir>", "the agent's folder", "cairn-agent")
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--json", "print JSON");
}

/** The option of commands that show names: each look at them is in the practice's log. */
export const LOOKS_AS = [
  "--as <name>",
  "who looks, for the log: the system's user where it is not said",
] as const;

function dates(text: string): string[] {
  const days = text.split(",").map((day) => day.trim());
  if (days.some((day) => tryDayNumber(day) === null)) {
    throw new InvalidArgumentError("write a date as YYYY-MM-DD, or several with commas between");
  }
  return [...new Set(days)];
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
