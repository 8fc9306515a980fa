/** What closing takes at the hub, with a thousand practices: from the last result in to the document that all of them get. */
import { publishFolder } from "../../packages/hub/test/publish-folder.js";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { documentDigest, readDocument } from "@cairn/comparisons";
import { addSchedule, closeCollections, doWhatIsDue, initHub, openHub, type Hub } from "@cairn/hub";
import { decodeHub, hubLog } from "@cairn/ledger";
import { rawPublicKey, verifyComparison } from "@cairn/wire";
import { submit } from "../../packages/hub/src/runs/submit.js";
import type { RunRow } from "../../packages/hub/src/store/tables.js";
import { atMost, type Figure } from "./figures.js";
import { medianCpuOf } from "./measure.js";
import { answerOf, answersOf, GROUP, senders, type Sender } from "./senders.js";

const PRACTICES = 1_000;
const CELLS = 11;

/** @param times that a closing is measured, each of another date: after one that is compared, and a first one */
export async function closing(times: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-closing-"));
  await initHub(join(folder, "hub"), ["localhost"]);
  const hub = openHub(join(folder, "hub"));
  try {
    const library = Buffer.from((await publishFolder(hub, null)).digest, "hex");
    const all = await senders(hub, PRACTICES);
    const runs = await asked(hub, times + 2);
    const last = all.pop() as Sender;
    for (const sender of all) await send(hub, sender, runs.get(sender.agent.practice) ?? [], library);
    const left = [...(runs.get(last.agent.practice) ?? [])];
    await close(hub, last, left.splice(0, 1), library);
    await mustBeRight(hub);
    const taken = await medianCpuOf(() => close(hub, last, left.splice(0, 1), library), times);
    return [
      atMost(
        `closing ${PRACTICES} practices x ${CELLS} cells, from the last result in`,
        taken,
        "ms CPU",
        500,
      ),
    ];
  } finally {
    await hub.store.close();
    rmSync(folder, { recursive: true });
  }
}

async function close(hub: Hub, last: Sender, runs: readonly RunRow[], library: Buffer): Promise<void> {
  await send(hub, last, runs, library);
  const closed = await closeCollections(hub);
  if (closed !== 1) throw new Error(`closing: ${closed} collections were closed, not one`);
}

/** Asks the group for so many dates. @returns each practice's runs, the oldest date first */
async function asked(hub: Hub, dates: number): Promise<Map<string, RunRow[]>> {
  await addSchedule(hub, {
    ...{ group: GROUP, queries: ["bp-control"], every: "quarter", periods: dates, until: "2026-09-30" },
    ...{ cron: null, timezone: "Europe/London", catchUp: "latest", catchUpWindow: 0, spread: 0 },
    collectFor: 365 * 86_400_000,
  });
  await doWhatIsDue(hub);
  const rows = await hub.store.db.selectFrom("run").selectAll().orderBy("reference_date").execute();
  const runs = new Map<string, RunRow[]>();
  for (const run of rows) runs.set(run.practice, [...(runs.get(run.practice) ?? []), run]);
  return runs;
}

/** Sends what a practice answers, with the group's leave to see it. */
async function send(hub: Hub, sender: Sender, runs: readonly RunRow[], library: Buffer): Promise<void> {
  const { refusals } = await submit(
    hub,
    sender.agent,
    answersOf(sender, runs, library, () => CELLS),
  );
  for (const { refusal } of refusals ?? [])
    throw new Error(`closing: a result was refused: ${refusal?.words ?? ""}`);
}

/** The document is signed and named in the log, and each of its sums is what adding up says: a number is known to 2. */
async function mustBeRight(hub: Hub): Promise<void> {
  const row = await hub.store.db.selectFrom("comparison_document").selectAll().executeTakeFirstOrThrow();
  const bytes = row.bytes ?? Buffer.alloc(0);
  const answers = Array.from({ length: PRACTICES }, (_, nth) => answerOf(nth, CELLS));
  const sum = (side: 0 | 1, cell: number): { low: number; high: number } => {
    const exact = answers.reduce((before, answer) => before + (answer[side][cell] ?? 0), 0);
    return { low: exact - 2 * PRACTICES, high: exact + 2 * PRACTICES };
  };
  const shown = readDocument(bytes).cells.map(({ position, figure }) => [
    position,
    figure.denominator,
    figure.numerator,
  ]);
  const added = shown.map(([position]) => [position, sum(0, position as number), sum(1, position as number)]);
  const made = [...hub.store.log.entries()]
    .map(decodeHub)
    .filter(({ kind }) => kind === hubLog.comparisonMade.kind);
  const isRight =
    shown.length > 1 &&
    isDeepStrictEqual(shown, added) &&
    made.length === 1 &&
    JSON.stringify(made).includes(documentDigest(bytes)) &&
    verifyComparison(bytes, row.signature, rawPublicKey(createPublicKey(hub.files.logKey)));
  if (!isRight)
    throw new Error(`closing: the document is not what it should be: ${JSON.stringify({ shown, added })}`);
}
