/** cairn worklist: the practice's own patients to look at behind a query's number, on the practice's own screen. */
import type { Command } from "commander";
import { isolated } from "../isolated.js";
import type { WorklistFlags } from "../worklist.js";
import { LOOKS_AS, onRecords } from "../record-options.js";

export function register(program: Command): void {
  onRecords(
    program,
    "worklist",
    "your own patients to look at: where lower is better those in the numerator, where higher is better the others",
  )
    .option("--numerator", "the people in the numerator, whatever the query's direction")
    .option(
      "--rest",
      "the people in the denominator and not in the numerator, whatever the query's direction",
    )
    .option(...LOOKS_AS)
    .action((file: string, flags: WorklistFlags) =>
      isolated(async () => (await import("../worklist.js")).worklist(file, flags)),
    );
}
