import {
  WireRefusal,
  type ClaimReply,
  type ClaimRequest__Output,
  type Lease,
  type RunRefusal,
} from "@cairn/wire";
import { explained, SqliteError } from "@cairn/sqlite";
import type { Hub } from "../hub.js";
import { idempotently } from "../idempotency.js";
import type { Change } from "../store/store.js";
import type { AgentRow, RunRow } from "../store/tables.js";
import { mayClaim } from "@cairn/comparisons";

/** Most runs in one call. */
const MOST_RUNS = 1000;

/** Leases runs to the agent that will answer them now. Each lease counts an attempt. */
export async function claim(hub: Hub, agent: AgentRow, request: ClaimRequest__Output): Promise<ClaimReply> {
  bounded(request.runs);
  const asked = request.runs;
  return idempotently(hub, agent, "claim", request.idempotencyKey, asked, async (change) => {
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

/** The run, where it belongs to this agent's practice; else undefined. */
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

/**
 * Does one part of a call, which can be refused alone: its writes are undone and the rest goes on.
 * @returns null where it was refused, with the refusal added to `refusals`.
 * @throws SqliteError: the store's own faults
 */
export async function partOf<T>(
  hub: Hub,
  change: Change,
  run: string,
  refusals: RunRefusal[],
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await change.apart(work);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) hub.settings.fault(error, "a part of a call failed");
    const { code, words } = refusal ?? new WireRefusal("internal", "the hub failed here; its log says how");
    refusals.push({ run, refusal: { code, words } });
    return null;
  }
}

/** The refusal behind an error; null for a fault of ours. @throws SqliteError */
function refusalOf(error: unknown): WireRefusal | null {
  if (error instanceof WireRefusal) return error;
  const cause = explained(error, "the hub's database");
  if (cause instanceof SqliteError) throw cause;
  return null;
}

/** Checks a list's length. @throws WireRefusal bad-request */
export function bounded(list: readonly unknown[], most = MOST_RUNS): void {
  if (list.length > most) throw new WireRefusal("bad-request", `at most ${most} of a kind in one call`);
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
