/** The settings of the packages' nightly watch, in /etc/cairn/watch.conf: two variables, of which the rest is the machine's own. */
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export const WATCH_CONF = "/etc/cairn/watch.conf";

export interface WatchSettings {
  /** The format of the extracts that come; null where none is chosen. */
  readonly format: string | null;
  /** The file of deprivation by postcode. */
  readonly deprivation: string | null;
}

const FORMAT = /^CAIRN_FORMAT=(.*)$/m;
const OPTIONS = /^CAIRN_WATCH_OPTIONS=(.*)$/m;
const DEPRIVATION = / ?--deprivation (\S+)/;

/** Reads the settings of a file. */
export function readWatchSettings(file: string): WatchSettings {
  const text = readFileSync(file, "utf8");
  const options = OPTIONS.exec(text)?.[1] ?? "";
  return { format: FORMAT.exec(text)?.[1] || null, deprivation: DEPRIVATION.exec(options)?.[1] ?? null };
}

/** Writes the settings into the file, whose other lines and options stay. */
export function writeWatchSettings(file: string, { format, deprivation }: WatchSettings): void {
  const text = readFileSync(file, "utf8");
  const others = (OPTIONS.exec(text)?.[1] ?? "").replace(DEPRIVATION, "");
  const options = deprivation === null ? others : `${others} --deprivation ${deprivation}`.trim();
  const next = text
    .replace(FORMAT, () => `CAIRN_FORMAT=${format ?? ""}`)
    .replace(OPTIONS, () => `CAIRN_WATCH_OPTIONS=${options}`);
  if (next !== text) writeFileSync(file, next);
}

/**
 * Copies a table of deprivation beside the settings: the watch's user cannot read a home, and has to find it each night.
 * @returns where it is now
 */
export function keptBeside(file: string, table: string): string {
  const kept = join(dirname(file), basename(table).replaceAll(/[^\w.-]/g, "-"));
  if (kept !== table) copyFileSync(table, kept);
  chmodSync(kept, 0o644);
  return kept;
}
