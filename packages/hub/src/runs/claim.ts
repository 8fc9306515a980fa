import {
  WireRefusal,
  type ClaimReply,
  type ClaimRequest__Output,
  type Lease,
  type RunRefusal,
} from "@cairn/wire";
import type { Hub } from "../hub.js";
import { once } from "../store/once.js";
import type { Change } from "../store/store.js";
import type { AgentRow, RunRow } from "../store/tables.js";
import { mayClaim } from "./states.js";

/** Most runs that one call may name. */
const MOST_RUNS = 1000;

/** Leases runs to the agent that will answer them now. Each lease counts an attempt. */
export async function claim(hub: Hub, agent: AgentRow, request: ClaimRequest__Output): Promise<ClaimReply> {
  bounded(request.runs);
  const asked = request.runs;
  return once(hub, agent.id, "claim", request.idempotencyKey, asked, "claim", async (change) => {
    const leases: Lease[] = [];
    const refusals: RunRefusal[] = [];
    for (const id of new Set(asked)) {
      const run = await runOf(change, agent, id);
      if (run && mayClaim(run.state)) leases.push(await lease(hub, change, run));
      else refusals.push(run ? notOpen(run) : unknownRun(id));
    }
    return { leases, refusals };
  });
}

/** The run, where it is this agent's practice's. */
export async function runOf({ tx }: Change, agent: AgentRow, id: string): Promise<RunRow | undefined> {
  return tx
    .selectFrom("run")
    .selectAll()
    .where("id", "=", id)
    .where("practice", "=", agent.practice)
    .executeTakeFirst();
}

export function unknownRun(id: string): RunRefusal {
  return { run: id, refusal: { code: "run-unknown", words: "this hub has no such run for this practice" } };
}

/** @throws WireRefusal bad-request */
export function bounded(list: readonly unknown[]): void {
  if (list.length > MOST_RUNS) throw new WireRefusal("bad-request", `at most ${MOST_RUNS} runs in one call`);
}

async function lease(hub: Hub, { tx }: Change, run: RunRow): Promise<Lease> {
  const now = hub.settings.now();
  const attempt = run.attempt + 1;
  await tx
    .updateTable("run")
    .set({ state: "claimed", attempt, lease_until: now + hub.settings.lease, changed_at: now })
    .where("id", "=", run.id)
    .execute();
  return { run: run.id, attempt, seconds: Math.floor(hub.settings.lease / 1000) };
}

function notOpen(run: RunRow): RunRefusal {
  return {
    run: run.id,
    refusal: { code: "run-not-claimed", words: `this run is ${run.state}: nothing is to be done` },
  };
}
