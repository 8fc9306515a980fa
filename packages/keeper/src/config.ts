/** Reads the environment; no other file of the keeper does. */
import { rmSync } from "node:fs";
import { join } from "node:path";

/** The steps around whose commit a test can crash the keeper, before or after. */
export type Step =
  | "library" // a library version is taken in
  | "offer" // runs are written down with their first decision
  | "execute" // runs are recorded as running
  | "answer" // the child process is started, and has answered
  | "release" // tables are decided on, logged and signed
  | "withdraw" // a release is taken back, or its correction allowed
  | "restore" // it came back from a backup, or is given back what the hub holds
  | "approve" // a person has said something
  | "take" // a release is handed to the courier
  | "acknowledge" // a receipt is taken in
  | "review" // what has changed by itself: records arrived, time passed
  | "link" // the courier says how the link stands
  | "witness"; // a checkpoint of the hub's is countersigned

/**
 * Ends the process at once, as a power cut does, where `CAIRN_CRASH_AT` names a folder that holds the file
 * `keeper.<step>-<moment>`. The file is removed first so that the restarted process does not crash again. For fault
 * tests.
 */
export function crashPoint(step: Step, moment: "before" | "after"): void {
  const folder = process.env["CAIRN_CRASH_AT"];
  if (folder && takenAway(join(folder, `keeper.${step}-${moment}`))) process.kill(process.pid, "SIGKILL");
}

function takenAway(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch {
    return false; // not there: no test asks for this death
  }
}

/** Whether a service manager has handed in the page's socket as descriptor 3 (sd_listen_fds(3)). */
export function handedInDescriptor(): number | null {
  const { LISTEN_FDS, LISTEN_PID } = process.env;
  return LISTEN_FDS === "1" && LISTEN_PID === String(process.pid) ? 3 : null;
}

/**
 * Days for which accepted queries go on after their library has expired: `CAIRN_EXPIRED_LIBRARY_DAYS`, 30 by default.
 */
export function expiredLibraryDays(): number {
  const set = process.env["CAIRN_EXPIRED_LIBRARY_DAYS"] ?? "";
  return /^\d{1,3}$/.test(set) ? Number(set) : 30;
}
