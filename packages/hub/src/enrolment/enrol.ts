/**
 * Redeems join codes. The same code with the same keys always gives the same answer, so a lost reply costs nothing.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  EnrolState,
  fingerprint,
  parseJoinCode,
  rawPublicKey,
  WireRefusal,
  type EnrolReply,
  type EnrolRequest__Output,
} from "@cairn/wire";
import type { Kysely, Selectable } from "kysely";
import { hubLog } from "@cairn/ledger";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { libraryRoot } from "../store/library-root.js";
import type { Change } from "../store/store.js";
import type { AgentRow, Tables } from "../store/tables.js";
import { makeClientCertificate, keyOfRequest } from "../keys/certificates.js";
import { admittedElsewhere } from "./admit.js";
import { checkClock } from "./clock.js";
import { hashOf } from "./invite.js";

/**
 * Enrols an agent.
 * @throws WireRefusal join-code-unknown, -expired, -used, bad-csr, bad-request, clock-skew, revoked
 */
export async function enrol(hub: Hub, request: EnrolRequest__Output): Promise<EnrolReply> {
  checkClock(hub, request.sentAt);
  const { secret, rootDigest } = parseJoinCode(request.joinCode);
  // Before anything dear: a wrong code costs one look, no lock and no entry.
  await invitationOf(hub.store.db, hashOf(secret));
  const courierKey = await keyOfRequest(request.csr);
  if (!courierKey)
    throw new WireRefusal(
      "bad-csr",
      "the certificate request is not one for a P-256 key that its sender holds",
    );
  const root = await pinnedRoot(hub, rootDigest);
  const agent = await hub.store.change(async (change) => {
    const known = await redeem(hub, change, { codeHash: hashOf(secret), courierKey, root }, request);
    if (known.state !== "admitted" || known.certificate) return known;
    return withCertificate(hub, change, known);
  });
  if (agent.state === "revoked") throw revoked();
  return reply(hub, agent, root);
}

/** The root of the library that a join code pins. @throws WireRefusal join-code-unknown */
async function pinnedRoot(hub: Hub, digest: Uint8Array): Promise<Buffer> {
  try {
    return await libraryRoot(hub.store.db, digest);
  } catch (cause) {
    if (!(cause instanceof HubError)) throw cause;
    const words =
      "this join code pins another root of the library than this hub published: ask it for a new one";
    throw new WireRefusal("join-code-unknown", words, { cause });
  }
}

export function revoked(): WireRefusal {
  return new WireRefusal("revoked", "the hub's operator has revoked this agent: ask for a new join code");
}

export function digestOf(key: Uint8Array): string {
  return createHash("sha256").update(key).digest("hex");
}

/** The PEM chain that an agent shows, and the roots it trusts. */
export function chain(hub: Hub, certificate: string): { certificate: Buffer; caBundle: Buffer } {
  return {
    certificate: Buffer.from(certificate + "\n" + hub.authority.issuer.certificate),
    caBundle: caBundle(hub),
  };
}

export function caBundle(hub: Hub): Buffer {
  return Buffer.from(hub.authority.bundle);
}

/** What an enrolment is about, beside its request. */
interface Redeemed {
  readonly codeHash: Buffer;
  readonly courierKey: Buffer;
  readonly root: Buffer; // of the library, as the join code pins it
}

async function redeem(
  hub: Hub,
  change: Change,
  about: Redeemed,
  request: EnrolRequest__Output,
): Promise<AgentRow> {
  const { tx } = change;
  const { codeHash, courierKey } = about;
  const invitation = await invitationOf(tx, codeHash);
  if (invitation.agent !== null) {
    const agent = await tx
      .selectFrom("agent")
      .selectAll()
      .where("id", "=", invitation.agent)
      .executeTakeFirstOrThrow();
    if (agent.keeper_key.equals(request.keeperKey) && agent.key_digest === digestOf(courierKey)) return agent;
    throw new WireRefusal(
      "join-code-used",
      "another installation has used this join code: ask the hub for a new one",
    );
  }
  if (invitation.replaced_at !== null) {
    throw new WireRefusal(
      "join-code-expired",
      "the hub has given out a newer join code for this practice, and this one ended with it: use the newer one",
    );
  }
  if (invitation.expires_at < hub.settings.now()) {
    throw new WireRefusal(
      "join-code-expired",
      "this join code is older than 72 hours: ask the hub for a new one",
    );
  }
  return firstTime(hub, change, invitation.practice, about, request);
}

