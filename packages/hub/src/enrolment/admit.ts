import { hubLog, type Actor } from "@cairn/ledger";
import type { Hub } from "../hub.js";
import { HubError } from "../errors.js";
import type { Change } from "../store/store.js";
import { practiceId } from "./find.js";
import { nameKey, requirePerson, systemUser } from "./names.js";

export interface WaitingAgent {
  readonly practice: string;
  readonly fingerprint: string;
  readonly enrolledAt: number;
}

/** Agents that redeemed a code and wait for someone to compare fingerprints. */
export async function waitingForAdmission(hub: Hub): Promise<WaitingAgent[]> {
  return hub.store.db
    .selectFrom("agent")
    .innerJoin("practice", "practice.id", "agent.practice")
    .select(["practice.name as practice", "agent.fingerprint", "agent.enrolled_at as enrolledAt"])
    .where("agent.state", "=", "enrolled")
    .orderBy("practice.name")
    .execute();
}

/**
 * Admits the agent whose fingerprint a second person has compared. An earlier agent of the practice is revoked in the
 * same step, since a practice has one agent.
 * @param by the person.
 * @throws HubError practice-unknown, not-waiting, fingerprint-differs, keeper-elsewhere, name-wrong; may-not where this person invited it
 */
export async function admit(
  hub: Hub,
  practice: string,
  fingerprint: string,
  by = systemUser(),
): Promise<void> {
  requirePerson(by);
  await hub.store.change(async (change) => {
    const id = await practiceId(change.tx, practice);
    const agents = await change.tx
      .selectFrom("agent")
      .select(["id", "state", "fingerprint", "keeper_key"])
      .where("practice", "=", id)
      .where("state", "!=", "revoked")
      .execute();
    const chosen = agents.find((agent) => charactersOf(agent.fingerprint) === charactersOf(fingerprint));
    if (chosen?.state === "admitted") return; // said twice
    const waiting = agents.some((agent) => agent.state === "enrolled");
    if (!chosen && !waiting) {
      throw new HubError(
        "not-waiting",
        `${practice} has not enrolled yet: run cairn agent enrol there first`,
      );
    }
    if (!chosen) {
      throw new HubError(
        "fingerprint-differs",
        `this is not the fingerprint that ${practice} enrolled with: compare both screens, and do not admit while they differ`,
      );
    }
    await requireOnePractice(change, { practice: id, keeperKey: chosen.keeper_key });
    await requireAnother(change, { agent: chosen.id, practice, by });
    const earlier = agents.find((agent) => agent.state === "admitted");
    if (earlier) await lockOut(change, earlier.id, "replaced", by);
    await change.tx.updateTable("agent").set({ state: "admitted" }).where("id", "=", chosen.id).execute();
    change.note(hubLog.agentAdmitted, { agent: chosen.id, practice, fingerprint: chosen.fingerprint, by });
  });
}

/**
 * Checks that the agent's keeper is admitted as no other practice: its releases would be two practices' numbers.
 * @throws HubError keeper-elsewhere
 */
async function requireOnePractice(
  { tx }: Change,
  { practice, keeperKey }: { readonly practice: string; readonly keeperKey: Buffer },
): Promise<void> {
  const other = await admittedElsewhere(tx, practice, keeperKey);
  if (other !== null)
    throw new HubError(
      "keeper-elsewhere",
      `this agent is admitted as ${other} already, and one practice is one agent: rename that one (cairn hub practice rename), or lock its agent out first (cairn hub revoke)`,
    );
}

/** The name of another practice as which a keeper is admitted; null where there is none. */
export async function admittedElsewhere(
  tx: Change["tx"],
  practice: string,
  keeperKey: Buffer,
): Promise<string | null> {
  const other = await tx
    .selectFrom("agent")
    .innerJoin("practice", "practice.id", "agent.practice")
    .select("practice.name")
    .where("agent.keeper_key", "=", keeperKey)
    .where("agent.practice", "!=", practice)
    .where("agent.state", "=", "admitted")
    .executeTakeFirst();
  return other?.name ?? null;
}

/**
 * Checks that whoever admits an agent is not who invited its practice. It is asked of people with accounts: who holds
 * the machine can do both.
 * @throws HubError may-not
 */
async function requireAnother(
  { tx }: Change,
  { agent, practice, by }: { readonly agent: string; readonly practice: string; readonly by: string },
): Promise<void> {
  const code = tx.selectFrom("invitation").select("invited_by").where("agent", "=", agent);
  const inviter = (await code.executeTakeFirst())?.invited_by ?? null;
  if (inviter === null || nameKey(inviter) !== nameKey(by)) return;
  const account = tx.selectFrom("person").select("id").where("name_key", "=", nameKey(by));
  if (!(await account.executeTakeFirst())) return;
  throw new HubError(
    "may-not",
    `${inviter} invited ${practice}: somebody else has to compare the fingerprint and admit its agent`,
  );
}

/**
 * Locks out an agent that waits to be admitted, by the fingerprint that was looked at. One that waits no more stays.
 * @param by the person.
 * @throws HubError practice-unknown, not-waiting, name-wrong
 */
export async function refuse(hub: Hub, practice: string, fingerprint: string, by: string): Promise<void> {
  requirePerson(by);
  await hub.store.change(async (change) => {
    const id = await practiceId(change.tx, practice);
    const waiting = await change.tx
      .selectFrom("agent")
      .select("id")
      .where("practice", "=", id)
      .where("state", "=", "enrolled")
      .where("fingerprint", "=", fingerprint)
      .executeTakeFirst();
    if (!waiting) throw new HubError("not-waiting", `no agent of ${practice} waits with this fingerprint`);
    await lockOut(change, waiting.id, "refused by the operator", by);
  });
}

/**
 * Locks out the practice's agent from its next call on.
 * @param by the person.
 * @throws HubError practice-unknown, not-waiting, name-wrong
 */
export async function revoke(hub: Hub, practice: string, by = systemUser()): Promise<void> {
  requirePerson(by);
  await hub.store.change(async (change) => {
    const id = await practiceId(change.tx, practice);
    const agents = await change.tx
      .selectFrom("agent")
      .select("id")
      .where("practice", "=", id)
      .where("state", "!=", "revoked")
      .execute();
    if (agents.length === 0) throw new HubError("not-waiting", `${practice} has no agent to revoke`);
    for (const agent of agents) await lockOut(change, agent.id, "revoked by the operator", by);
  });
}

/** Locks out one agent, from its next call on. */
export async function lockOut({ tx, note }: Change, agent: string, why: string, by: Actor): Promise<void> {
  await tx.updateTable("agent").set({ state: "revoked" }).where("id", "=", agent).execute();
  note(hubLog.agentRevoked, { agent, why, by });
}

/** The letters and digits of a fingerprint in capitals: it is read out and typed with spaces, dashes or neither. */
function charactersOf(fingerprint: string): string {
  return fingerprint.replace(/[\s-]/g, "").toUpperCase();
}
