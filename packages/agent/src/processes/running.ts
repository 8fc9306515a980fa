/**
 * Finds the halves of an agent that run now: by the lock that ends with its process, and by the processes that this
 * user can see.
 */
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { courierSpeaks, isRunning } from "@cairn/keeper/practice";
import { minute } from "@cairn/text";
import type { LinkState } from "@cairn/wire";
import type { Layout } from "../folder/layout.js";

export interface ProcessStates {
  readonly keeper: boolean;
  /** Whether the courier runs; null where this user cannot see. */
  readonly courier: boolean | null;
}

/** Finds the halves that run. @throws SqliteError */
export function whatRuns(layout: Layout): ProcessStates {
  return { keeper: isRunning(layout.keeper), courier: courierRuns(layout) };
}

/** Whether the courier runs: it does not where this user could see its process and its folder, and sees none. */
function courierRuns({ courier, courierData }: Layout): boolean | null {
  if (userOf("courier", courierData) !== null) return true;
  return isReadable("/proc/1/cmdline") && isReadable(courier) ? false : null;
}

/** The user of the process of this half that runs on this folder; null where none is seen. */
export function userOf(half: "keeper" | "courier", data: string): number | null {
  for (const pid of processes()) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const at = words.indexOf("agent");
      const folder = words[words.indexOf("--data") + 1];
      if (at < 1 || words[at + 1] !== half || folder === undefined) continue;
      const from = isAbsolute(folder) ? "/" : readlinkSync(`/proc/${pid}/cwd`);
      if (resolve(from, folder) === resolve(data)) return statSync(`/proc/${pid}`).uid;
    } catch {
      // it has just ended, or is hidden from this user
    }
  }
  return null;
}

function processes(): string[] {
  return existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

interface Around {
  readonly layout: Layout;
  readonly courierSpokeAt: string | null;
  readonly link: LinkState | null;
  readonly now: number;
}

/** One line on the halves that run, and the command that starts the other. */
export function runningWords(
  { keeper, courier }: ProcessStates,
  { layout, courierSpokeAt, link, now }: Around,
): string {
  const { start } = layout.commands;
  if (!keeper && courier !== true) {
    const unseen = courier === null && link !== null ? " (its courier cannot be seen by this user)" : "";
    return `The agent does not run${unseen}: ${start}`;
  }
  if (!keeper) return `The courier runs, and the keeper does not: ${start}`;
  if (courier === true) return "Keeper and courier run";
  if (link?.state === "revoked" || link?.state === "cloned")
    return "The keeper runs; the courier has ended, for the hub has locked it out";
  if (courier === false) return `The keeper runs, and the courier does not: ${start}`;
  if (courierSpeaks(courierSpokeAt, now)) return "The keeper runs, and a courier speaks to it";
  const since = courierSpokeAt === null ? "yet" : `since ${minute(courierSpokeAt)}`;
  return `The keeper runs, and no courier has spoken to it ${since}: ${start}`;
}
