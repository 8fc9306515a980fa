/** cairn agent: what practice IT installs, and the practice's say. */
import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import type { ConsentFlags } from "../agent/consent.js";
import type { CourierFlags } from "../agent/courier.js";
import type { EnrolFlags } from "@cairn/agent/enrol";
import type { InitFlags } from "@cairn/agent/init";
import type { KeeperFlags } from "../agent/keeper.js";
import type { LayoutFlags } from "@cairn/agent/layout";
import type { LeftOutFlags } from "@cairn/agent/left-out";
import type { TrustFlags } from "../agent/library.js";
import type { RuleFlags, DecisionOptions } from "../agent/decision-commands.js";
import type { OptOutFlags } from "../agent/opt-outs.js";
import type { StatusFlags } from "../agent/status.js";
import type { StartFlags } from "@cairn/agent/start";
import { isolated } from "../isolated.js";
import { LOOKS_AS } from "../record-options.js";
import { registerPeople } from "./agent-people.js";
import { registerSetup } from "./agent-setup.js";

/** The decisions, loaded when one is given: keeper, courier and supervisor share a file here and no more. */
const decisions = () => import("../agent/decision-commands.js");

interface Data {
  readonly data: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const agent = program.commands.find((command) => command.name() === "agent") ?? program.command("agent");
  agent.description(
    "the practice's agent: a keeper that holds the records, and a courier that talks to the hub",
  );
  registerSetup(agent);
  setUp(agent);
  run(agent);
  decide(agent);
  registerPeople(agent);
  lookAfter(agent);
}

/** A command with the agent's folder. */
function command(agent: Command, name: string, description: string): Command {
  return agent
    .command(name)
    .description(description)
    .option("--data <dir>", "the agent's folder", "cairn-agent");
}

/** Adds the option for a courier's half outside of the agent's folder. */
function withCourier(one: Command): Command {
  return one.option(
    "--courier-data <dir>",
    "what the courier has as its --data (default: --data; of NAME-keeper the NAME-courier beside it)",
  );
}

function setUp(agent: Command): void {
  command(agent, "init", "make the agent's folder and the practice's signing key")
    .option("--author-mode", "make a sandbox, which may run unsigned queries and can never be enrolled")
    .option("--json", "print the key as JSON")
    .addOption(new Option("--invented", "for the demo's invented practices").hideHelp())
    .action(async (flags: InitFlags) => (await import("../agent/init.js")).init(flags));
  withCourier(command(agent, "enrol", "join a hub with the code that its operator gave"))
    .requiredOption("--join <code>", "the join code, from cairn- to its end")
    .requiredOption("--hub <host:port>", "where the hub answers")
    .option("--proxy <url>", "go through this proxy only: http://user:password@host:port")
    .option("--name <practice>", "refuse a code that was made out to another practice")
    .option(...AS)
    .option(
      "--new-hub",
      "this hub takes the place of one that is gone for good: what was released stays known",
    )
    .option("--wait", "wait until someone at the hub has compared the fingerprint")
    .option("--json", "print the outcome as JSON")
    .action(async (flags: EnrolFlags) => (await import("../agent/enrol.js")).enrol(flags));
}

const CERTIFICATE = [
  "--page-certificate <pem>",
  "certificate of the pages at other desks, with those that issued it after it; read at each start",
] as const;
const KEY = ["--page-key <pem>", "its private key, which the keeper's user can read"] as const;

function run(agent: Command): void {
  command(agent, "start", "run keeper and courier, the keeper without a network, until told to stop")
    .option("--page-port <port>", "port of the practice's own page on 127.0.0.1; 0 takes any", port, 8650)
    .option(
      "--page-address <host:port>",
      "open the practice's own pages to its other desks, too: a private address of this machine, such as 10.1.2.3:8651",
    )
    .option(...CERTIFICATE)
    .option(...KEY)
    .option(
      "--courier-user <name>",
      "user of the courier, who can then open no record; only root can set it (default: cairn-courier, where there is one)",
    )
    .option("--json", "print one line of JSON when both run")
    .action(async (flags: StartFlags) => (await import("../agent/start.js")).runAgent(flags));
  command(agent, "keeper", "the keeper alone, for service managers: give it no network")
    .option("--socket <path>", "Unix socket for the courier (default: run/keeper.sock in the agent's folder)")
    .option("--page-fd <n>", "descriptor of a listening socket for the practice's own page", descriptor)
    .option("--desk-fd <n>", "descriptor of a listening socket for the pages at other desks", descriptor)
    .option(...CERTIFICATE)
    .option(...KEY)
    .option("--tied", "end when standard input closes")
    .action(async (flags: KeeperFlags) => (await import("../agent/keeper.js")).keeperProcess(flags));
  command(agent, "courier", "the courier alone, for service managers: give it no records")
    .option("--socket <path>", "Unix socket of the keeper (default: run/keeper.sock in the agent's folder)")
    .option("--tied", "end when standard input closes")
    .action(async (flags: CourierFlags) => (await import("../agent/courier.js")).courierProcess(flags));
}

