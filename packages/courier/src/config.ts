/** Reads the environment; no other file of the courier does. */
import { rmSync } from "node:fs";
import { join } from "node:path";

/** The calls around which a test can crash the courier, before or after. */
type Step =
  | "poll"
  | "library"
  | "offer"
  | "claim"
  | "execute"
  | "take"
  | "submit"
  | "acknowledge"
  | "report"
  | "give-back"
  | "renew"
  | "witness";

/**
 * Ends the process at once, as a power cut does, where `CAIRN_CRASH_AT` names a folder that holds the file
 * `courier.<step>-<moment>`. The file is removed first so that the restarted process does not crash again. For fault
 * tests.
 */
function crashPoint(step: Step, moment: "before" | "after"): void {
  const folder = process.env["CAIRN_CRASH_AT"];
  if (folder && takenAway(join(folder, `courier.${step}-${moment}`))) process.kill(process.pid, "SIGKILL");
}

function takenAway(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch {
    return false; // not there: no test asks for this death
  }
}

/** Makes one call, with a crash point before and after it. */
export async function atStep<T>(step: Step, call: () => Promise<T>): Promise<T> {
  crashPoint(step, "before");
  const result = await call();
  crashPoint(step, "after");
  return result;
}

const FORGOTTEN_MS = 60_000;

/**
 * Least time in ms before a hub that does not know this agent is asked again: `CAIRN_FORGOTTEN_MS`, for fault tests.
 */
export function forgottenPause(): number {
  return Number(process.env["CAIRN_FORGOTTEN_MS"] ?? FORGOTTEN_MS);
}
