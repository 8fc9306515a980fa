import {
  isRefusalCode,
  WireRefusal,
  type Consent__Output,
  type ConsentReceipt,
  type GroupRequest__Output,
  type Refusal,
  type Receipt,
  type ReportReply,
  type ReportRequest__Output,
  type RunRefusal,
  type RunState__Output,
} from "@cairn/wire";
import type { Hub } from "../hub.js";
import { takeConsent } from "./consents.js";
import { idempotently } from "../idempotency.js";
import type { Change } from "../store/store.js";
import type { AgentRow, RunRow } from "../store/tables.js";
import { bounded, partOf, runOf } from "./claim.js";
import { requestAfter } from "./requests.js";
import { afterReport, hasForgotten } from "@cairn/comparisons";
import { requestOf, takeUse } from "./uses.js";
import { takeWithdrawal } from "./withdraw.js";

/**
 * Stores an agent's report on its runs, and on each group that asks for them. Runs and groups that this hub does not
 * know are ignored. A withdrawal or use that is not this practice's is refused by name; the rest of the report is
 * stored.
 */
export async function report(
  hub: Hub,
  agent: AgentRow,
  request: ReportRequest__Output,
): Promise<ReportReply> {
  bounded(request.runs);
  const said = request.consents.length === 0 ? request.runs : [request.runs, request.consents];
  return idempotently(hub, agent, "report", request.idempotencyKey, said, async (change) => {
    const receipts: Receipt[] = [];
    const refusals: RunRefusal[] = [];
    let holdsMore = false;
    for (const one of request.runs) {
      const run = await runOf(change, agent, one.run);
      if (!run) continue;
      const said: Said = { hub, change, agent, receipts: [], refusals };
      const taken = await partOf(hub, change, run.id, refusals, () => takeOne(said, run, one));
      if (taken) receipts.push(...said.receipts);
      holdsMore ||= taken?.hasForgotten ?? false;
    }
    const { consents, consentRefusals } = await consentsIn(hub, change, agent, request.consents);
    return { receipts, holdsMore, refusals, consents, consentRefusals };
  });
}

/** Takes consents to be named; one that is not this practice's, or cannot be, is refused by name. */
async function consentsIn(
  hub: Hub,
  change: Change,
  agent: AgentRow,
  said: readonly Consent__Output[],
): Promise<{ consents: ConsentReceipt[]; consentRefusals: Refusal[] }> {
  const consents: ConsentReceipt[] = [];
  const consentRefusals: Refusal[] = [];
  for (const consent of said)
    try {
      consents.push(await takeConsent(hub, change, agent, consent));
    } catch (error) {
      if (!(error instanceof WireRefusal)) throw error;
      consentRefusals.push({ code: error.code, words: error.words });
    }
  return { consents, consentRefusals };
}

async function takeOne(said: Said, run: RunRow, one: RunState__Output): Promise<{ hasForgotten: boolean }> {
  const now = await afterWithdrawal(said, run, one);
  await takeNote(said.hub, said.change, now, one);
  for (const group of one.groups) await takeAnswer(said, now, group);
  return { hasForgotten: hasForgotten(now.state, one.state) };
}

/** The results of one run's report so far. */
interface Said {
  readonly hub: Hub;
  readonly change: Change;
  readonly agent: AgentRow;
  readonly receipts: Receipt[];
  readonly refusals: RunRefusal[];
}

async function afterWithdrawal(said: Said, run: RunRow, { withdrawal }: RunState__Output): Promise<RunRow> {
  if (!withdrawal) return run;
  const { hub, change, agent, refusals } = said;
  const receipt = await partOf(hub, change, run.id, refusals, () =>
    takeWithdrawal(hub, change, agent, run, withdrawal),
  );
  if (!receipt) return run;
  said.receipts.push(receipt);
  return (await runOf(change, agent, run.id)) ?? run;
}

/** Stores one group's state, and the use that was signed for it. */
async function takeAnswer(said: Said, run: RunRow, answer: GroupRequest__Output): Promise<void> {
  const { hub, change, agent, refusals } = said;
  const { use } = answer;
  if (use) {
    const receipt = await partOf(hub, change, run.id, refusals, async () => {
      if (use.group === answer.group) return takeUse(hub, change, agent, run, use);
      throw new WireRefusal(
        "bad-request",
        `a use of run ${run.id} is reported of another group than it names`,
      );
    });
    if (receipt) said.receipts.push(receipt);
  }
  const request = await requestOf(change, run, answer.group);
  const state = request && requestAfter(request.state, answer.state, answer.refusal?.code ?? null);
  if (!state) return;
  await change.tx
    .updateTable("run_request")
    .set({ state, heard: 1, group_waits: state === "waiting-for-approval" && answer.groupWaits ? 1 : 0 })
    .where("run", "=", run.id)
    .where("group_name", "=", answer.group)
    .execute();
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
