/** `agent enrol`: joins a hub, with a fingerprint on the screen that its operator compares. */
import { enrolAgent, type EnrolFlags } from "@cairn/agent/enrol";
import { say } from "../say.js";

export async function enrol(flags: EnrolFlags & { readonly json?: boolean }): Promise<void> {
  const { state, practice, fingerprint } = await enrolAgent(flags, (shown) => {
    if (!flags.json) say.result(`fingerprint ${shown}`);
  });
  if (flags.json) say.json({ state, practice, fingerprint });
  else if (state === "admitted") say.result(`${practice} is admitted: cairn agent start begins.`);
  else {
    say.result(
      `Read the fingerprint to the hub's operator, who admits ${practice} after comparing it. cairn agent start waits for that by itself.`,
    );
  }
}
