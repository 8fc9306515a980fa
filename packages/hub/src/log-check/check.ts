/** Checks the own log in a process of its own: it takes seconds, and nobody else is to wait for it. */
import { fork } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";
import { LogCheck, type OwnLogVerdict } from "@cairn/ledger";
import type { Hub } from "../hub.js";

const CHILD = new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url);
/** Time in ms for which a reader waits; then the page says that it is being checked. */
const PATIENCE_MS = 3_000;
/** Time in ms after which a check that has not ended is ended. */
const ENDED_AFTER_MS = 10 * 60_000;

export function hubLogCheck({ files, store, settings }: Hub): LogCheck {
  return new LogCheck({
    check: () => verdictFromChild(files.folder),
    size: () => store.log.size,
    now: settings.now,
    patience: () => after(PATIENCE_MS, null, { ref: false }),
  });
}

/**
 * The verdict of the process that checks the log in a folder.
 * @param endedAfter time in ms after which the process is ended
 * @throws Error where it ends without a verdict
 */
export function verdictFromChild(
  folder: string,
  { child: file = CHILD, endedAfter = ENDED_AFTER_MS }: { child?: URL; endedAfter?: number } = {},
): Promise<OwnLogVerdict> {
  return new Promise((resolve, reject) => {
    const child = fork(file, [folder], {
      ...{ env: {}, stdio: ["ignore", "ignore", "ignore", "ipc"] },
      ...{ timeout: endedAfter, killSignal: "SIGKILL" },
    });
    child.once("message", (verdict) => resolve(verdict as OwnLogVerdict));
    child.once("error", reject);
    child.once("close", (code, signal) =>
      reject(new Error(`the check of the log ended with ${code ?? signal}`)),
    );
  });
}
