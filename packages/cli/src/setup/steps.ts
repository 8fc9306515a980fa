/** The steps of setting a machine up: commands of this program, and the services of the packages. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { CairnError } from "@cairn/errors";
import { again } from "../again.js";
import { EXIT } from "../exit-codes.js";
import { say } from "../say.js";

class StepError extends CairnError<"service-not-started"> {
  readonly kind = "unavailable";
}

/** A command of this program, by its words. */
export type Step = readonly string[];

/**
 * Gives the commands one after another at the same terminal, until one does not succeed.
 * @returns whether all did; else the exit code of the one that did not is this process's
 */
export async function giveAll(steps: readonly Step[]): Promise<boolean> {
  for (const words of steps) {
    const code = await again(["env"], { words });
    if (code === 0) continue;
    process.exitCode = code;
    say.note(goesOn(words.slice(0, 2).join(" ")));
    return false;
  }
  return true;
}

/** A line for whoever sees a set-up end before its end. */
export function goesOn(step: string): string {
  return `Set up so far; ${step} is still to do. See to the line above, then give the same command again: it goes on from there.`;
}

/** Gives a command of this program, and reads what it printed. @returns null where it did not succeed */
export function printedBy(words: Step): string | null {
  const [, program = ""] = process.argv;
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, program, ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status === 0) return stdout;
  process.exitCode = status ?? EXIT.unavailable;
  return null;
}

/** Whether this is root, on a machine that systemd runs and where the unit is installed. */
export function canStart(unit: string): boolean {
  return (
    process.getuid?.() === 0 &&
    existsSync("/run/systemd/system") &&
    spawnSync("systemctl", ["cat", unit], { stdio: "ignore" }).status === 0
  );
}

/** Whether a unit is started at each boot. */
export function isEnabled(unit: string): boolean {
  return spawnSync("systemctl", ["--quiet", "is-enabled", unit], { stdio: "ignore" }).status === 0;
}

/** Gives an order to the service manager. @throws StepError service-not-started, with the command that says why */
export function systemctl(order: "enable --now" | "disable --now" | "restart", unit: string): void {
  const { status } = spawnSync("systemctl", ["--quiet", ...order.split(" "), unit], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0)
    throw new StepError(
      "service-not-started",
      `systemctl ${order} ${unit} did not succeed: systemctl status ${unit} says why; then give the same command again`,
    );
}
