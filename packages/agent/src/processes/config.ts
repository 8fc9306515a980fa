/** Reads the environment; no other file of the agent's commands does. */

const RESTART_MOST_MS = 30_000;

/** The longest pause before a process that died is started again, milliseconds: `CAIRN_RESTART_MOST_MS`, for fault tests. */
export function longestRestartPause(): number {
  return Number(process.env["CAIRN_RESTART_MOST_MS"] ?? RESTART_MOST_MS);
}
