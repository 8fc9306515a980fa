/** `agent setup`: one command from an installed package to an agent that runs: it asks, and gives the agent's other commands. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { layoutOf, type Layout } from "@cairn/agent/layout";
import { changeRouteTo, routeSettings } from "@cairn/agent/route";
import { statusOf } from "@cairn/agent/status";
import { isFolder } from "@cairn/agent/watch";
import { parseAddress, parseProxy, type Settings } from "@cairn/courier";
import { FORMATS } from "@cairn/importers/formats";
import { hadRecords, isThere, keyFile } from "@cairn/keeper/practice";
import { shellWord } from "@cairn/text";
import { parseJoinCode } from "@cairn/wire";
import { printChecks } from "../agent/doctor.js";
import { enrol } from "../agent/enrol.js";
import { say } from "../say.js";
import { AnswerError, answersTo, type Question } from "./answers.js";
import { canStart, giveAll, goesOn, isEnabled, type Step, systemctl } from "./steps.js";
import {
  keptBeside,
  readWatchSettings,
  WATCH_CONF,
  type WatchSettings,
  writeWatchSettings,
} from "./watch-conf.js";

export interface AgentFlags {
  readonly data?: string;
  readonly hub?: string;
  readonly join?: string;
  readonly proxy?: string;
  readonly format?: string;
  readonly extract?: string;
  readonly completeTo?: string;
  readonly registeredFrom?: string;
  readonly organisation?: string;
  readonly inbox?: string;
  readonly deprivation?: string;
  readonly optOuts?: string;
  readonly yes?: boolean;
  readonly as?: string;
}

/** Where the packages have an agent's folder, and the one folder where their watch looks. */
const INSTALLED = "/var/lib/cairn";
const INBOX = `${INSTALLED}/inbox`;
const TIMER = "cairn-watch.timer";
const COURIER = "cairn-courier";
const START_S = 20;

/** How this machine stands before anything is asked. */
interface Standing {
  readonly layout: Layout;
  /** Whether the packages' services run this folder, and this command may start them. */
  readonly hasUnits: boolean;
  readonly isMade: boolean;
  readonly hasRecords: boolean;
  readonly route: Settings | null;
  readonly isEnrolled: boolean;
  readonly watch: WatchSettings;
  readonly inbox: string | null;
  readonly optOuts: string;
}

/** Sets an agent up, or changes what is answered otherwise. @throws AnswerError; StepError; what the commands throw that it gives */
export async function setUpAgent(flags: AgentFlags): Promise<void> {
  const standing = standingOf(flags.data ?? (isThere(INSTALLED) ? INSTALLED : "cairn-agent"));
  const { layout } = standing;
  say.result(standingWords(standing));
  const answers = await answersTo(questions(flags, standing));
  if (!standing.isMade && !(await giveAll([["agent", "init", "--data", layout.data]]))) return;
  try {
    await reach(answers, flags, standing);
  } catch (error) {
    if (standing.isEnrolled) throw error;
    process.exitCode = say.problem(error);
    return say.note(goesOn("agent enrol"));
  }
  if (!(await giveAll(recordSteps(answers, flags, standing)))) return;
  if (standing.hasUnits) await startUnits(answers, standing);
  else for (const line of byHand(answers, layout)) say.result(line);
  await printChecks({ data: layout.data }); // what is found is for whoever reads it: an agent that waits to be admitted is set up
}

function standingOf(data: string): Standing {
  const layout = layoutOf({ data });
  const hasUnits = resolve(data) === INSTALLED && canStart(COURIER);
  const isMade = isThere(keyFile(layout.keeper));
  const route = routeSettings(layout);
  const watch = hasUnits ? readWatchSettings(WATCH_CONF) : { format: null, deprivation: null };
  const status = isMade ? statusOf(layout) : null;
  return {
    ...{ layout, hasUnits, isMade, route, watch },
    hasRecords: isMade && hadRecords(layout.keeper),
    isEnrolled: route !== null && route.joinCode === null,
    inbox: hasUnits && isEnabled(TIMER) ? INBOX : (status?.feed?.folder ?? null),
    optOuts: status?.optOuts.choice ?? "left-out",
  };
}

