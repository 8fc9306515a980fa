import { composePolicies, policyOf, type Policy } from "@cairn/disclosure";
import type { Kysely } from "kysely";
import type { Tables } from "../store/tables.js";

/** The weakest policy that a run's release may keep: the strictest of every group that collects it. */
export async function floorOf(db: Kysely<Tables>, run: string): Promise<Policy> {
  const groups = await db
    .selectFrom("collection_member")
    .innerJoin("collection", "collection.id", "collection_member.collection")
    .innerJoin("practice_group", "practice_group.name", "collection.group_name")
    .select(["floor_k", "floor_base", "floor_midpoint"])
    .distinct()
    .where("collection_member.run", "=", run)
    .execute();
  return composePolicies(
    ...groups.map((group) =>
      policyOf({ k: group.floor_k, base: group.floor_base, midpoint: group.floor_midpoint }),
    ),
  );
}
