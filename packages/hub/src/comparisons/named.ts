/** The practices of a comparison that a reader sees by name, and what their consent says. */
import type { CharterRole } from "@cairn/access";
import { partyWords } from "@cairn/charters";
import { namesOf } from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import type { NamesView } from "@cairn/pages";
import { sql } from "kysely";
import { consentsOf } from "./consents.js";
import type { Hub } from "../hub.js";
import { charterOf } from "../library/charters.js";
import type { CollectionRow } from "../store/tables.js";
import { collected } from "./collected.js";

/**
 * Looks up whom a reader sees by name in one comparison, or why nobody.
 * @param to the role of the charter as which they look
 * @returns null where no charter is in force: then nobody is named, and nothing is said of it
 */
export async function namedIn(
  hub: Hub,
  collection: CollectionRow,
  to: CharterRole,
): Promise<NamesView | null> {
  const { db } = hub.store;
  const group = collection.group_name;
  const known = await charterOf(db, group);
  if (known === null) return null;
  const consents = (await consentsOf(db, group, hub.settings.now())).filter((one) => one.to === to);
  const until = new Map(consents.map((one) => [one.practice, one.until]));
  const members = known.charter.peers === "named-by-consent" ? await membersOf(hub, group) : null;
  return {
    ...{ whom: partyWords(known.charter, to), purpose: known.charter.purpose },
    names: namesOf(await collected(hub, collection), {
      until,
      members,
      before: await namedBefore(hub, collection),
    }),
  };
}

/** Those whom this log's looks at a comparison named, to anybody: people of one group speak with one another. */
async function namedBefore(
  { store }: Hub,
  { group_name: group, query, reference_date: date }: CollectionRow,
): Promise<Set<string>> {
  // Each look is followed by its namings: they are found by their places.
  const { rows } = await sql<{ practice: string }>`SELECT DISTINCT naming.body ->> 'practice' AS practice
    FROM log_entry AS look CROSS JOIN log_entry AS naming
    WHERE look.kind = ${hubLog.comparisonViewed.kind} AND look.body ->> 'shown' = 'names'
      AND look.body ->> 'group' = ${group} AND look.body ->> 'query' = ${query}
      AND coalesce(look.body ->> 'date', ${date}) = ${date}
      AND naming.position > look.position AND naming.position <= look.position + (look.body ->> 'named')
      AND +naming.kind = ${hubLog.practiceNamed.kind}`.execute(store.db);
  return new Set(rows.map(({ practice }) => practice));
}

/** Those that are in the group and were let in, whether or not their agent still is. */
async function membersOf({ store }: Hub, group: string): Promise<string[]> {
  const rows = await store.db
    .selectFrom("group_member")
    .innerJoin("agent", "agent.practice", "group_member.practice")
    .select("group_member.practice")
    .distinct()
    .where("group_member.group_name", "=", group)
    .where((is) => is.or([is("agent.state", "=", "admitted"), is("agent.polled_at", "is not", null)]))
    .execute();
  return rows.map(({ practice }) => practice);
}
