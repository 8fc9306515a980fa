/** The person who is named by a command: where people have accounts, it has to be one who may. */
import { may, type HubAction, type HubPerson, type ObjectOf } from "@cairn/access";
import type { Kysely } from "kysely";
import { HubError } from "../errors.js";
import { inPlain } from "../enrolment/names.js";
import type { Hub } from "../hub.js";
import type { Tables } from "../store/tables.js";
import { personOf, rowNamed } from "./rows.js";

/**
 * Checks that whoever is named may do an action.
 * @param as what they call themselves; undefined for the system's user, who holds the machine and is asked nothing.
 * @throws HubError person-unknown, may-not where people have accounts and this is none of them, or one whose role may not
 */
export async function requireMay<A extends HubAction>(
  { store: { db } }: Hub,
  as: string | undefined,
  action: A,
  about: ObjectOf<A>,
): Promise<void> {
  if (as === undefined) return;
  if (!(await db.selectFrom("person").select("id").limit(1).executeTakeFirst())) return;
  requireAllowed(await personNamed(db, as), action, about);
}

/** The person of an account. @throws HubError person-unknown */
export async function personNamed(db: Kysely<Tables>, as: string): Promise<HubPerson> {
  const row = await rowNamed(db, as);
  if (row?.disabled_at === null) return personOf(db, row);
  throw new HubError(
    "person-unknown",
    `--as ${inPlain(as)}: nobody of this name has an account at this hub: see cairn hub person list`,
  );
}

/** @throws HubError may-not */
export function requireAllowed<A extends HubAction>(person: HubPerson, action: A, about: ObjectOf<A>): void {
  const answer = may(person, action, about);
  if (!answer.allowed) throw new HubError("may-not", `--as ${person.name}: ${answer.why}`);
}