function standingWords({ layout, isMade, isEnrolled, route, hasRecords }: Standing): string {
  if (!isMade) return `A new agent, in ${layout.data}.`;
  const hub = isEnrolled ? `enrolled at ${route?.hub} as ${route?.practice}` : "not admitted by a hub yet";
  return `The agent in ${layout.data} is ${hub}, and has ${hasRecords ? "records" : "no records yet"}. What is not answered otherwise stays.`;
}

type Asked =
  "hub" | "join" | "proxy" | "format" | "extract" | "completeTo" | "inbox" | "deprivation" | "optOuts";
type Answers = Readonly<Record<Asked, string | null>>;

function questions(flags: AgentFlags, standing: Standing): Record<Asked, Question> {
  const { route, isEnrolled, hasRecords, hasUnits, watch, inbox, optOuts } = standing;
  const asksFirst = !hasRecords && flags.extract === undefined;
  return {
    hub: {
      ...{ flag: "--hub", given: flags.hub, stands: route?.hub ?? null },
      words: "Where the hub is, as its operator says it (host:port)",
      check: (answer) => (parseAddress(answer), answer),
    },
    join: {
      ...{ flag: "--join", given: isEnrolled ? undefined : flags.join, stands: route?.joinCode ?? null },
      words: "The join code that the operator sent (it is not shown)",
      secret: true,
      asks: !isEnrolled,
      check: (answer) => (parseJoinCode(answer), answer),
    },
    proxy: {
      ...{ flag: "--proxy", given: flags.proxy, stands: route?.proxy ?? null, canBeNone: true, secret: true },
      words:
        "A proxy, where the hub is reached by one only: http://user:password@host:port (it is not shown)",
      check: (answer) => (parseProxy(answer), answer),
    },
    format: {
      ...{ flag: "--format", given: flags.format, stands: watch.format, canBeNone: true },
      words: `The format of your records: ${FORMATS.join(", ")}`,
      check: oneOf(FORMATS),
    },
    extract: {
      ...{ flag: "--extract", given: flags.extract, canBeNone: true, asks: !hasRecords },
      words: "The first extract, a folder or file that is here already",
      check: thatIsThere,
    },
    completeTo: {
      ...{ flag: "--complete-to", given: flags.completeTo, canBeNone: true, asks: asksFirst },
      words: "The last day of which it has everything, YYYY-MM-DD, where its files do not say it",
    },
    inbox: {
      ...{ flag: "--inbox", given: flags.inbox, stands: inbox, canBeNone: true },
      words: `The folder where extracts come by themselves${hasUnits ? `: ${INBOX}` : ""}`,
      check: (answer) => (hasUnits && resolve(answer) !== INBOX ? elsewhere() : folderThatIsThere(answer)),
    },
    deprivation: {
      ...{ flag: "--deprivation", given: flags.deprivation, stands: watch.deprivation, canBeNone: true },
      words: "A table of deprivation by postcode",
      check: thatIsThere,
    },
    optOuts: {
      ...{ flag: "--opt-outs", given: flags.optOuts, stands: optOuts },
      words: "People with a type 1 opt-out, in what leaves: left-out, or counted",
      check: oneOf(["left-out", "counted"]),
    },
  };
}

function oneOf(choices: readonly string[]): (answer: string) => string {
  return (answer) => {
    const choice = answer.toLowerCase();
    if (choices.includes(choice)) return choice;
    throw new AnswerError("answer-wrong", `choose one of ${choices.join(", ")}`);
  };
}

function thatIsThere(answer: string): string {
  if (existsSync(answer)) return resolve(answer);
  throw new AnswerError("answer-wrong", "there is no such file or folder on this machine");
}

function folderThatIsThere(answer: string): string {
  if (isFolder(answer)) return resolve(answer);
  throw new AnswerError("answer-wrong", "there is no such folder on this machine: make it first");
}

function elsewhere(): never {
  throw new AnswerError("answer-wrong", `the service looks in ${INBOX} alone: have extracts written there`);
}

