/** cairn schedule ...: which queries a group runs, for which periods, and when. */
import { Option, type Command } from "commander";
import * as hub from "@cairn/hub";
import { plural } from "../audit/findings.js";
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
    .description("ask a group for past periods now and, with --cron, for each new one as it ends")
    .requiredOption("--group <name>", "the group")
    .requiredOption("--query <names...>", "queries of the published library")
    .addOption(new Option("--every <period>", "length of a period").choices(hub.EVERY).default("quarter"))
    .option("--periods <n>", "how many past periods to ask for first", whole, 16)
    .option(
      "--until <date>",
      "the first batch ends here; the newest period that has ended where absent",
      isoDay,
    )
    .option("--cron <expression>", "minute hour day month weekday; without it the first batch is all")
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
    .description("schedules, when they are due next, and what they skipped")
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
      await hub.withHub(data, (open) => hub.pauseSchedule(open, number, off !== true, as));
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
    cron: flags.cron ?? null,
    timezone: flags.timezone,
    catchUp: flags.catchUp,
    catchUpWindow: flags.catchUpWindow,
    spread: flags.spread,
    collectFor: flags.collectFor,
  };
  const schedule = await hub.withHub(flags.data, (open) => hub.addSchedule(open, wanted, flags.as));
  if (flags.json) say.json({ schedule });
  else
    say.result(
      `Schedule ${schedule}: ${plural(flags.query.length, "query", "queries")}, ${plural(flags.periods, "period")} first.`,
    );
}

async function list({ data, json }: { data: string; json?: boolean }): Promise<void> {
  const schedules = await hub.withHub(data, (open) => hub.listSchedules(open));
  if (json) return say.json({ schedules });
  if (schedules.length === 0) say.result("No schedules.");
  for (const one of schedules) {
    const next = one.paused ? "paused" : one.nextDue === null ? "nothing more" : `next ${one.nextDue}`;
    say.result(`${one.id}  ${one.group}  every ${one.every}  ${next}  ${one.queries.join(", ")}`);
    if (one.fault !== null) say.result(`   could not ask, and is tried again within the hour: ${one.fault}`);
    for (const skip of one.skipped) say.result(`   skipped ${skip.due}: ${skip.reason}`);
  }
}
