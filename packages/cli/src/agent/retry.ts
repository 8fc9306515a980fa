/** `agent retry`: quarantined runs are tried again. */
import { userInfo } from "node:os";
import { keeperFolder, keeperStatus, KeeperStore, retryRuns } from "@cairn/keeper/practice";
import { say } from "../say.js";

export interface RetryFlags {
  readonly data: string;
  readonly as?: string;
}

export function retryAt(query: string, flags: RetryFlags): void {
  const store = KeeperStore.open(keeperFolder(flags.data));
  try {
    const runs = retryRuns(store, query, flags.as ?? userInfo().username);
    const now = new Map(keeperStatus(store).runs.map((each) => [each.run, each]));
    for (const { run, query: name, referenceDate } of runs) {
      const { state, refusal } = now.get(run) ?? {};
      say.result(`${name} at ${referenceDate} is ${state}${refusal ? `: ${refusal.words}` : ""}`);
    }
  } finally {
    store.close();
  }
}
