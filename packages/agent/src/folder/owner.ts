/** Root's commands about both halves: what they make in a half belongs to whose folder it is. */
import { lchownSync, readdirSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";

/** Does something as the owner of a folder, where root gave the command and the folder is another user's. */
export async function asOwnerOf<T>(folder: string, action: () => T | Promise<T>): Promise<T> {
  const owner = otherOwner(folder);
  if (owner === null) return action();
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.([]);
  process.setegid?.(owner.gid);
  process.seteuid?.(owner.uid);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}

/** Gives all that is in a folder to the folder's owner, where root put it there. */
export function giveToOwner(folder: string): void {
  const owner = otherOwner(folder);
  if (owner === null) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    lchownSync(join(folder, name), owner.uid, owner.gid);
}

function otherOwner(folder: string): Stats | null {
  const owner = statSync(folder, { throwIfNoEntry: false });
  return process.getuid?.() === 0 && owner !== undefined && owner.uid !== 0 ? owner : null;
}
