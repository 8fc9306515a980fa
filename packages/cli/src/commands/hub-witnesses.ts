/** cairn hub witnesses: who countersigns the hub's log. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { say } from "../say.js";
import { DATA } from "./hub-options.js";

export function registerWitnesses(command: Command): void {
  command
    .command("witnesses")
    .description("print the key of the hub's log, and who countersigns it")
    .option(...DATA)
    .action(async ({ data }: { data: string }) => {
      await hub.withHub(data, async (open) => {
        const inForce = await hub.policyInForce(open);
        say.result(hub.logVkey(open));
        if (!inForce)
          say.note(
            "No witness countersigns this log: a policy that names them is signed with the library (cairn library add --policy FILE).",
          );
        for (const { called, name } of inForce?.witnesses ?? []) say.note(`Witness ${called}: ${name}`);
      });
    });
}
