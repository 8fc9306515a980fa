/** Follows the keeper's runs: reports each change, claims what is ready, sends what is final. */
import { randomUUID } from "node:crypto";
import type { RunState__Output, RunStates__Output } from "@cairn/wire";
import { sleep } from "../backoff.js";
import { atStep } from "../config.js";
import { askKeeper, wordsOf, type Courier } from "./courier.js";
import { carryGroups, carryNewest } from "./restore-releases.js";
import { report } from "./report.js";
import { sendReleases } from "./send.js";

const HOLD_SECONDS = 15;
const BATCH = 500;
const PAUSED_MS = 10_000;
const READY = "AGENT_RUN_STATE_READY";
const OUTBOX = "AGENT_RUN_STATE_OUTBOX";

/** Works until the signal. @throws WireRefusal where the hub has locked this agent out */
export async function keepWorking(courier: Courier): Promise<void> {
  const { signal, say } = courier;
  const backoff = courier.newBackoff();
  let since = 0; // from the beginning at each start: reporting twice changes nothing
  let unreported: RunState__Output[] = [];
  let said = "";
  let asked = false; // what this keeper may have forgotten, before it is let run anything
  while (!signal.aborted) {
    try {
      if (courier.hubRestored.consume()) {
        say("the hub was away, or came back from a backup: every run is reported to it again");
        since = 0;
      }
      if (!asked) await (courier.cells.knowsGroups ? carryNewest(courier) : carryGroups(courier));
      asked = true;
      const changes = await waitForChanges(courier, since, unreported.length === 0);
      for (const run of changes.runs) courier.runs.note(run);
      since = Number(changes.change);
      unreported = newestOfEach([...unreported, ...changes.runs]);
      await report(courier, unreported);
      unreported = [];
      await workOnDue(courier);
      backoff.reset();
      said = "";
    } catch (error) {
      if (signal.aborted) return;
      if (courier.isFatal(error)) throw error;
      // A keeper that was started again may have forgotten what was queued: it is asked from the beginning.
      if (isKeeperGone(error)) [since, asked] = [0, false];
      if (said !== wordsOf(error)) say(wordsOf(error));
      said = wordsOf(error);
      await sleep(backoff.next(), signal);
    }
  }
}

async function waitForChanges(
  { keeper, runs, now, signal }: Courier,
  since: number,
  mayWait: boolean,
): Promise<RunStates__Output> {
  const due = (runs.nextDue(READY, OUTBOX) - now()) / 1000;
  const holdSeconds = mayWait ? Math.max(0, Math.min(HOLD_SECONDS, Math.ceil(due))) : 0;
  return askKeeper(
    keeper.waitForChanges({ since, holdSeconds }, { deadlineMs: (holdSeconds + 10) * 1000, signal }),
  );
}

/** Claims runs that are ready, and sends those that are final; a paused practice is asked again later. */
async function workOnDue(courier: Courier): Promise<void> {
  const { keeper, runs, now } = courier;
  const ready = runs.due(READY, now()).slice(0, BATCH);
  const final = runs.due(OUTBOX, now()).slice(0, BATCH);
  if (ready.length + final.length === 0) return;
  const { paused } = await askKeeper(keeper.describe({}));
  runs.tried([...ready, ...final], now(), paused ? PAUSED_MS : undefined);
  if (paused) return;
  if (ready.length > 0) await claimAndExecute(courier, ready);
  if (final.length > 0) await sendReleases(courier, final);
}

async function claimAndExecute(
  { hub, keeper, runs, now, say }: Courier,
  ready: readonly string[],
): Promise<void> {
  const request = { runs: [...ready], idempotencyKey: randomUUID() };
  const { leases, refusals } = await atStep("claim", () =>
    hub.call((api) => api.claim(request, { deadlineMs: 10_000 })),
  );
  for (const { run, refusal } of refusals) say(`run ${run} cannot be claimed: ${refusal?.words ?? ""}`);
  if (leases.length === 0) return;
  await atStep("execute", () => askKeeper(keeper.execute({ leases })));
  // While the lease holds, the keeper is at it; when it ends without a change, it is claimed again.
  for (const { run, seconds } of leases) runs.tried([run], now(), seconds * 1000);
}

function newestOfEach(runs: readonly RunState__Output[]): RunState__Output[] {
  return [...new Map(runs.map((run) => [run.run, run])).values()];
}

function isKeeperGone(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "keeper-unreachable";
}
