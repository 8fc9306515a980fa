/** Admitted practices of a hub in this process, which answer what they are asked: signed as a keeper signs, without one. */
import { generateKeyPairSync, randomBytes, randomUUID, X509Certificate, type KeyObject } from "node:crypto";
import type { Hub } from "@cairn/hub";
import {
  encodeRelease,
  rawPublicKey,
  releaseDigest,
  signRelease,
  signUse,
  type SignedRelease__Output,
  type SubmitRequest__Output,
  type Use__Output,
} from "@cairn/wire";
import { makeClientCertificate } from "../../packages/hub/src/keys/certificates.js";
import type { AgentRow, RunRow } from "../../packages/hub/src/store/tables.js";

export const GROUP = "bench";
const POLICY = { k: 8, base: 5, midpoint: 0 };

export interface Sender {
  readonly agent: AgentRow;
  readonly key: KeyObject; // its keeper's
  readonly certificate: Buffer; // DER
  readonly nth: number;
}

/** Makes a group of so many practices at the hub, each admitted. */
export async function senders(hub: Hub, practices: number): Promise<Sender[]> {
  const { db } = hub.store;
  const floor = { floor_k: POLICY.k, floor_base: POLICY.base, floor_midpoint: POLICY.midpoint };
  await db
    .insertInto("practice_group")
    .values({ name: GROUP, ...floor })
    .execute();
  const made: Sender[] = [];
  for (let nth = 0; nth < practices; nth++) made.push(await sender(hub, nth));
  return made;
}

async function sender(hub: Hub, nth: number): Promise<Sender> {
  const { db } = hub.store;
  const now = hub.settings.now();
  const [keeper, courier] = [
    generateKeyPairSync("ed25519"),
    generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ];
  const [practice, id] = [randomUUID(), randomBytes(8).toString("hex")];
  const courierKey = courier.publicKey.export({ type: "spki", format: "der" });
  const certificate = await makeClientCertificate(
    hub.authority.issuer,
    { id, generation: 1 },
    courierKey,
    now,
  );
  await db
    .insertInto("practice")
    .values({ id: practice, name: `Practice ${nth}`, created_at: now })
    .execute();
  const agent = await db
    .insertInto("agent")
    .values({
      ...{ id, practice, state: "admitted", courier_key: courierKey, key_digest: practice },
      ...{ keeper_key: rawPublicKey(keeper.publicKey), fingerprint: practice, instance: practice },
      ...{ version: "0.1.0", generation: 1, confirmed: 1, certificate, enrolled_at: now, polled_at: now },
      ...{ covers_to: "2026-12-31", library_version: "1" },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  // Asked for past dates already: a practice that joined is asked one by one.
  const joined = { joined_at: now, offered_to: id };
  await db
    .insertInto("group_member")
    .values({ group_name: GROUP, practice, ...joined })
    .execute();
  return { agent, key: keeper.privateKey, certificate: new X509Certificate(certificate).raw, nth };
}

/** What a practice sends of its runs: a release of each, and the group's leave to see it. */
export function answersOf(
  { key, nth }: Sender,
  runs: readonly RunRow[],
  library: Buffer,
  cells: (run: RunRow) => number,
): SubmitRequest__Output {
  const releases: SignedRelease__Output[] = [];
  const uses: Use__Output[] = [];
  for (const run of runs) {
    const [denominator, numerator] = answerOf(nth, cells(run));
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
  return { releases, uses, idempotencyKey: randomUUID() };
}

/** The rounded people of each cell at a practice, and of them those that count. */
export function answerOf(nth: number, cells: number): [number[], number[]] {
  const people = Array.from(
    { length: cells },
    (_, cell) => 5 * Math.floor((600 + ((nth * 379) % 900)) / (cell + 5)),
  );
  return [people, people.map((n) => 5 * Math.floor((n * (0.4 + ((nth * 37) % 40) / 100)) / 5))];
}

/** A rounded number as a release holds it. */
function code(rounded: number): number {
  return rounded + 1;
}
