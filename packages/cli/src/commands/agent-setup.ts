/** cairn agent setup: from an installed package to an agent that runs. */
import type { Command } from "commander";
import type { AgentFlags } from "../setup/agent.js";

export function registerSetup(agent: Command): void {
  agent
    .command("setup")
    .description(
      "set this practice's agent up: asks what it needs, checks it, starts the services and ends with doctor; given again, it goes on or changes what is answered otherwise",
    )
    .option(
      "--data <dir>",
      "the agent's folder (default: /var/lib/cairn where it is installed, else cairn-agent)",
    )
    .option("--hub <host:port>", "where the hub answers")
    .option("--join <code>", "the join code that the hub's operator sent, from cairn- to its end")
    .option("--proxy <url>", "go through this proxy only: http://user:password@host:port; none ends that")
    .option("--format <format>", "what the extracts are; none where there are none yet")
    .option("--extract <path>", "a first extract, to take in")
    .option("--complete-to <date>", "last day for which that extract is complete (YYYY-MM-DD)")
    .option("--registered-from <what>", "where it has no registrations: birth or first-record")
    .option("--organisation <code>", "where it holds several (emis): the ODS code or GUID of this practice")
    .option("--inbox <folder>", "where extracts come by themselves; none ends that")
    .option("--deprivation <file>", "table of deprivation by postcode; none ends that")
    .option(
      "--opt-outs <choice>",
      "people with a type 1 opt-out in their record, in what leaves: left-out or counted",
    )
    .option("--yes", "beside --opt-outs counted: without being asked")
    .option("--as <name>", "who decides, for the log: the system's user where it is not said")
    .action(async (flags: AgentFlags) => (await import("../setup/agent.js")).setUpAgent(flags));
}
