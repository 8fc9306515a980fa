/** Commands that read records run where there is no network. */
import { inEmptyNetwork } from "@cairn/agent/isolation";
import { again } from "./again.js";
import { say } from "./say.js";

/** Runs `action` without a network, where this system can; says on standard error where it cannot. */
export function isolated(action: () => Promise<void>): Promise<void> {
  return inEmptyNetwork(action, say.note, again);
}
