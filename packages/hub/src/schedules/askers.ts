/** Who may schedule questions: by the role table, or where the group has a charter, those whom it names. */
import { HUB_ROLES, roleWords } from "@cairn/access";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { charterOf } from "../library/charters.js";
import { personNamed, requireAllowed, requireMay } from "../people/named.js";

/**
 * Checks that a person may change the schedules of a group.
 * @param as somebody with an account; undefined, or while nobody has one: whoever holds the machine
 * @throws HubError person-unknown, may-not
 */
export async function requireMayAsk(hub: Hub, as: string | undefined, group: string): Promise<void> {
  const { db } = hub.store;
  const known = await charterOf(db, group);
  const people = await db.selectFrom("person").select("id").limit(1).executeTakeFirst();
  if (!known || as === undefined || !people) return requireMay(hub, as, "change-schedules", { group });
  const person = await personNamed(db, as);
  requireAllowed(person, "propose-schedules", { group });
  const asks: readonly string[] = known.charter.asks;
  if (asks.includes(HUB_ROLES[person.role].charter ?? "")) return;
  const words = asks.map((role) => roleWords(role as keyof typeof HUB_ROLES)).join(" or ");
  throw new HubError(
    "may-not",
    `--as ${person.name}: the charter of ${group} lets the ${words} ask, and this account is of a ${roleWords(person.role)}`,
  );
}
