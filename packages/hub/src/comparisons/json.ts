/** The `comparisons` array of the JSON output, which users script against. */
import { type ComparisonJson, cellsJson } from "@cairn/comparisons";
import type { Hub } from "../hub.js";
import { inPlain } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import { collected, collectionsOf } from "./collected.js";

/** Every query, date and cell of a group, for the hub's operator: practices by name. @throws HubError group-unknown */
export async function comparisonsJson(hub: Hub, group: string): Promise<ComparisonJson[]> {
  await knownGroup(hub, group);
  const all: ComparisonJson[] = [];
  for (const collection of await collectionsOf(hub, group))
    all.push(...cellsJson(await collected(hub, collection)));
  return all;
}

/** Checks that a group exists. @throws HubError group-unknown */
export async function knownGroup(hub: Hub, group: string): Promise<void> {
  const rows = await hub.store.db.selectFrom("practice_group").select("name").orderBy("name").execute();
  if (rows.some((row) => row.name === group)) return;
  const names = rows.map((row) => row.name).join(", ") || "none yet";
  throw new HubError("group-unknown", `this hub has no group ${inPlain(group)}: it has ${names}`);
}
