/** People as the hub's database keeps them. */
import type { HubPerson } from "@cairn/access";
import type { Account } from "@cairn/sign-in/store";
import type { Kysely } from "kysely";
import { nameKey } from "../enrolment/names.js";
import type { PersonRow, Tables } from "../store/tables.js";

/** The row of a person by name, or null. */
export async function rowNamed(db: Kysely<Tables>, name: string): Promise<PersonRow | null> {
  const found = db.selectFrom("person").selectAll().where("name_key", "=", nameKey(name));
  return (await found.executeTakeFirst()) ?? null;
}

/** The person of a row, with their groups as they are now. */
export async function personOf(db: Kysely<Tables>, row: PersonRow): Promise<HubPerson> {
  const { id, name, role } = row;
  if (row.every_group === 1) return { at: "hub", name, role, groups: "every" };
  const rows = await db
    .selectFrom("person_group")
    .select("group_name")
    .where("person", "=", id)
    .orderBy("group_name")
    .execute();
  return { at: "hub", name, role, groups: rows.map(({ group_name: group }) => group) };
}

export async function accountOf(db: Kysely<Tables>, row: PersonRow): Promise<Account<HubPerson>> {
  return {
    ...{ id: row.id, person: await personOf(db, row), disabled: row.disabled_at !== null },
    ...{ password: row.password, codeKey: row.code_key },
  };
}
