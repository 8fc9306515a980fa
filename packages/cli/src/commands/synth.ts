/** `cairn synth`: invented practices, written as any of the formats that the importers read. */
import { writeFileSync } from "node:fs";
import { codeMap, deprivationTable, FORMATS, PRACTICES, writePractice } from "@cairn/synthetic";
import type { FormatName } from "@cairn/synthetic";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { plural, say } from "../say.js";

interface SynthOptions {
  readonly patients: number;
  readonly eventsPerPatient: number;
  readonly seed: string;
  readonly out: string;
  readonly format: FormatName;
  readonly until: string;
  readonly gzip?: boolean;
  readonly optOuts?: boolean;
  readonly deltas?: number;
  readonly practice: string;
  readonly codeMap?: string;
  readonly deprivation?: string;
  readonly json?: boolean;
}

/** The formats of the systems that practices run: what these give out has people who opted out. */
const ALWAYS_OPT_OUTS: ReadonlySet<FormatName> = new Set<FormatName>(["emis", "systmone"]);

export function register(program: Command): void {
  program
    .command("synth")
    .description("write the records of an invented practice; the same seed gives the same bytes")
    .option(
      "--patients <n>",
      "how many patients the records hold, those who left or died included",
      whole,
      3000,
    )
    .option("--events-per-patient <m>", "how many events each has on average, 50 to 2000", whole, 120)
    .option("--seed <s>", "any word or number", "1")
    .requiredOption("--out <dir>", "folder to write into; made where it is not there")
    .addOption(
      new Option("--format <format>", "what to write").choices(Object.keys(FORMATS)).default("journal"),
    )
    .option("--until <date>", "last day of the records; they begin twelve years before", "2025-03-31")
    .option("--gzip", "compress each file")
    .option(
      "--opt-outs",
      "tell also of people who opted out of what is not their care; emis and systmone always do, and emis of sensitive and confidential ones",
    )
    .option(
      "--deltas <n>",
      "write a bulk of n nights before the last day and n nightly deltas, in a folder for each night (emis, systmone)",
      whole,
    )
    .option(
      "--practice <name>",
      "one of the eight of the demonstration, or any name for a practice of its own",
      "Stonegarth Surgery",
    ) // prettier-ignore
    .option("--deprivation <file>", "also write how deprived the invented postcodes are, for the import")
    .option("--code-map <file>", "also write what the old codes (Read v2, CTV3) mean today, for the import")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", `\nThe eight practices: ${Object.keys(PRACTICES).join(", ")}.`)
    .action(async (options: SynthOptions) => {
      const terminal = process.stderr.isTTY;
      const progress = (done: number): void => {
        if (terminal) process.stderr.write(`\r${done} of ${options.patients} patients`);
      };
      const optOuts = options.optOuts === true || ALWAYS_OPT_OUTS.has(options.format);
      const summary = await writePractice({ ...options, optOuts, progress });
      if (terminal) process.stderr.write("\n");
      if (options.codeMap) writeFileSync(options.codeMap, codeMap());
      if (options.deprivation) writeFileSync(options.deprivation, deprivationTable());
      if (options.json) say.json(summary);
      else {
        say.result(
          `${summary.practice} (${summary.code}): ${plural(summary.patients, "patient")}, ${plural(summary.events, "event")}, ` +
            `${summary.from} to ${summary.until}, as ${summary.format} in ${options.out}`,
        );
      }
    });
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("write a whole number");
  return Number(text);
}
