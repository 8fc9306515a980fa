/**
 * H11: what nobody foresaw is told by its kind and its place, never by its message, which could quote a record.
 */
import { fileURLToPath } from "node:url";

/** Our packages' own folder: `packages` of a checkout, `node_modules/@cairn` where they are installed. */
const OURS = fileURLToPath(new URL("../../", import.meta.url));

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
    const [, file = "", row, column] = place ?? [];
    const isOurs = file.startsWith(OURS) && !file.includes("/node_modules/", OURS.length);
    return isOurs ? [`at packages/${file.slice(OURS.length)}:${row}:${column}`] : [];
  });
}