const AS = ["--as <name>", "who decides, for the log: the system's user where it is not said"] as const;

/** A command by which a person decides. */
function decision(agent: Command, name: string, description: string): Command {
  return command(agent, name, description).option(...AS);
}

function decide(agent: Command): void {
  decision(agent, "pause", "nothing runs and nothing leaves, from this second").action(
    async (flags: DecisionOptions) => (await decisions()).pauseAgent(flags),
  );
  decision(agent, "resume", "go on after a pause").action(async (flags: DecisionOptions) =>
    (await decisions()).resumeAgent(flags),
  );
  decision(agent, "join", "accept a group by name, and its charter: an invitation makes nobody a member")
    .argument("<group>")
    .option("--show", "show the group's charter, where one waits to be accepted, and accept nothing")
    .action(async (group: string, flags: DecisionOptions & { show?: boolean }) =>
      (await decisions()).joinAt(flags, group),
    );
  decision(agent, "leave", "leave a group: it gets nothing new, from this second")
    .argument("<group>")
    .action(async (group: string, flags: DecisionOptions) => (await decisions()).leaveAt(flags, group));
  decision(agent, "approve", "accept a query for a group, or approve held releases")
    .argument("<query or run...>", "runs as cairn agent status and the practice's page name them")
    .option("--group <name>", "the group that may have it; not needed where one alone waits for it")
    .action(async (what: string[], flags: DecisionOptions) => (await decisions()).approveAt(flags, what));
  decision(
    agent,
    "decline",
    "decline a query, every version, wherever it is on its way, or keep a held release here for good; no reason is needed",
  )
    .argument(
      "<query or run>",
      "a run: as cairn agent status and the practice's page name it; its beginning is enough",
    )
    .option("--group <name>", "of a query: for this group only; for every group where absent")
    .action(async (what: string, flags: DecisionOptions) => (await decisions()).declineAt(flags, what));
  decision(agent, "withdraw", "withdraw the release of a run; group figures that used it come down")
    .argument("<run>", "as cairn agent status and the practice's page name it; its beginning is enough")
    .option("--group <name>", "withdraw this group's use only; the release stays")
    .option("--why <text>", "the reason, for this practice alone: it never leaves")
    .action(async (run: string, flags: DecisionOptions) => (await decisions()).withdrawAt(flags, run));
  decision(agent, "correct", "allow one corrected run in the place of a withdrawn release")
    .argument("<run>")
    .action(async (run: string, flags: DecisionOptions) => (await decisions()).correctAt(flags, run));
  decision(agent, "retry", "try quarantined runs again: they crashed twice")
    .argument("<query or run>")
    .action(async (query: string, flags: DecisionOptions) =>
      (await import("../agent/retry.js")).retryAt(query, flags),
    );
  decision(
    agent,
    "accept-hub-log",
    "countersign the new log in which a restored hub goes on, or settle that the hub showed another log for a time",
  ).action(async (flags: DecisionOptions) => (await decisions()).acceptHubLogAt(flags));
  decision(agent, "trust", "trust the root of a library whose fingerprint its signers have read out")
    .argument("<file>", "the file of the root, as the signers gave it")
    .option(
      "--fingerprint <fingerprint>",
      "as they read it out; without it, the command only shows the file's",
    )
    .action(async (file: string, flags: TrustFlags) =>
      (await import("../agent/library.js")).trustAt(file, flags),
    );
  const library = agent.command("library").description("the signed library, where it comes by file");
  decision(library, "take", "check a delivery of the library from a file, and put it in force")
    .argument("<file>", "as cairn library export writes it")
    .action(async (file: string, flags: DecisionOptions) =>
      (await import("../agent/library.js")).takeLibraryAt(file, flags),
    );
  decision(
    agent,
    "left-out",
    "show or set the practice's own list of people who are in no number that leaves",
  )
    .alias("exclude")
    .addOption(
      new Option(
        "--file <file>",
        "the new list: numbers or identifiers as worklists show them, one a line (- is standard input); it takes the place of the one before",
      ).conflicts("none"),
    )
    .option("--none", "take everyone off the list")
    .option("--yes", "beside --file: also where some are of nobody in the records yet")
    .option("--json", "print the numbers as JSON")
    .action((flags: LeftOutFlags) =>
      isolated(async () => (await import("../agent/left-out.js")).leftOutAt(flags)),
    );
  decision(
    agent,
    "opt-outs",
    "show or choose whether people with a type 1 opt-out in their record are counted in what leaves",
  )
    .addOption(
      new Option(
        "--set <choice>",
        "left-out, or counted (where the charter of each group and every question that they may ask agree; never people on the practice's own list or marked as confidential); it holds for reference dates after today",
      ).choices(["left-out", "counted"]),
    )
    .option("--yes", "beside --set counted: without being asked")
    .option("--json", "print the choice as JSON")
    .action((flags: OptOutFlags) =>
      isolated(async () => (await import("../agent/opt-outs.js")).optOutsAt(flags)),
    );
  decision(
    agent,
    "consent",
    "show, give or take back the consent that a group's people see this practice by name",
  )
    .addArgument(
      new Argument("[what]", "give or take-back; without it, how it stands").choices(["give", "take-back"]),
    )
    .option("--group <name>", "the group whose charter lets somebody see names")
    .option("--to <whom>", "as the charter calls them, or their role; needed where it lets several see names")
    .option("--until <day>", "beside give: the last day, YYYY-MM-DD, at most a year away")
    .option("--yes", "beside give: without being asked")
    .option("--json", "print how it stands as JSON")
    .action(async (what: "give" | "take-back" | undefined, flags: ConsentFlags) =>
      (await import("../agent/consent.js")).consentAt(what, flags),
    );
  decision(agent, "rules", "show or set what happens to queries that a group asks for")
    .option(
      "--group <name>",
      "the group that --set is for; every group without a rule of its own where absent, or any",
    )
    .option("--set <rule>", "ask, accept-signed, or accept-after:14 (days)")
    .addOption(
      new Option(
        "--delegate <body>",
        "leave it to a body that the signed library names: what it accepts is accepted here, under the keys that it has now",
      ).conflicts("set"),
    )
    .option("--yes", "beside --delegate: without being asked")
    .addOption(
      new Option("--hold <on or off>", "of the whole practice: each release waits until someone has seen it")
        .choices(["on", "off"])
        .conflicts("group"),
    )
    .addOption(
      new Option("--floor <policy>", "the practice's own floor: k8-r5, k10-r6, k5-r5 or midpoint6").conflicts(
        "group",
      ),
    )
    .option("--json", "print the rules as JSON")
    .action(async (flags: RuleFlags) => (await decisions()).rulesAt(flags));
}