/** Enrols where the hub has not admitted this agent yet; else takes another way to it, where one is answered. */
async function reach({ hub, join, proxy }: Answers, flags: AgentFlags, standing: Standing): Promise<void> {
  const { layout, route, isEnrolled } = standing;
  if (hub === null) return;
  if (!isEnrolled && join !== null) {
    const { data } = layout;
    return enrol({
      data,
      hub,
      join,
      ...(proxy === null ? {} : { proxy }),
      ...(flags.as === undefined ? {} : { as: flags.as }),
    });
  }
  if (flags.join !== undefined)
    say.note("This practice is enrolled already: the join code is not needed, and was not used.");
  if (hub === route?.hub && proxy === route.proxy) return;
  await changeRouteTo(layout, { hub, proxy });
  const from = standing.hasUnits ? "now on" : "the agent's next start on: start it again where it runs";
  say.result(
    `The hub is reached at ${hub}, ${proxy === null ? "by no proxy" : "by the proxy"}, from ${from}.`,
  );
}

/** The commands about records: what is answered as it stands needs none. */
function recordSteps(
  answers: Answers,
  flags: AgentFlags,
  { layout, optOuts, inbox, watch }: Standing,
): Step[] {
  const { format, extract, deprivation, completeTo } = answers;
  const where = ["--data", layout.data];
  const as = option("--as", flags.as);
  const steps: Step[] = [];
  if (answers.optOuts !== optOuts && answers.optOuts !== null)
    steps.push([
      "agent",
      "opt-outs",
      ...where,
      "--set",
      answers.optOuts,
      ...as,
      ...(flags.yes ? ["--yes"] : []),
    ]);
  if (extract !== null && format === null)
    throw new AnswerError(
      "answer-missing",
      "an extract can be taken in once its format is said: say --format too",
    );
  if (extract !== null && format !== null)
    steps.push([
      ...["agent", "import", ...where, "--format", format, ...option("--deprivation", deprivation)],
      ...[...option("--complete-to", completeTo), ...option("--registered-from", flags.registeredFrom)],
      ...[...option("--organisation", flags.organisation), extract],
    ]);
  if (inbox !== null && answers.inbox === null)
    steps.push(["agent", "watch", inbox, ...where, "--format", format ?? watch.format ?? "journal", "--end"]);
  return steps;
}

function option(name: string, value: string | null | undefined): string[] {
  return value === null || value === undefined ? [] : [name, value];
}

/** Starts keeper and courier now and at each boot, and the watch where extracts come; ends it where they do no longer. */
async function startUnits(
  { format, inbox, deprivation }: Answers,
  { layout, watch }: Standing,
): Promise<void> {
  const table = deprivation === null ? null : keptBeside(WATCH_CONF, deprivation);
  const next = { format: format ?? watch.format, deprivation: table };
  if (inbox !== null && next.format === null)
    throw new AnswerError(
      "answer-missing",
      `what comes into ${INBOX} can be taken in once its format is said: say --format too`,
    );
  writeWatchSettings(WATCH_CONF, next);
  systemctl("enable --now", COURIER);
  systemctl("restart", COURIER); // it reads its way to the hub when it starts
  systemctl(inbox === null ? "disable --now" : "enable --now", TIMER);
  for (let s = 0; s < START_S && !statusOf(layout).running.keeper; s++) await pause(1000);
  say.result(
    `Keeper and courier run, now and after each start of this machine.${inbox === null ? "" : ` What comes into ${INBOX} is taken in by itself.`}`,
  );
}

/** What a person starts by hand where no service does it. */
function byHand({ inbox, format, deprivation }: Answers, { data, commands }: Layout): string[] {
  const table = deprivation === null ? "" : ` --deprivation ${shellWord(deprivation)}`;
  const watch = `cairn agent watch ${shellWord(inbox ?? "")} --data ${shellWord(data)} --format ${format ?? "FORMAT"}${table}`;
  return [`Start the agent: ${commands.start}`, ...(inbox === null ? [] : [`Take in what comes: ${watch}`])];
}
