/** cairn audit ...: for whoever has to answer for what left a practice. */
import { basename } from "node:path";
import type { Command } from "commander";
import { crossCheck, readExport } from "../audit/cross-check.js";
import { say } from "../say.js";

export function register(program: Command): void {
  const command = program
    .command("audit")
    .description("hold the hub's log and the practices' logs against each other");
  command
    .command("verify")
    .description("check exported logs offline; exit 1 and the first thing that does not hold, if anything")
    .requiredOption("--hub <file>", "the hub's log, from cairn hub export")
    .requiredOption("--practice <files...>", "each practice's log, from cairn agent log --json")
    .option("--json", "print JSON")
    .action(verify);
}

function verify(flags: { hub: string; practice: string[]; json?: boolean }): void {
  const practices = flags.practice.map((file) => readExport(basename(file), file));
  const account = crossCheck(readExport("the hub", flags.hub), practices);
  if (flags.json) say.json(account);
  else if (account.verified) {
    for (const { practice, entries, releases, withdrawn } of account.practices) {
      const taken = withdrawn > 0 ? `, ${withdrawn} of them withdrawn` : "";
      say.result(
        `${practice}: ${entries} entries lead to its signed head; ${releases} releases agree with the hub${taken}`,
      );
    }
    say.result(`The logs hold and agree: ${account.releases} releases.`);
  } else say.result(`This does not hold: ${account.problem}`);
  if (!account.verified) process.exitCode = 1;
}
