/** Changes to a practice that is known: its name, and whether it is known at all. */
import { hubLog, joinNames } from "@cairn/ledger";
import type { Hub } from "../hub.js";
import type { Change } from "../store/store.js";
import { HubError } from "../errors.js";
import { lockOut } from "./admit.js";
import { practiceId } from "./find.js";
import { leaveGroup } from "./members.js";
import { inPlain, likeness, ONE_AGENT, requireName, requirePerson, systemUser } from "./names.js";

/**
 * Renames a practice. Runs, releases, uses and the log go by its id and its keys, so its history, its groups and its
 * agent go on; entries of the log before this one have its earlier name.
 * @param by the person.
 * @returns whether it had another name before
 * @throws HubError practice-unknown, name-taken, name-like, name-wrong
 */
export async function renamePractice(
  hub: Hub,
  from: string,
  to: string,
  by = systemUser(),
): Promise<boolean> {
  requirePerson(by);
  requireName("practice", to);
  return hub.store.change(async ({ tx, note }) => {
    const id = await practiceId(tx, from);
    const taken = await tx
      .selectFrom("practice")
      .select(["id", "forgotten_at"])
      .where("name", "=", to)
      .where("id", "!=", id)
      .executeTakeFirst();
    if (taken) {
      const whose = taken.forgotten_at === null ? "another practice" : "a practice that was forgotten";
      throw new HubError("name-taken", `${whose} is called ${to} at this hub already: choose another name`);
    }
    if (from === to) return false;
    await requireUnlikeOthers(tx, id, to);
    await tx.updateTable("practice").set({ name: to }).where("id", "=", id).execute();
    note(hubLog.practiceRenamed, { practice: id, from, to, by });
    return true;
  });
}

/** Checks that no other practice's name reads like a new one. @throws HubError name-like */
async function requireUnlikeOthers(tx: Change["tx"], practice: string, name: string): Promise<void> {
  const others = await tx.selectFrom("practice").select("name").where("id", "!=", practice).execute();
  const like = others.find((other) => likeness(other.name) === likeness(name));
  if (like) throw new HubError("name-like", `${name} reads like ${like.name}: ${ONE_AGENT}`);
}

/** Counts of what goes and what stays when a practice is forgotten, to be shown before. */
export interface ForgettingSummary {
  readonly groups: readonly string[];
  readonly codes: number; // join codes, used ones too
  readonly agents: number; // that are not locked out yet
  readonly openRequests: number; // asked and not answered
  readonly releases: number;
}

/** Counts what forgetting a practice would do. @throws HubError practice-unknown */
export async function whatForgettingDoes(hub: Hub, practice: string): Promise<ForgettingSummary> {
  const { db } = hub.store;
  const id = await practiceId(db, practice);
  const of = (table: "invitation" | "group_member" | "agent" | "run_request") =>
    db.selectFrom(table).where("practice", "=", id);
  const groups = await of("group_member").select("group_name").orderBy("group_name").execute();
  const codes = await of("invitation").select("code_hash").execute();
  const agents = await of("agent").select("id").where("state", "!=", "revoked").execute();
  const open = await of("run_request")
    .select("run")
    .where("state", "in", ["asked", "ready", "waiting-for-approval"])
    .where("newest_use", "is", null)
    .execute();
  const releases = await db
    .selectFrom("release")
    .innerJoin("run", "run.id", "release.run")
    .select("release.digest")
    .where("run.practice", "=", id)
    .execute();
  return {
    groups: groups.map(({ group_name }) => group_name),
    codes: codes.length,
    agents: agents.length,
    openRequests: open.length,
    releases: releases.length,
  };
}

/**
 * Locks a practice's agents out, removes it from its groups, and deletes what served to let it in and to talk with
 * it. Its releases stay with its signature and keeper key, as do the log and the figures that were made: only the
 * practice can withdraw them, and what was shown counts against what may be shown later. Its name stays with them;
 * invited again under that name it goes on with its own history.
 * @param by the person.
 * @throws HubError practice-unknown, name-wrong
 */
export async function forgetPractice(hub: Hub, practice: string, by = systemUser()): Promise<void> {
  requirePerson(by);
  await hub.store.change(async (change) => {
    const { tx, note } = change;
    const id = await practiceId(tx, practice);
    const now = hub.settings.now();
    const groups = await tx
      .selectFrom("group_member")
      .select("group_name")
      .where("practice", "=", id)
      .execute();
    for (const { group_name: group } of groups) await leaveGroup(change, group, id, now);
    const agents = await tx.selectFrom("agent").select(["id", "state"]).where("practice", "=", id).execute();
    await tx.deleteFrom("invitation").where("practice", "=", id).execute();
    for (const { id: agent, state } of agents) {
      if (state !== "revoked") await lockOut(change, agent, "its practice was forgotten", by);
      await tx.deleteFrom("idempotency").where("agent", "=", agent).execute();
      await tx
        .updateTable("agent")
        .set({
          courier_key: Buffer.alloc(0),
          key_digest: `forgotten ${agent}`,
          certificate: null,
          instance: "",
          fingerprint: "",
          version: "",
          covers_to: null,
          decided_charters: null,
        })
        .where("id", "=", agent)
        .execute();
    }
    await tx.updateTable("practice").set({ forgotten_at: now }).where("id", "=", id).execute();
    note(hubLog.practiceForgotten, {
      practice: id,
      name: inPlain(practice),
      groups: joinNames(groups.map(({ group_name }) => group_name)),
      by,
    });
  });
}
