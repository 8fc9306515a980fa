/** cairn hub setup: from an installed package to a hub that runs. */
import type { Command } from "commander";
import type { HubFlags } from "../setup/hub.js";
import { AS, many } from "./hub-options.js";

export function registerSetup(command: Command): void {
  command
    .command("setup")
    .description(
      "set this hub up: asks what it needs, makes it, starts the service, and says what is next; given again, it goes on",
    )
    .option(
      "--data <dir>",
      "the hub's folder (default: /var/lib/cairn-hub where it is installed, else cairn-hub)",
    )
    .option("--host <name>", "name or address by which agents reach it (repeat for more)", many, [])
    .option("--grpc-port <n>", "port for agents: 8443 where absent")
    .option("--port <n>", "port of the pages: 8080 where absent")
    .option("--person <name>", "the first person who signs in; none where absent")
    .option("--role <role>", "their role: governance-officer where absent")
    .option("--group <name>", "a group that they are here for (repeat for more)", many, [])
    .option(...AS)
    .action(async (flags: HubFlags) => (await import("../setup/hub.js")).setUpHub(flags));
}
