/** People's ethnic groups where the records say them by codes alone. */
import type { EthnicGroup } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";

/**
 * Gives each person the group of their latest event of these codes; of several on one day, the first in the alphabet.
 * People whose events changed with this version and who have none are of unknown group.
 * @param groups by key of the code
 * @returns number of people whose group changed
 */
export function setEthnicGroups(
  db: Database,
  groups: ReadonlyMap<number, EthnicGroup>,
  version: number,
): number {
  const find = db
    .prepare<[number], [patient: number, day: number]>(
      "SELECT patient, max(day) FROM event INDEXED BY event_by_code WHERE code = CAST(? AS INTEGER) GROUP BY patient",
    )
    .raw();
  const latest = new Map<number, { day: number; group: EthnicGroup }>();
  for (const [code, group] of groups)
    for (const [patient, day] of find.iterate(code)) {
      const before = latest.get(patient);
      if (before === undefined || day > before.day || (day === before.day && group < before.group))
        latest.set(patient, { day, group });
    }
  const set = db.prepare<[string, number, string]>(
    "UPDATE patient SET ethnic_group = ? WHERE key = CAST(? AS INTEGER) AND ethnic_group <> ?",
  );
  const touched = db
    .prepare<[number], number>("SELECT patient FROM touched WHERE version = CAST(? AS INTEGER)")
    .pluck()
    .all(version);
  let changed = 0;
  for (const patient of touched)
    if (!latest.has(patient)) changed += set.run("unknown", patient, "unknown").changes;
  for (const [patient, { group }] of latest) changed += set.run(group, patient, group).changes;
  return changed;
}
