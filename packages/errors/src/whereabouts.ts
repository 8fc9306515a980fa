/**
 * H11: what nobody foresaw is told by its kind and its place, never by its message, which could quote a record.
 */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Our packages' own folder: `packages` of a checkout, `node_modules/@cairn` where they are installed. */
const OURS = fileURLToPath(new URL("../../", import.meta.url));
/** Where the command is bundled: see `tests/bundle.mjs`. */
const BUNDLE = `${OURS}cli/bundle/`;

/**
 * Describes an unforeseen error in one line without its message: its kind, its code where it has one, and its place in
 * our code; then its causes, each the same way.
 */
export function whereabouts(error: unknown): string {
  const parts: string[] = [];
  for (let each = error; each !== undefined && each !== null && parts.length < 5; each = causeOf(each))
    parts.push(oneOf(each));
  return parts.join("; caused by ");
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : null;
}

function oneOf(error: unknown): string {
  if (!(error instanceof Error)) return `something thrown that is no error (${typeof error})`;
  const { code } = error as { code?: unknown };
  const known = typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` ${code}` : "";
  const kind = /^\w{1,60}$/.test(error.name) ? error.name : "Error";
  return [`${kind}${known}`, ...placesIn(error)].join(" ");
}

/** Places in our own files, after the message that the stack begins with. */
function placesIn({ stack = "", message }: Error): string[] {
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  return frames.split("\n").flatMap((line) => {
    const place = /^\s+at .*?(?:file:\/\/)?(\/[^\s():]+|[A-Z]:\\[^\s():]+):(\d+):(\d+)\)?$/.exec(line);
    if (place === null) return [];
    const { file, row, column } = unbundled(place[1]!, Number(place[2]), Number(place[3]));
    const isOurs = file.startsWith(OURS) && !file.includes("/node_modules/", OURS.length);
    return isOurs ? [`at packages/${file.slice(OURS.length)}:${row}:${column}`] : [];
  });
}

/** The place before the command was bundled, by the map beside the bundle's file; the same place where there is none. */
function unbundled(file: string, row: number, column: number): { file: string; row: number; column: number } {
  const map = `${file}.map`;
  if (!file.startsWith(BUNDLE) || !existsSync(map)) return { file, row, column };
  const before = new SourceMap(JSON.parse(readFileSync(map, "utf8")) as SourceMapPayload).findEntry(
    row - 1,
    column - 1,
  );
  if (!("originalSource" in before)) return { file, row, column };
  const from = resolve(dirname(file), before.originalSource);
  return { file: from, row: before.originalLine + 1, column: before.originalColumn + 1 };
}
