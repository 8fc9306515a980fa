/**
 * Sends releases: fetched from the keeper at the moment of sending, through the second gate, receipted, acknowledged.
 */
import { randomUUID } from "node:crypto";
import { WireRefusal, type SignedRelease__Output, type Use__Output } from "@cairn/wire";
import { atStep } from "../config.js";
import { askKeeper, wordsOf, type Courier } from "./courier.js";
import { passSecondGate, passUses } from "./second-gate.js";

/** A release with the uses of groups. */
interface ToSend {
  readonly release: SignedRelease__Output;
  readonly uses: readonly Use__Output[];
}

/** Bytes in one batch, well below the limit of a message. */
const BATCH_BYTES = 3 * 1024 * 1024;
const BATCH_RUNS = 64;

/**
 * Sends the releases of runs. The courier stores none: one that cannot be sent now is fetched again later.
 * @throws WireRefusal, CourierError where nothing could be sent
 */
export async function sendReleases(courier: Courier, runs: readonly string[]): Promise<void> {
  let batch: ToSend[] = [];
  let bytes = 0;
  for (const run of runs) {
    const taken = await takeOne(courier, run);
    if (!taken) continue;
    batch.push(taken);
    bytes += taken.release.release.length;
    if (bytes < BATCH_BYTES && batch.length < BATCH_RUNS) continue;
    await submit(courier, batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) await submit(courier, batch);
}

/**
 * Fetches one release. Null where the keeper does not give it (paused, say) or the second gate refuses it: both are
 * logged.
 */
async function takeOne({ keeper, cells, say }: Courier, run: string): Promise<ToSend | null> {
  const { release, refusal, uses } = await atStep("take", () => askKeeper(keeper.takeRelease({ run })));
  if (refusal) {
    say(`run ${run} is not sent: ${refusal.code}: ${refusal.words}`);
    return null;
  }
  try {
    const passed = passSecondGate(release, run, cells.of(run));
    return { release: passed, uses: passUses(uses, passed, cells) };
  } catch (error) {
    if (!(error instanceof WireRefusal)) throw error;
    say(`run ${run} is not sent: ${wordsOf(error)}`);
    return null;
  }
}

async function submit({ hub, keeper, say }: Courier, batch: readonly ToSend[]): Promise<void> {
  const request = {
    releases: batch.map(({ release }) => release),
    uses: batch.flatMap(({ uses }) => uses),
    idempotencyKey: randomUUID(),
  };
  const reply = await atStep("submit", () => hub.call((api) => api.submit(request, { deadlineMs: 20_000 })));
  for (const { run, refusal } of reply.refusals) {
    say(`the hub did not take the release of run ${run}: ${refusal?.code ?? ""}: ${refusal?.words ?? ""}`);
  }
  if (reply.receipts.length > 0) {
    await atStep("acknowledge", () => askKeeper(keeper.acknowledge({ receipts: reply.receipts })));
  }
}
