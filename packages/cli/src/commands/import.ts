/** cairn agent import and watch: records in. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { FORMATS } from "@cairn/importers/formats";
import { tryDayNumber } from "@cairn/query-library/calendar";
import { CODE_SYSTEMS } from "@cairn/query-library/query";
import type { Flags } from "../agent/import.js";
import type { Flags as WatchFlags } from "../agent/watch.js";
import { isolated } from "../isolated.js";

export function register(program: Command): void {
  const agent = program.commands.find((command) => command.name() === "agent") ?? program.command("agent");
  reading(agent, "import")
    .description("take the practice's records in; a load that fails leaves the store as it was")
    .argument(
      "<path...>",
      "files or folders of the extract, .gz and .zip as they are; - is standard input (fhir, journal's events)",
    )
    .option(
      "--complete-to <date>",
      "last day for which the extract is complete (YYYY-MM-DD), today at the latest",
      day,
    )
    .option(
      "--quiet-days <days>",
      "beside a day long after the newest events of usual volume: how many days after, where that is meant",
      whole,
    )
    .option(
      "--organisation <code>",
      "where an extract holds several (emis): the ODS code or GUID of this practice",
    )
    .option(
      "--older",
      "take an extract that is complete to an earlier day than the records; days missing between extracts that are newer than the records are said, and stop nothing; others are not looked for",
    )
    .option("--whole", "the extract is all there is: what the store holds beside it goes")
    .option("--yes", "also where more than a tenth of the people, or beside --whole of the events, would go")
    .option("--code-map <file>", "what old codes mean in SNOMED CT; kept, and applied to all records")
    .option("--no-code-map", "give up the code map that an earlier import brought")
    .option("--anew", "begin a new record store in the place of one that was lost")
    .option("--dry-run", "read and check everything, say what would change, keep nothing")
    .option("--json", "print the summary as JSON")
    .action((paths: string[], flags: Flags) =>
      isolated(async () => (await import("../agent/import.js")).importExtract(paths, flags)),
    );
  reading(agent, "watch")
    .description("take each new extract of a folder in, once, oldest first; every minute, until told to stop")
    .argument("<folder>", "where extracts come, each as a folder of its own or a .zip")
    .option("--keep <n>", "how many extracts that were taken stay there (default: all)", count)
    .option("--move-to <dir>", "where the others go; they are deleted where this is not said")
    .option(
      "--rest <minutes>",
      "how long nothing may have written to an extract before it is taken",
      count,
      5,
    )
    .option("--once", "look once, for a timer: exit 0 where nothing stands in the way")
    .option("--end", "expect nothing more: status and doctor do not speak of the folder any longer")
    .action((folder: string, flags: WatchFlags) =>
      isolated(async () => (await import("../agent/watch.js")).watchFolder(folder, flags)),
    );
}

/** A command that reads extracts, with the options on how they are read. */
function reading(agent: Command, name: string): Command {
  return agent
    .command(name)
    .option("--data <dir>", "the agent's folder", "cairn-agent")
    .addOption(
      inAnyCase(
        new Option("--format <format>", "what the extract is").choices(FORMATS),
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option("--system <system>", "system of codes that come without one")
        .choices(CODE_SYSTEMS)
        .default("snomed"),
    )
    .addOption(
      new Option(
        "--registered-from <what>",
        "where the extract has no registrations: count people from birth or from their first record",
      ).choices(["birth", "first-record"]),
    )
    .option(
      "--decrypt <command>",
      "what decrypts files that end in .gpg, from its standard input to its output: 'gpg --decrypt'; no shell reads it",
    )
    .option(
      "--deprivation <file>",
      "table of deprivation by postcode (rank, decile or fifth); a second one where areas (LSOA, data zone) have these. Postcodes are not kept",
      (file: string, before: string[] = []) => [...before, file],
    )
    .option("--deprivation-column <name>", "its column of the rank, decile or fifth, where names do not tell")
    .option("--postcode-column <name>", "its column of postcodes, where names do not tell");
}

/** Takes an option's choices in capitals, too. */
function inAnyCase(option: Option): Option {
  const parse = option.parseArg!;
  return option.argParser((text: string, before: string) => parse(text.toLowerCase(), before));
}

function count(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("write a whole number");
  return Number(text);
}

function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("write a whole number of days");
  return Number(text);
}

function day(text: string): number {
  const number = tryDayNumber(text);
  if (number === null) throw new InvalidArgumentError("write a date as YYYY-MM-DD");
  const now = new Date();
  const here = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0"));
  const today = [here.join("-"), now.toISOString().slice(0, 10)].sort().at(-1)!;
  if (text > today)
    throw new InvalidArgumentError(
      `${text} has not come yet; say the last day for which the extract is complete`,
    );
  return number;
}
