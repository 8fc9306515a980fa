/** This command, started again behind another that changes what it runs in: its network, its user. */
import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The kernel ends what runs behind this when its parent is gone, however that ended: a load leaves the store as it was. */
const TIED = ["setpriv", "--pdeathsig", "KILL", "--"];

/**
 * Starts this command again behind `prefix`; output and signals are this one's, and where the system can tell, it ends
 * with this one.
 * @param mark an argument of Node's more, by which the process that was started again knows itself
 * @param words of another command of this program, in the place of those that were typed
 * @returns the exit code, as a shell tells it: 128 and the signal's number where one ended it
 */
export function again(
  [command = "", ...rest]: readonly string[],
  options: { readonly mark?: string; readonly words?: readonly string[] } = {},
): Promise<number> {
  const marks = options.mark === undefined ? [] : [options.mark];
  const [, program = "", ...typed] = process.argv;
  const self = [process.execPath, ...marks, ...process.execArgv, program, ...(options.words ?? typed)];
  const child = spawn(command, [...rest, ...(works(TIED) ? TIED : []), ...self], { stdio: "inherit" });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const each of SIGNALS) process.off(each, forward);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Whether a command that runs another can do so here. */
export function works([command = "", ...rest]: readonly string[]): boolean {
  return spawnSync(command, [...rest, "true"], { stdio: "ignore" }).status === 0;
}
