/** cairn schedule ...: which queries a group runs, for which periods, and when. */
import { Option, type Command } from "commander";
import * as hub from "@cairn/hub";
import { say } from "../say.js";
import { AS, lasting, isoDay, whole } from "./hub-options.js";

interface AddFlags {
  data: string;
  group: string;
  query: string[];
  every: hub.NewSchedule["every"];
  periods: number;
  until?: string;
  cron?: string;
  once?: boolean;
  timezone: string;
  catchUp: hub.NewSchedule["catchUp"];
  catchUpWindow: number;
  spread: number;
  collectFor: number;
  as?: string;
  json?: boolean;
}

export function register(program: Command): void {
  const command = program.command("schedule").description("which queries a group runs, and when");
  command
    .command("add")
    .description("ask a group for past periods now, and for each new one as it ends")
    .requiredOption("--group <name>", "the group")
    .requiredOption("--query <names...>", "queries of the published library")
    .addOption(new Option("--every <period>", "length of a period").choices(hub.EVERY).default("quarter"))
    .option("--periods <n>", "how many past periods to ask for first", whole, 16)
    .option(
      "--until <date>",
      "the first batch ends here; the newest period that has ended where absent",
      isoDay,
    )
    .addOption(
      new Option(
        "--cron <expression>",
        "when it asks again: minute hour day month weekday; the 15th after each period where absent",
      ).conflicts("once"),
    )
    .option("--once", "ask for the past periods, and not again")
    .option("--timezone <zone>", "of the expression", "Europe/London")
    .addOption(
      new Option("--catch-up <rule>", "which missed times are made up for")
        .choices(hub.CATCH_UP)
        .default("latest"),
    )
    .addOption(lasting("--catch-up-window <time>", "how far back, with --catch-up all", "60d"))
    .addOption(lasting("--spread <time>", "agents start at their own moments within so long", "0s"))
    .addOption(
      lasting(
        "--collect-for <time>",
        "a date's group figures are made when all have answered, or after so long",
        "28d",
      ),
    )
    .option(...AS)
    .option("--data <dir>", "the hub's folder", "cairn-hub")
    .option("--json", "print JSON")
    .action(add);
  command
    .command("list")
    .description(
      "schedules: when they ask next, what they have asked, who joined later, and what they skipped",
    )
    .option("--data <dir>", "the hub's folder", "cairn-hub")
    .option("--json", "print JSON")
    .action(list);
  command
    .command("pause")
    .argument("<number>", "as list shows it", whole)
    .description("stop a schedule from asking for more; --off lets it go on")
    .option("--off", "let it go on")
    .option(...AS)
    .option("--data <dir>", "the hub's folder", "cairn-hub")
    .action(async (number: number, { data, off, as }: { data: string; off?: boolean; as?: string }) => {
      await hub.withHub(data, async (open) => {
        const one = (await hub.listSchedules(open)).find(({ id }) => id === number);
        if (one) await hub.requireMayAsk(open, as, one.group);
        return hub.pauseSchedule(open, number, off !== true, as);
      });
      say.result(`Schedule ${number} ${off ? "goes on" : "is paused"}.`);
    });
}

async function add(flags: AddFlags): Promise<void> {
  const wanted: hub.NewSchedule = {
    group: flags.group,
    queries: flags.query,
    every: flags.every,
    periods: flags.periods,
    until: flags.until ?? null,
    cron: flags.once ? null : (flags.cron ?? hub.usualCron(flags.every, flags.group)),
    timezone: flags.timezone,
    catchUp: flags.catchUp,
    catchUpWindow: flags.catchUpWindow,
    spread: flags.spread,
    collectFor: flags.collectFor,
  };
  const added = await hub.withHub(flags.data, async (open) => {
    await hub.requireMayAsk(open, flags.as, wanted.group);
    return hub.addSchedule(open, wanted, flags.as);
  });
  const nobody = hub.nobodyWords(added);
  if (nobody !== null) say.note(nobody);
  const words = hub.addedWords(added);
  if (flags.json) say.json({ ...added, words });
  else for (const line of words) say.result(line);
}

async function list({ data, json }: { data: string; json?: boolean }): Promise<void> {
  const schedules = await hub.withHub(data, (open) => hub.listSchedules(open));
  if (json) return say.json({ schedules });
  if (schedules.length === 0) say.result("No schedules.");
  for (const line of schedules.flatMap(hub.listedWords)) say.result(line);
}
