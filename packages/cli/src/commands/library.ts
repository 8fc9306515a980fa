/** cairn library ...: who signs what a hub's agents may be asked. All but `publish` needs no hub. */
import type { Command } from "commander";
import { registerKey } from "./library/key.js";
import { registerLooking } from "./library/look.js";
import { registerPreparing } from "./library/prepare.js";
import { registerSign } from "./library/sign.js";

export function register(program: Command): void {
  const command =
    program.commands.find((each) => each.name() === "library") ??
    program.command("library").description("the signed set of queries, codelists and charters");
  registerKey(command);
  registerPreparing(command);
  registerSign(command);
  registerLooking(command);
}
