import {
  isRefusalCode,
  type Receipt,
  type ReportReply,
  type ReportRequest__Output,
  type RunState__Output,
} from "@cairn/wire";
import type { Hub } from "../hub.js";
import { once } from "../store/once.js";
import type { Change } from "../store/store.js";
import type { AgentRow, RunRow } from "../store/tables.js";
import { bounded, runOf } from "./claim.js";
import { afterReport, hasForgotten } from "./states.js";
import { takeWithdrawal } from "./withdraw.js";

/**
 * Takes note of what an agent says of its runs. Runs that this hub does not know are passed over.
 * @throws WireRefusal bad-signature, run-conflict: of a withdrawal that is not this practice's
 */
export async function report(
  hub: Hub,
  agent: AgentRow,
  request: ReportRequest__Output,
): Promise<ReportReply> {
  bounded(request.runs);
  return once(hub, agent.id, "report", request.idempotencyKey, request.runs, "report", async (change) => {
    const receipts: Receipt[] = [];
    let holdsMore = false;
    for (const said of request.runs) {
      const { withdrawal } = said;
      const known = await runOf(change, agent, said.run);
      if (known && withdrawal) receipts.push(await takeWithdrawal(hub, change, agent, known, withdrawal));
      const run = withdrawal ? await runOf(change, agent, said.run) : known;
      if (!run) continue;
      await takeNote(hub, change, run, said);
      holdsMore ||= hasForgotten(run.state, said.state);
    }
    return { receipts, holdsMore };
  });
}

async function takeNote(hub: Hub, change: Change, run: RunRow, said: RunState__Output): Promise<void> {
  const heard = said.state;
  const code = said.refusal && isRefusalCode(said.refusal.code) ? said.refusal.code : null;
  const state = afterReport(run.state, heard, code);
  const now = hub.settings.now();
  const working = state === "claimed" && heard === "AGENT_RUN_STATE_RUNNING";
  await change.tx
    .updateTable("run")
    .set({
      state,
      reason: state === run.state ? run.reason : reasonFor(state, code),
      lease_until: state !== "claimed" ? null : working ? now + hub.settings.lease : run.lease_until,
      lost:
        heard === "AGENT_RUN_STATE_ACKNOWLEDGED" && state !== "released" && state !== "withdrawn"
          ? 1
          : run.lost,
      changed_at: state === run.state ? run.changed_at : now,
    })
    .where("id", "=", run.id)
    .execute();
}

function reasonFor(state: RunRow["state"], code: string | null): string | null {
  return state === "refused" || state === "quarantined" || state === "expired" ? (code ?? "internal") : null;
}
