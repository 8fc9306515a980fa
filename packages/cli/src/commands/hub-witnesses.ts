/** cairn hub witnesses: who countersigns the hub's log. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { say } from "../say.js";
import { DATA } from "./hub-options.js";

export function registerWitnesses(command: Command): void {
  command
    .command("witnesses")
    .description("print the key of the hub's log, and who countersigns it")
    .option(...DATA)
    .option(
      "--policy <file>",
      "from now on keep the signatures of this policy's witnesses (C2SP tlog-policy)",
    )
    .action(async ({ data, policy }: { data: string; policy?: string }) => {
      await hub.withHub(data, async (open) => {
        const inForce =
          policy === undefined
            ? hub.policyInForce(open)
            : hub.setWitnessPolicy(open, readFileSync(policy, "utf8"));
        say.result(hub.logVkey(open));
        if (!inForce) say.note("No witness countersigns this log: --policy FILE says who may.");
        for (const { called, name } of inForce?.witnesses ?? []) say.note(`Witness ${called}: ${name}`);
      });
    });
}
