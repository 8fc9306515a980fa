/** cairn query run, cairn query preview: a query on the practice's own records, on its own screen. */
import type { Command } from "commander";
import { isolated } from "../isolated.js";
import type { PreviewFlags, RunFlags } from "../query-run.js";
import { LOOKS_AS, onRecords } from "../record-options.js";

/** Loaded where there is no network: with the engine and the guard it takes longer than to read the command. */
const screen = () => import("../query-run.js");

export function register(program: Command): void {
  const query =
    program.commands.find((command) => command.name() === "query") ??
    program.command("query").description("write, check and try queries");
  onRecords(query, "run", "exact counts on this screen; they are not for sending anywhere")
    .option("--exact", "say that exact counts are wanted")
    .option("--by-patient", "list the patients of the denominator with what each counts for")
    .option(...LOOKS_AS)
    .action((file: string, flags: RunFlags) => isolated(async () => (await screen()).run(file, flags)));
  onRecords(
    query,
    "preview",
    "exactly what would leave, beside what this practice released before, and why the rest would not",
  )
    .option("--policy <name>", "the group's policy; the practice's own floor is added to it", "k8-r5")
    .option(...LOOKS_AS)
    .action((file: string, flags: PreviewFlags) =>
      isolated(async () => (await screen()).preview(file, flags)),
    );
}
