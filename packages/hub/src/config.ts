/** The one place of the hub that reads the environment. */
import { rmSync } from "node:fs";
import { join } from "node:path";

/** Every place where a test may cut the power, before or after its commit. */
export const STEPS = [
  "enrol",
  "admit",
  "publish",
  "schedule",
  "claim",
  "report",
  "submit",
  "close",
  "renew",
  "other",
] as const;
export type Step = (typeof STEPS)[number];
export type CrashPoint = `${Step}-${"before" | "after"}-commit`;

/**
 * Dies at once, as in a power cut, where `CAIRN_CRASH_AT` names a folder that holds the file `hub.<point>`. The
 * file is taken away first, so that the next life passes. For fault tests.
 */
export function crashPoint(point: CrashPoint): void {
  const folder = process.env["CAIRN_CRASH_AT"];
  if (folder && takenAway(join(folder, `hub.${point}`))) process.kill(process.pid, "SIGKILL");
}

function takenAway(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch {
    return false; // not there: no test asks for this death
  }
}
