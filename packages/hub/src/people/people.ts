/** People with accounts at the hub: added, disabled, listed and given one-time links by command. */
import { HUB_ROLES, isHubRole, type HubPerson, type HubRole } from "@cairn/access";
import { hubLog, joinNames } from "@cairn/ledger";
import { LINK_LIVES_HOURS, newLink } from "@cairn/sign-in/one-time-link";
import { HubError } from "../errors.js";
import { inPlain, nameKey, requireName, requirePerson, systemUser } from "../enrolment/names.js";
import type { Hub } from "../hub.js";
import type { Change } from "../store/store.js";
import type { PersonRow } from "../store/tables.js";
import { personOf, rowNamed } from "./rows.js";

export interface NewPerson {
  readonly name: string;
  readonly role: string;
  readonly groups: readonly string[];
}

/**
 * Adds a person with a role, for groups that are there. A person who was disabled is back with this role, and has to
 * set password and codes again.
 * @throws HubError name-wrong, name-taken, role-wrong, group-unknown
 */
export async function addPerson(hub: Hub, wanted: NewPerson, by = systemUser()): Promise<void> {
  requirePerson(by);
  requireName("person", wanted.name);
  const role = requireRole(wanted);
  await hub.store.unheard(async (change) => {
    const { tx, note } = change;
    const before = await rowNamed(tx, wanted.name);
    if (before?.disabled_at === null)
      throw new HubError("name-taken", `${before.name} has an account already: choose another name`);
    await requireGroups(change, wanted.groups);
    const id = await personRow(change, before, wanted.name, {
      ...{ role, every_group: wanted.groups.length === 0 ? 1 : 0, added_at: hub.settings.now() },
    });
    await tx.deleteFrom("person_group").where("person", "=", id).execute();
    for (const group of new Set(wanted.groups))
      await tx.insertInto("person_group").values({ person: id, group_name: group }).execute();
    note(hubLog.personAdded, { person: wanted.name, role, groups: joinNames(wanted.groups), by });
  });
}

async function personRow(
  { tx }: Change,
  before: PersonRow | null,
  name: string,
  facts: Pick<PersonRow, "role" | "every_group" | "added_at">,
): Promise<number> {
  if (before) {
    const anew = { name, disabled_at: null, password: null, code_key: null, issuer: null, subject: null };
    await tx
      .updateTable("person")
      .set({ ...facts, ...anew })
      .where("id", "=", before.id)
      .execute();
    return before.id;
  }
  const made = tx.insertInto("person").values({ ...facts, name, name_key: nameKey(name) });
  return (await made.returning("id").executeTakeFirstOrThrow()).id;
}

/** @throws HubError role-wrong */
function requireRole({ role, groups }: NewPerson): HubRole {
  if (!isHubRole(role))
    throw new HubError(
      "role-wrong",
      `"${inPlain(role)}" is no role of a hub: say one of ${Object.keys(HUB_ROLES).join(", ")}`,
    );
  const rule = HUB_ROLES[role];
  if (rule.groups === "named" && groups.length === 0)
    throw new HubError("role-wrong", `a ${rule.words} is there for groups: say --group, once for each`);
  if (rule.groups === "every" && groups.length > 0)
    throw new HubError("role-wrong", `a ${rule.words} is there for every group: leave --group out`);
  return role;
}

/** @throws HubError group-unknown */
async function requireGroups({ tx }: Change, groups: readonly string[]): Promise<void> {
  const known = await tx.selectFrom("practice_group").select("name").execute();
  for (const group of groups)
    if (!known.some(({ name }) => name === group))
      throw new HubError(
        "group-unknown",
        `there is no group ${inPlain(group)} at this hub: a group is made by the first cairn hub invite into it`,
      );
}

/**
 * Disables a person: their sessions and links end with this step.
 * @throws HubError person-unknown, name-wrong
 */
export async function disablePerson(hub: Hub, name: string, by = systemUser()): Promise<void> {
  requirePerson(by);
  await hub.store.unheard(async (change) => {
    const row = await requireRow(change, name);
    const { tx, note } = change;
    await tx
      .updateTable("person")
      .set({ disabled_at: hub.settings.now() })
      .where("id", "=", row.id)
      .execute();
    await tx.deleteFrom("session").where("person", "=", row.id).execute();
    await endLinks(change, row.id, hub.settings.now());
    note(hubLog.personDisabled, { person: row.name, by });
  });
}

export interface NewPersonLink {
  readonly path: string; // on the hub's pages, with the secret: it is not kept
  readonly until: string; // ISO 8601
}

/**
 * Makes a one-time link for a person, good once; earlier ones end with it.
 * @param looksAround whether it signs in by itself: only for a demo of invented practices.
 * @throws HubError person-unknown, name-wrong, may-not where it would sign in as somebody who has a way in of their own
 */
export async function linkPerson(
  hub: Hub,
  name: string,
  by = systemUser(),
  looksAround = false,
): Promise<NewPersonLink> {
  requirePerson(by);
  const { path, digest } = newLink();
  const now = hub.settings.now();
  const expires = now + LINK_LIVES_HOURS * 3_600_000;
  await hub.store.unheard(async (change) => {
    const row = await requireRow(change, name);
    if (looksAround) requireNoWayIn(row);
    await endLinks(change, row.id, now);
    await change.tx
      .insertInto("one_time_link")
      .values({ digest, person: row.id, looks_around: looksAround ? 1 : 0, expires_at: expires })
      .execute();
    change.note(hubLog.personLinked, { person: row.name, expires, by });
  });
  return { path, until: new Date(expires).toISOString() };
}

/** A link that signs in by itself would let whoever makes it act unseen as somebody. @throws HubError may-not */
function requireNoWayIn(row: PersonRow): void {
  if (row.password !== null || row.subject !== null)
    throw new HubError(
      "may-not",
      `${row.name} has a way of their own to sign in: give them an ordinary link`,
    );
}

async function endLinks({ tx }: Change, person: number, now: number): Promise<void> {
  await tx
    .updateTable("one_time_link")
    .set({ used_at: now })
    .where("person", "=", person)
    .where("used_at", "is", null)
    .execute();
}

/** @throws HubError person-unknown */
async function requireRow({ tx }: Change, name: string): Promise<PersonRow> {
  const row = await rowNamed(tx, name);
  if (row && row.disabled_at === null) return row;
  throw new HubError(
    "person-unknown",
    `nobody called ${inPlain(name)} has an account at this hub: see cairn hub person list`,
  );
}

export interface ListedPerson {
  readonly name: string;
  readonly role: HubRole;
  readonly groups: HubPerson["groups"];
  readonly standing: "active" | "waits-for-first-visit" | "disabled";
}

/** Everybody who has or had an account, by name. */
export async function listPeople({ store: { db } }: Hub): Promise<ListedPerson[]> {
  const rows = await db.selectFrom("person").selectAll().orderBy("name_key").execute();
  const people: ListedPerson[] = [];
  for (const row of rows) {
    const { name, role, groups } = await personOf(db, row);
    people.push({ name, role, groups, standing: standingOf(row) });
  }
  return people;
}

function standingOf({ disabled_at: disabled, password, subject }: PersonRow): ListedPerson["standing"] {
  if (disabled !== null) return "disabled";
  return password === null && subject === null ? "waits-for-first-visit" : "active";
}
