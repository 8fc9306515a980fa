/** The courier's files, into a backup and out of it. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Copies key, certificate, CA and settings of the link, for their owner alone; what is just being written is not one of them. */
export function copyLink(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from).filter((each) => !each.endsWith(".part"))) {
    copyFileSync(join(from, name), join(to, name));
    chmodSync(join(to, name), 0o600);
  }
}
