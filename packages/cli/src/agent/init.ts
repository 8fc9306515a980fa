/** `agent init`: the folder, and the key that the practice signs with. */
import { initAgent, type InitFlags } from "@cairn/agent/init";
import { say } from "../say.js";

export function init(flags: InitFlags & { readonly json?: boolean }): void {
  const made = initAgent(flags);
  if (flags.json) say.json(made);
  else {
    const enrol = flags.authorMode ? "" : ", then cairn agent enrol --hub HOST:PORT --join CODE";
    say.result(`${flags.data} is made. Next: cairn agent import --format FORMAT EXTRACT${enrol}.`);
  }
}
