/** The one place of the agent's commands that reads the environment. */

/** What a process that is started again inherits: a test's crash point has done its work. */
export function withoutCrashPoint(): NodeJS.ProcessEnv {
  const { CAIRN_CRASH_AT: _done, ...rest } = process.env;
  return rest;
}
