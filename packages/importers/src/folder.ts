/** Finds the files of a folder: searched to the bottom, through links, each folder once. */
import { readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/** Every file below the folder, in the order of their paths. `note` is called with each entry that is no file. */
export function filesBelow(
  folder: string,
  note: (path: string, why: string) => void,
): { path: string; size: number }[] {
  const found: { path: string; size: number }[] = [];
  const seen = new Set<string>();
  const walk = (at: string): void => {
    const real = realpathSync(at);
    if (seen.has(real)) return; // a link that leads back up, or a folder that is linked twice
    seen.add(real);
    for (const name of readdirSync(at)) {
      if (name.startsWith(".") || name.includes("__MACOSX")) continue;
      const path = join(at, name);
      const about = behind(path);
      if (about === null) note(path, "is a link that leads nowhere");
      else if (about.isDirectory()) walk(path);
      else if (about.isFile()) found.push({ path, size: about.size });
      else note(path, "is neither a file nor a folder");
    }
  };
  walk(folder);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function behind(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ELOOP") return null;
    throw error;
  }
}