/** The invitation of a join code. @throws WireRefusal join-code-unknown */
async function invitationOf(db: Kysely<Tables>, codeHash: Buffer): Promise<Selectable<Tables["invitation"]>> {
  const invitation = await db
    .selectFrom("invitation")
    .selectAll()
    .where("code_hash", "=", codeHash)
    .executeTakeFirst();
  if (invitation) return invitation;
  throw new WireRefusal(
    "join-code-unknown",
    "this hub has given out no such join code: check that code and hub belong together",
  );
}

async function firstTime(
  hub: Hub,
  { tx, note }: Change,
  practice: string,
  { codeHash, courierKey, root }: Redeemed,
  request: EnrolRequest__Output,
): Promise<AgentRow> {
  await requireOnePractice(tx, practice, request.keeperKey);
  const keyDigest = digestOf(courierKey);
  const taken = await tx
    .selectFrom("agent")
    .select("id")
    .where("key_digest", "=", keyDigest)
    .executeTakeFirst();
  if (taken)
    throw new WireRefusal(
      "cloned",
      "an agent has enrolled with this courier's key before: remove the folder courier from the agent's data folder and enrol again with this join code; leave its folder keeper as it is, for what the practice has released is known only there",
    );
  const agent = await tx
    .insertInto("agent")
    .values({
      id: randomBytes(8).toString("hex"),
      practice,
      state: "enrolled",
      courier_key: courierKey,
      key_digest: keyDigest,
      keeper_key: request.keeperKey,
      fingerprint: fingerprint(courierKey, request.keeperKey, root),
      instance: request.instance,
      version: request.agentVersion,
      generation: 0,
      confirmed: 0,
      certificate: null,
      enrolled_at: hub.settings.now(),
      polled_at: null,
      covers_to: null,
      decided_charters: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await tx.updateTable("invitation").set({ agent: agent.id }).where("code_hash", "=", codeHash).execute();
  note(hubLog.agentEnrolled, {
    agent: agent.id,
    practice,
    fingerprint: agent.fingerprint,
    keeper_key: request.keeperKey.toString("hex"), // with which an officer checks the practice's log
  });
  return agent;
}

/** Checks that a keeper is one practice's: by its key, which says nothing of its records. @throws WireRefusal cloned */
async function requireOnePractice(tx: Change["tx"], practice: string, keeperKey: Buffer): Promise<void> {
  if ((await admittedElsewhere(tx, practice, keeperKey)) !== null)
    throw new WireRefusal(
      "cloned",
      "this agent is admitted at this hub as another practice: tell the hub's operator, who renames that one (cairn hub practice rename) or locks its agent out (cairn hub revoke) before this join code is used",
    );
}

async function withCertificate(hub: Hub, { tx }: Change, agent: AgentRow): Promise<AgentRow> {
  const { now } = hub.settings;
  const certificate = await makeClientCertificate(hub.authority.issuer, agent, agent.courier_key, now());
  await tx.updateTable("agent").set({ certificate }).where("id", "=", agent.id).execute();
  return { ...agent, certificate };
}

async function reply(hub: Hub, agent: AgentRow, libraryRoot: Buffer): Promise<EnrolReply> {
  const practice = await hub.store.db
    .selectFrom("practice")
    .select("name")
    .where("id", "=", agent.practice)
    .executeTakeFirstOrThrow();
  const admitted = agent.state === "admitted" && agent.certificate !== null;
  return {
    state: admitted ? EnrolState.ENROL_STATE_ADMITTED : EnrolState.ENROL_STATE_AWAITING_ADMISSION,
    practice: practice.name,
    fingerprint: agent.fingerprint,
    ...(admitted ? chain(hub, agent.certificate as string) : { caBundle: caBundle(hub) }),
    libraryRoot,
    hubLogKey: rawPublicKey(hub.files.logKey),
    generation: agent.generation,
    answeredBefore: await answeredBefore(hub, agent),
  };
}

/** Whether another keeper has taken part for this practice, whose releases this one does not know. */
async function answeredBefore(hub: Hub, agent: AgentRow): Promise<boolean> {
  const other = await hub.store.db
    .selectFrom("agent")
    .select("id")
    .where("practice", "=", agent.practice)
    .where("keeper_key", "!=", agent.keeper_key)
    .where("polled_at", "is not", null)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}
