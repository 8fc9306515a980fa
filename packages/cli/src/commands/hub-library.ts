/** cairn hub library-key: the key with which the hub signs what is newest. */
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { publicKeyText } from "@cairn/signed-library";
import { say } from "../say.js";
import { DATA } from "./hub-options.js";

export function registerLibraryKey(command: Command): void {
  command
    .command("library-key")
    .description("print the hub's public key, which cairn library init and rotate take")
    .option(...DATA)
    .action(async ({ data }: { data: string }) => {
      const key = await hub.withHub(data, (open) => Promise.resolve(hub.onlineKey(open)));
      say.data(publicKeyText(key));
    });
}
