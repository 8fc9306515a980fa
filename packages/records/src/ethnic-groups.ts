/** People's ethnic groups by their events: for formats in which a group is an entry like any other. */
import type { CodeSystem, EthnicGroup } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";

/** A code, as recorded or as it counts, and the ethnic group that it says. */
export interface EthnicCode {
  readonly system: CodeSystem;
  readonly code: string;
  readonly group: EthnicGroup;
}

/**
 * Gives each person the group of their newest event with one of the codes; of several on one day, that of the code that
 * comes last in the list; "unknown" to people without any.
 * @returns whether anybody's changed
 */
export function setEthnicGroups(db: Database, codes: readonly EthnicCode[]): boolean {
  const list = JSON.stringify(codes.map(({ system, code, group }) => [system, code, group]));
  const changed = db
    .prepare<[string]>(
      `WITH coded AS (
         SELECT c.key, j.key AS place, j.value ->> 2 AS ethnic_group
         FROM json_each(?) AS j JOIN code AS c ON c.system = j.value ->> 0 AND c.code = j.value ->> 1
       ), newest AS (
         SELECT patient, ethnic_group FROM (
           SELECT e.patient, k.ethnic_group,
             row_number() OVER (PARTITION BY e.patient ORDER BY e.day DESC, k.place DESC) AS n
           FROM coded AS k CROSS JOIN event AS e INDEXED BY event_by_code ON e.code = k.key
         ) WHERE n = 1
       )
       UPDATE patient SET ethnic_group = coalesce(newest.ethnic_group, 'unknown')
       FROM patient AS p LEFT JOIN newest ON newest.patient = p.key
       WHERE p.key = patient.key AND patient.ethnic_group IS NOT coalesce(newest.ethnic_group, 'unknown')`,
    )
    .run(list).changes;
  return changed > 0;
}
