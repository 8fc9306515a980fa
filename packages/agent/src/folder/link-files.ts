/** The courier's files, into a backup and out of it. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SETTINGS = "settings.json";

/**
 * Copies key, certificate, CA and settings of the link, for their owner alone; what is just being written and a
 * tunnel's socket are not among them. A renewal writes the settings before all others and after them: where they have changed meanwhile, all are
 * copied again, so that certificate and settings are of one moment.
 */
export function copyLink(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  do {
    const others = readdirSync(from, { withFileTypes: true })
      .filter((each) => each.isFile() && !each.name.endsWith(".part") && each.name !== SETTINGS)
      .map(({ name }) => name);
    for (const name of existsSync(join(from, SETTINGS)) ? [SETTINGS, ...others] : others) {
      copyFileSync(join(from, name), join(to, name));
      chmodSync(join(to, name), 0o600);
    }
  } while (settingsIn(from) !== settingsIn(to));
}

function settingsIn(folder: string): string | null {
  return existsSync(join(folder, SETTINGS)) ? readFileSync(join(folder, SETTINGS), "utf8") : null;
}
