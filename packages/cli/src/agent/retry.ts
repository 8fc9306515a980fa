/** `agent retry`: quarantined runs are tried again. */
import {
  decider,
  keeperFolder,
  keeperStatus,
  KeeperStore,
  retryRuns,
  whatIsMeant,
} from "@cairn/keeper/practice";
import { say } from "../say.js";
import type { DecisionOptions } from "./decision-commands.js";

export function retryAt(query: string, flags: DecisionOptions): void {
  const store = KeeperStore.open(keeperFolder(flags.data));
  try {
    const runs = retryRuns(store, whatIsMeant(store, query).name, decider(store, flags.as, "decide-queries"));
    const now = new Map(keeperStatus(store).runs.map((each) => [each.run, each]));
    for (const { run, query: name, referenceDate } of runs) {
      const { state, refusal } = now.get(run) ?? {};
      say.result(`${name} at ${referenceDate} is ${state}${refusal ? `: ${refusal.words}` : ""}`);
    }
  } finally {
    store.close();
  }
}
