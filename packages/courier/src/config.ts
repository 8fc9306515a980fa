/** The one place of the courier that reads the environment. */
import { rmSync } from "node:fs";
import { join } from "node:path";

/** Every place where a test may cut the power: before or after a call. */
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
 * Dies at once, as in a power cut, where `CAIRN_CRASH_AT` names a folder that holds the file
 * `courier.<step>-<moment>`. The file is taken away first, so that the next life passes. For fault tests.
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

/** One call with its two crash points. */
export async function atStep<T>(step: Step, call: () => Promise<T>): Promise<T> {
  crashPoint(step, "before");
  const result = await call();
  crashPoint(step, "after");
  return result;
}

const FORGOTTEN_MS = 60_000;

/**
 * How long a hub that does not know this agent is left alone before it is asked again, at least, milliseconds:
 * `CAIRN_FORGOTTEN_MS`, for fault tests.
 */
export function forgottenPause(): number {
  return Number(process.env["CAIRN_FORGOTTEN_MS"] ?? FORGOTTEN_MS);
}
