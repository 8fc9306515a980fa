import { statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { KeeperError } from "../errors.js";

/** Path of the keeper's folder. @param data the agent's folder, `--data`. */
export function keeperFolder(data: string): string {
  return join(data, "keeper");
}

export function keyFile(folder: string): string {
  return join(folder, "key.pem");
}

/**
 * Path of the key while `init` is under way: it gets its name last, so that a folder with a key is a whole keeper.
 */
export function unfinishedKeyFile(folder: string): string {
  return join(folder, "key.pem.new");
}

export function databaseFile(folder: string): string {
  return join(folder, "keeper.db");
}

/** The Unix socket between keeper and courier. @param data the agent's folder. */
export function socketFile(data: string): string {
  return join(data, "run", "keeper.sock");
}

/** Whether the file is there. @throws KeeperError no-access where this user may not even look */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOTDIR") return false;
    if (code !== "EACCES" && code !== "EPERM") throw cause;
    const words = `${path} may not be read by the user ${userInfo().username}: give the command as its owner, or as root`;
    throw new KeeperError("no-access", words, { cause });
  }
}
