/** People with accounts at the practice: added, disabled, listed and given one-time links by command. */
import { isPracticeRole, PRACTICE_ROLES, type PracticeRole } from "@cairn/access";
import { practiceLog, readsTheSame, type Actor } from "@cairn/ledger";
import { LINK_LIVES_HOURS, newLink } from "@cairn/sign-in/one-time-link";
import { printable } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import { person } from "../store/person.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { allRows, nameKey, rowNamed, type PersonRow } from "./rows.js";

/**
 * Adds a person with a role. A person who was disabled is back with this role, and has to set password and codes again.
 * @throws KeeperError name-wrong, name-taken, role-wrong
 */
export function addPerson(store: KeeperStore, name: string, role: string, by: Actor = person()): void {
  if (!readsTheSame(name))
    throw new KeeperError(
      "name-wrong",
      "the name of a person is 1 to 100 characters on one line, with no space at its ends",
    );
  if (!isPracticeRole(role))
    throw new KeeperError(
      "role-wrong",
      `${printable(role, 40)} is no role of a practice: say one of ${Object.keys(PRACTICE_ROLES).join(", ")}`,
    );
  store.unheard((change) => {
    const before = rowNamed(change, name);
    if (before?.disabled === 0)
      throw new KeeperError("name-taken", `${before.name} has an account already: choose another name`);
    const now = BigInt(change.now());
    change.db
      .prepare(
        `INSERT INTO person (name, name_key, role, added_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, role = excluded.role,
           added_at = excluded.added_at, disabled_at = NULL, password = NULL, code_key = NULL`,
      )
      .run(name, nameKey(name), role, now);
    change.note(practiceLog.personAdded, { person: name, role, groups: "", by });
  });
}

/** Disables a person: their sessions and links end with this step. @throws KeeperError person-unknown */
export function disablePerson(store: KeeperStore, name: string, by: Actor = person()): void {
  store.unheard((change) => {
    const row = requireRow(change, name);
    const id = BigInt(row.id);
    change.db.prepare("UPDATE person SET disabled_at = ? WHERE id = ?").run(BigInt(change.now()), id);
    change.db.prepare("DELETE FROM session WHERE person = ?").run(id);
    endLinks(change, row);
    change.note(practiceLog.personDisabled, { person: row.name, by });
  });
}

interface NewPersonLink {
  readonly path: string; // on the practice's pages, with the secret: it is not kept
  readonly until: string; // ISO 8601
}

/**
 * Makes a one-time link for a person, good once; earlier ones end with it.
 * @param looksAround whether it signs in by itself: only for a demo of invented practices.
 * @throws KeeperError person-unknown, may-not where it would sign in as somebody who has a way in of their own
 */
export function linkPerson(
  store: KeeperStore,
  name: string,
  by: Actor = person(),
  looksAround = false,
): NewPersonLink {
  const { path, digest } = newLink();
  return store.unheard((change) => {
    const row = requireRow(change, name);
    if (looksAround) requireNoWayIn(row);
    const expires = change.now() + LINK_LIVES_HOURS * 3_600_000;
    endLinks(change, row);
    change.db
      .prepare("INSERT INTO one_time_link (digest, person, looks_around, expires_at) VALUES (?, ?, ?, ?)")
      .run(digest, BigInt(row.id), looksAround ? 1n : 0n, BigInt(expires));
    change.note(practiceLog.personLinked, { person: row.name, expires, by });
    return { path, until: new Date(expires).toISOString() };
  });
}

/** A link that signs in by itself would let whoever makes it act unseen as somebody. @throws KeeperError may-not */
function requireNoWayIn(row: PersonRow): void {
  if (row.password !== null)
    throw new KeeperError(
      "may-not",
      `${row.name} has a way of their own to sign in: make the link without --look-around`,
    );
}

function endLinks(change: Change, { id }: PersonRow): void {
  change.db
    .prepare("UPDATE one_time_link SET used_at = ? WHERE person = ? AND used_at IS NULL")
    .run(BigInt(change.now()), BigInt(id));
}

/** @throws KeeperError person-unknown */
function requireRow(store: Reader, name: string): PersonRow {
  const row = rowNamed(store, name);
  if (row && row.disabled === 0) return row;
  throw new KeeperError(
    "person-unknown",
    `nobody called ${printable(name, 100)} has an account at this practice: see cairn agent person list`,
  );
}

export interface ListedPerson {
  readonly name: string;
  readonly role: PracticeRole;
  readonly standing: "active" | "waits-for-first-visit" | "disabled";
}

/** Everybody who has or had an account, by name. */
export function listPeople(store: Reader): ListedPerson[] {
  return allRows(store).map(({ name, role, disabled, password }) => ({
    ...{ name, role },
    standing: disabled !== 0 ? "disabled" : password === null ? "waits-for-first-visit" : "active",
  }));
}
