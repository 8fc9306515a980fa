/** cairn hub witnesses: who countersigns the hub's log. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { minute } from "@cairn/text";
import { say } from "../say.js";
import { DATA } from "./hub-options.js";

export function registerWitnesses(command: Command): void {
  command
    .command("witnesses")
    .description("print the key of the hub's log, who countersigns it and when each last did")
    .option(...DATA)
    .action(async ({ data }: { data: string }) => {
      await hub.withHub(data, async (open) => {
        const witnesses = await hub.witnessStates(open);
        say.result(hub.logVkey(open));
        if (!witnesses)
          say.note(
            "No witness countersigns this log: a policy that names them is signed with the library (cairn library add --policy FILE).",
          );
        for (const { called, name, signedAt } of witnesses ?? []) {
          const last = signedAt
            ? `last signed ${minute(signedAt.toISOString())}`
            : "signed neither of the two newest checkpoints: is cairn witness run going there?";
          say.note(`Witness ${called}: ${name}, ${last}`);
        }
      });
    });
}
