import {
  isRefusalCode,
  type ReportReply,
  type ReportRequest__Output,
  type RunState__Output,
} from "@cairn/wire";
import type { Hub } from "../hub.js";
import { once } from "../store/once.js";
import type { Change } from "../store/store.js";
import type { AgentRow, RunRow } from "../store/tables.js";
import { bounded, runOf } from "./claim.js";
import { afterReport } from "./states.js";

/** Takes note of what an agent says of its runs. Runs that this hub does not know are passed over. */
export async function report(
  hub: Hub,
  agent: AgentRow,
  request: ReportRequest__Output,
): Promise<ReportReply> {
  bounded(request.runs);
  return once(hub, agent.id, "report", request.idempotencyKey, request.runs, "report", async (change) => {
    for (const said of request.runs) {
      const run = await runOf(change, agent, said.run);
      if (run) await takeNote(hub, change, run, said);
    }
    return {};
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
  if (state === "withdrawn" && run.state !== "withdrawn") await takeDown(change, run);
}

function reasonFor(state: RunRow["state"], code: string | null): string | null {
  return state === "refused" || state === "quarantined" || state === "expired" ? (code ?? "internal") : null;
}

/** A withdrawn release takes down the group figures that used it. */
async function takeDown({ tx, note }: Change, run: RunRow): Promise<void> {
  note("release-withdrawn", { run: run.id });
  await tx
    .updateTable("group_figure")
    .set({ withdrawn: 1 })
    .where("collection", "in", (collections) =>
      collections.selectFrom("collection_member").select("collection").where("run", "=", run.id),
    )
    .where("contributor_set", "in", (sets) =>
      sets.selectFrom("contributor_set").select("id").where("practices", "like", `%"${run.practice}"%`),
    )
    .execute();
}
