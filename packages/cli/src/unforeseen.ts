/**
 * H11: what nobody foresaw is told by its kind and its place, never by its message, which could quote a record.
 * One rule for every command, so that none has to know whether it reads records.
 */
import { fileURLToPath } from "node:url";
import { EXIT_UNFORESEEN } from "./exit-codes.js";

/** Our packages' own folder: `packages` of a checkout, `node_modules/@cairn` where they are installed. */
const OURS = fileURLToPath(new URL("../../", import.meta.url));

/** Kind, error code where there is one, and where in our code: one line. Causes follow, each the same way. */
export function whereabouts(error: unknown): string {
  const parts: string[] = [];
  for (let each = error; each !== undefined && each !== null && parts.length < 5; each = causeOf(each))
    parts.push(oneOf(each));
  return parts.join("; caused by ");
}

/** Unforeseen errors of any turn of the event loop end the process here, and Node's own crash reports stay off. */
export function endPlainly(say: (words: string) => void): void {
  const end = (error: unknown): never => {
    say(whereabouts(error));
    process.exit(EXIT_UNFORESEEN);
  };
  // The callback, and not an event: it is asked before Node would abort and leave a core.
  process.setUncaughtExceptionCaptureCallback(end);
  process.on("unhandledRejection", end);
  // A report or a core holds the heap, and with it records.
  process.report.reportOnFatalError = false;
  process.report.reportOnUncaughtException = false;
  process.report.reportOnSignal = false;
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
