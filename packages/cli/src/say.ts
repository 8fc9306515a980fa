/** Output for a person: results on standard output, everything else on standard error, a problem in one line. */
import { CairnError, whereabouts } from "@cairn/errors";
import { EXIT, EXIT_UNFORESEEN } from "./exit-codes.js";
import { fileProblem, systemWords } from "./file-problem.js";
import { snakeKeys } from "./snake-keys.js";

/** Completes the commands in what is said. */
let complete = (text: string): string => text;

export const say = {
  /** Completes what is said from now on, whoever says it; data stays as it is. */
  completedBy(completion: typeof complete): void {
    complete = completion;
  },
  result(text: string): void {
    say.data(complete(text));
  },
  /** Prints what another program reads, or a log, as it is. */
  data(text: string): void {
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  },
  /** One line of JSON with its keys in snake_case. */
  json(value: unknown): void {
    say.data(JSON.stringify(snakeKeys(value)));
  },
  note(text: string): void {
    process.stderr.write(`${complete(text)}\n`);
  },
  /** Prints a problem and gives the exit code for it. What nobody foresaw is told without its message. */
  problem(error: unknown): number {
    if (error instanceof CairnError) {
      say.note(`cairn: ${error.message}`);
      return EXIT[error.kind];
    }
    const file = fileProblem(error, process.argv.slice(2));
    if (file !== null) {
      say.note(`cairn: ${file}`);
      return EXIT.unavailable;
    }
    say.unforeseen(whereabouts(error));
    return EXIT_UNFORESEEN;
  },
  /** @param place kind and place of an error, without its message. */
  unforeseen(place: string): void {
    process.stderr.write(`cairn: something unforeseen happened, please report it: ${place}\n`);
  },
};

/** "1 release", "2 releases". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/**
 * Ends quietly when the reader has seen enough (`| head`): what is still printed goes nowhere, and the command goes
 * on with its own exit code. Any other failure to write output ends it, and is reported.
 */
export function outliveReaders(): void {
  for (const [name, stream] of [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return;
      say.note(`cairn: ${name} cannot be written: ${systemWords(error) ?? "the system does not say why"}`);
      process.exit(EXIT.unavailable);
    });
  }
}
