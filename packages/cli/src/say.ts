/** What a person reads: results on standard output, everything else on standard error, a problem in one line. */
import { inspect } from "node:util";

interface Told extends Error {
  readonly exit: number;
}

function isTold(error: unknown): error is Told {
  return error instanceof Error && typeof (error as Partial<Told>).exit === "number";
}

export const say = {
  result(text: string): void {
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  },
  json(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  },
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  },
  /** Prints a problem and gives the exit code for it. What nobody foresaw keeps its stack, for a report. */
  problem(error: unknown): number {
    if (isTold(error)) {
      process.stderr.write(`cairn: ${error.message}\n`);
      return error.exit;
    }
    process.stderr.write(`cairn: something unforeseen happened, please report it: ${inspect(error)}\n`);
    return 1;
  },
};
