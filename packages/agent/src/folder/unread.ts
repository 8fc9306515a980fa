/** Whether a half's folder may be looked at by this user. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";

/** Why a half's folder was not looked at; null where this user may read it. */
export function whyUnread(folder: string): string | null {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return null;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!missing) return `${folder} may not be read by this user: give the command as root`;
    const empty = existsSync(dirname(folder)) ? "" : `, nor is ${dirname(folder)}`;
    return `${folder} is not there${empty}: nobody has enrolled, or --courier-data names another place`;
  }
}
