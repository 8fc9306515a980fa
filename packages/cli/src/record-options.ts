/** Options of commands that put a query to the practice's own records. */
import { type Command, InvalidArgumentError } from "commander";
import { tryDayNumber } from "@cairn/query-library/calendar";

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
    .argument(
      "<file>",
      "a query file, or the name of a query: NAME or NAME@VERSION of the signed library in force here, else of the library that comes with Cairn",
    )
    .requiredOption("--at <date>", "reference dates: YYYY-MM-DD, several with commas between", dates)
    .option("--data <dir>", "the agent's folder", "cairn-agent")
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--json", "print JSON");
}

/** The option of commands that show numbers, names or the log: each look is in the practice's log. */
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
