/** What closing takes at the hub, with a thousand practices: from the last result in to the document that all of them get. */
import { publishFolder } from "../../packages/hub/test/publish-folder.js";
import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { documentDigest, readDocument } from "@cairn/comparisons";
import { addSchedule, closeCollections, doWhatIsDue, initHub, openHub, type Hub } from "@cairn/hub";
import { decodeHub, hubLog } from "@cairn/ledger";
import {
  encodeRelease,
  rawPublicKey,
  releaseDigest,
  signRelease,
  signUse,
  verifyComparison,
  type SignedRelease__Output,
  type Use__Output,
} from "@cairn/wire";
import { submit } from "../../packages/hub/src/runs/submit.js";
import type { AgentRow, RunRow } from "../../packages/hub/src/store/tables.js";
import { atMost, type Figure } from "./figures.js";
import { medianCpuOf } from "./measure.js";

const GROUP = "thousand";
const PRACTICES = 1_000;
const CELLS = 11;
const POLICY = { k: 8, base: 5, midpoint: 0 };

interface Sender {
  readonly agent: AgentRow;
  readonly key: KeyObject;
  readonly nth: number;
}

/** @param times that a closing is measured, each of another date: after one that is compared, and a first one */
export async function closing(times: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-closing-"));
  await initHub(join(folder, "hub"), ["localhost"]);
  const hub = openHub(join(folder, "hub"));
  try {
    const library = Buffer.from((await publishFolder(hub, null)).digest, "hex");
    const senders = await members(hub);
    const runs = await asked(hub, times + 2);
    const last = senders.pop() as Sender;
    for (const sender of senders) await send(hub, sender, runs.get(sender.agent.practice) ?? [], library);
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

/** Admitted practices of a group, each with its keeper's key. */
async function members(hub: Hub): Promise<Sender[]> {
  const { db } = hub.store;
  const floor = { floor_k: POLICY.k, floor_base: POLICY.base, floor_midpoint: POLICY.midpoint };
  await db
    .insertInto("practice_group")
    .values({ name: GROUP, ...floor })
    .execute();
  const now = hub.settings.now();
  const senders: Sender[] = [];
  for (let nth = 0; nth < PRACTICES; nth++) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const practice = randomUUID();
    await db
      .insertInto("practice")
      .values({ id: practice, name: `Practice ${nth}`, created_at: now })
      .execute();
    await db.insertInto("group_member").values({ group_name: GROUP, practice, joined_at: now }).execute();
    const agent = await db
      .insertInto("agent")
      .values({
        ...{
          id: randomUUID(),
          practice,
          state: "admitted",
          courier_key: Buffer.alloc(1),
          key_digest: practice,
        },
        ...{
          keeper_key: rawPublicKey(publicKey),
          fingerprint: practice,
          instance: practice,
          version: "0.1.0",
        },
        ...{ generation: 1, confirmed: 1, certificate: null, enrolled_at: now, polled_at: now },
        ...{ covers_to: "2026-12-31", library_version: "1" },
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    senders.push({ agent, key: privateKey, nth });
  }
  return senders;
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
async function send(
  hub: Hub,
  { agent, key, nth }: Sender,
  runs: readonly RunRow[],
  library: Buffer,
): Promise<void> {
  const releases: SignedRelease__Output[] = [];
  const uses: Use__Output[] = [];
  for (const run of runs) {
    const [denominator, numerator] = answerOf(nth);
    const place = { logIndex: 1, logSize: 2, logRoot: Buffer.alloc(32), correction: 0 };
    const release = encodeRelease({
      denominator: denominator.map(code),
      numerator: numerator.map(code),
      carried: [],
    });
    const about = {
      ...{ run: run.id, release, queryDigest: Buffer.from(run.query_digest, "hex"), libraryDigest: library },
      ...{ referenceDate: run.reference_date, policy: POLICY, ...place },
      ...({ recordBasis: "RECORD_BASIS_REGISTRATIONS", optOuts: "OPT_OUTS_LEFT_OUT" } as const),
    };
    releases.push(signRelease(about, key));
    const use = {
      run: run.id,
      releaseDigest: releaseDigest(release),
      group: GROUP,
      charterDigest: Buffer.alloc(0),
    };
    uses.push(signUse({ ...use, ended: false, ...place }, key));
  }
  const { refusals } = await submit(hub, agent, { releases, uses, idempotencyKey: randomUUID() });
  for (const { refusal } of refusals ?? [])
    throw new Error(`closing: a result was refused: ${refusal?.words ?? ""}`);
}

/** The rounded people of each cell, and of them those that count. */
function answerOf(nth: number): [number[], number[]] {
  const people = Array.from(
    { length: CELLS },
    (_, cell) => 5 * Math.floor((600 + ((nth * 379) % 900)) / (cell + 5)),
  );
  return [people, people.map((n) => 5 * Math.floor((n * (0.4 + ((nth * 37) % 40) / 100)) / 5))];
}

/** A rounded number as a release holds it. */
function code(rounded: number): number {
  return rounded + 1;
}

/** The document is signed and named in the log, and each of its sums is what adding up says: a number is known to 2. */
async function mustBeRight(hub: Hub): Promise<void> {
  const row = await hub.store.db.selectFrom("comparison_document").selectAll().executeTakeFirstOrThrow();
  const bytes = row.bytes ?? Buffer.alloc(0);
  const answers = Array.from({ length: PRACTICES }, (_, nth) => answerOf(nth));
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
