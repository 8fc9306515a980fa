/**
 * H11: a command that ends by what nobody foresaw tells its kind and its place, and leaves no dump. One rule for every
 * command, so that none has to know whether it reads records.
 */
import { whereabouts } from "@cairn/errors";
import { EXIT_UNFORESEEN } from "./exit-codes.js";

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
