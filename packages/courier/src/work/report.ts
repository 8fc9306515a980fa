/** Reports the states of runs to the hub, and takes its receipts for withdrawals and uses back to the keeper. */
import { randomUUID } from "node:crypto";
import { WireRefusal, type RunState__Output } from "@cairn/wire";
import { atStep } from "../config.js";
import { askKeeper, wordsOf, type Courier } from "./courier.js";
import { carryReleases } from "./restore-releases.js";
import { passState } from "./second-gate.js";

const BATCH_RUNS = 500;
/** Groups in one call; the hub takes 4,000. */
const BATCH_GROUPS = 3000;

/**
 * Reports runs, all or none: those that were not reported stay to be reported, unless the hub refuses the report
 * itself.
 */
export async function report(courier: Courier, runs: readonly RunState__Output[]): Promise<void> {
  const { hub, keeper, cells, say, isFatal } = courier;
  for (const batch of batches(runs.map((run) => passState(run, cells)))) {
    const request = { runs: batch, idempotencyKey: randomUUID() };
    try {
      const { receipts, holdsMore, refusals } = await atStep("report", () =>
        hub.call((api) => api.report(request, { deadlineMs: 10_000 })),
      );
      for (const { run, refusal } of refusals)
        say(
          `the hub did not take what was reported of run ${run}: ${refusal?.code ?? ""}: ${refusal?.words ?? ""}`,
        );
      if (receipts.length > 0) await atStep("acknowledge", () => askKeeper(keeper.acknowledge({ receipts })));
      if (holdsMore) await carryReleases(courier);
    } catch (error) {
      if (!(error instanceof WireRefusal) || error.retriable || isFatal(error)) throw error;
      say(`the hub did not take a report: ${wordsOf(error)}`);
    }
  }
}

/** The runs, each once and as it stands now, in calls of a size that the hub takes. */
function batches(runs: readonly RunState__Output[]): RunState__Output[][] {
  const newest = new Map(runs.map((run) => [run.run, run]));
  const all: RunState__Output[][] = [];
  let groups = Infinity;
  for (const run of newest.values()) {
    const last = all.at(-1);
    groups += run.groups.length;
    if (last && last.length < BATCH_RUNS && groups <= BATCH_GROUPS) last.push(run);
    else {
      all.push([run]);
      groups = run.groups.length;
    }
  }
  return all;
}
