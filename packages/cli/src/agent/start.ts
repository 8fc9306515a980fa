/** `agent start`: keeper and courier until told to stop. */
import { startAgent, type StartFlags } from "@cairn/agent/start";
import { EXIT } from "../exit-codes.js";
import { say } from "../say.js";
import { logLineWords } from "./log-words.js";

export async function runAgent(flags: StartFlags & { readonly json?: boolean }): Promise<void> {
  // At a terminal the processes' log is told in words; a service manager or a file gets the lines as they are.
  const logLine = process.stderr.isTTY ? (line: string) => say.note(logLineWords(line)) : null;
  const { ready, ended } = await startAgent(flags, {
    note: say.note,
    problem: say.problem,
    logLine,
    wasRefused: (code) => code === EXIT.refused,
  });
  if (flags.json) say.json(ready);
  else {
    say.result(`The agent runs. This practice's own page: ${ready.page}`);
    if (ready.desks !== null) say.result(`From the practice's other desks: ${ready.desks}`);
  }
  await ended;
}
