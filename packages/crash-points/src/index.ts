/** Crash points: places where a test ends a process at once, as a power cut would. */
import { rmSync } from "node:fs";
import { join } from "node:path";

/** Just before a step takes effect (a commit, a call), or just after. */
export type Moment = "before" | "after";

/** Kills this process where one of these points is armed. */
export type CrashPoint = (moment: Moment, ...steps: readonly string[]) => void;

/**
 * The crash points of the process of this name. A point is armed by a file `<name>.<step>-<moment>` in the folder; the file is
 * removed before the kill, so that the process which is started again passes.
 * @param folder null: no point can be armed
 */
export function crashPoints(name: "keeper" | "courier" | "hub", folder: string | null): CrashPoint {
  return (moment, ...steps) => {
    if (folder === null) return;
    if (steps.some((step) => taken(join(folder, `${name}.${step}-${moment}`)))) killThis();
  };
}

function killThis(): void {
  process.kill(process.pid, "SIGKILL");
}

function taken(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch {
    return false; // not armed
  }
}
