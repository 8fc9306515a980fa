/** `agent doctor`: what holds on this machine, what does not, and what was not looked at and why. */
import { examine } from "@cairn/agent/doctor";
import type { LayoutFlags } from "@cairn/agent/layout";
import { EXIT } from "../exit-codes.js";
import { say } from "../say.js";

/** Sets exit code 1 where something that is needed does not hold. @throws KeeperError no-access */
export async function doctor(flags: LayoutFlags & { readonly json?: boolean }): Promise<void> {
  if (!(await printChecks(flags))) process.exitCode = EXIT["does-not-hold"];
}

/** Prints what an agent's examination finds. @returns whether nothing that is needed lacks. @throws KeeperError no-access */
export async function printChecks(flags: LayoutFlags & { readonly json?: boolean }): Promise<boolean> {
  const checks = await examine(flags);
  if (flags.json) say.json({ checks });
  else
    for (const { check, holds, isTask, words } of checks) {
      const standing = holds === null ? "not seen" : holds ? "holds   " : isTask ? "to do   " : "does not";
      say.result(`${standing}  ${check}: ${words}`);
    }
  return checks.every(({ holds }) => holds !== false);
}
