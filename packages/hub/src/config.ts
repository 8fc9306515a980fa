/** Reads the environment; no other file of the hub does. */
import { rmSync } from "node:fs";
import { join } from "node:path";

/** The steps around whose commit a test can crash the hub, before or after. */
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
 * Ends the process at once, as a power cut does, where `CAIRN_CRASH_AT` names a folder that holds the file
 * `hub.<point>`. The file is removed first so that the restarted process does not crash again. For fault tests.
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
