/** The folder of a backup: one of its own, outside all folders that are backed up. */
import { lstatSync, mkdirSync, readdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The folder by its real path, or the reason why it may not be used, in words that follow its name. */
type Claimed = { readonly folder: string } | { readonly problem: string };

/**
 * Makes the folder for a backup, mode 0700, or takes one that is there and empty. Where it may not be used, nothing
 * was made.
 * @param out the folder for the backup.
 * @param kept folders that are backed up: `out` may be none of them and inside none of them, whatever path (links,
 * mounts, other spellings) names it.
 * @throws of the system, where it cannot be made or read
 */
export function claimBackupFolder(out: string, kept: readonly string[]): Claimed {
  const folder = realOf(out);
  const keptNow = kept.flatMap((each) => statOf(each) ?? []);
  const isKept = (path: string): boolean => {
    const found = statOf(path);
    return found !== undefined && keptNow.some(({ dev, ino }) => dev === found.dev && ino === found.ino);
  };
  if (withAncestors(folder).some(isKept)) {
    return {
      problem: "is inside the folder that is to be backed up: choose one elsewhere, best on another disk",
    };
  }
  const there = statOf(folder);
  if (there === undefined && lstatSync(folder, { throwIfNoEntry: false }))
    return { problem: "is a link that leads nowhere: choose a new folder" };
  if (there !== undefined && !there.isDirectory()) return { problem: "is no folder: choose a new one" };
  if (there !== undefined && readdirSync(folder).length > 0)
    return { problem: "is not empty: choose a new or empty folder, so that no backup is written over" };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { folder };
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** The path as the system follows it: a link followed by `..` leads elsewhere than leaving the two out. */
function realOf(path: string): string {
  try {
    return realpathSync.native(path); // the other crosses `..` out first
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(path);
    if (code !== "ENOENT" || above === path) throw error;
    return join(realOf(above), basename(path));
  }
}

function withAncestors(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...withAncestors(above)];
}