function lookAfter(agent: Command): void {
  withCourier(command(agent, "status", "the state of this agent, and what to type next"))
    .option("--quality", "print the quality of the records, as the newest import found it")
    .option("--json", "print as JSON")
    .action((flags: StatusFlags) =>
      isolated(async () => (await import("../agent/status.js")).agentStatus(flags)),
    );
  withCourier(command(agent, "doctor", "what holds on this machine, what does not, what was not looked at"))
    .option(
      "--socket <path>",
      "Unix socket of the keeper (default: run/keeper.sock in --data; of NAME-keeper /run/NAME/keeper.sock)",
    )
    .option("--json", "print as JSON")
    .action(async (flags: LayoutFlags & Data) => (await import("../agent/doctor.js")).doctor(flags));
  command(agent, "log", "print the practice's own log")
    .option(...LOOKS_AS)
    .option("--json", "as JSON lines with the signed head first, for cairn audit verify")
    .action(async (flags: DecisionOptions & { json?: boolean }) => (await decisions()).printLog(flags));
  withCourier(command(agent, "backup", "copy keys and databases while they are in use"))
    .requiredOption("--out <dir>", "where to")
    .action((flags: LayoutFlags & { out: string }) =>
      isolated(async () => (await import("../agent/backup.js")).backup(flags)),
    );
  withCourier(command(agent, "restore", "make an agent's folder from a backup"))
    .requiredOption("--from <dir>", "the backup")
    .action((flags: LayoutFlags & { from: string }) =>
      isolated(async () => (await import("../agent/backup.js")).restore(flags)),
    );
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 to 65535");
  return number;
}

function descriptor(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a descriptor is a number");
  return Number(text);
}
