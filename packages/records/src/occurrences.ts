/**
 * The patients and days with an event of a small set of codes, by the code recorded or by the one that the code map
 * made of it. Codes are sought one by one in the indexes, so that no other event is read.
 */
import type { Occurrences } from "@cairn/tables";
import type { Codelist, CodeSystem } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";

type Row = [patient: number, day: number];

export function readOccurrences(db: Database, list: Codelist): Occurrences {
  const keyOf = db
    .prepare<[string, string], number>("SELECT key FROM code WHERE system = ? AND code = ?")
    .pluck();
  const coded = db
    .prepare<[number], Row>(
      "SELECT patient, day FROM event INDEXED BY event_by_code WHERE code = CAST(? AS INTEGER)",
    )
    .raw();
  const recorded = db
    .prepare<[number, string, string], Row>(
      `SELECT e.patient, e.day FROM code_map AS m
       JOIN code AS c ON c.system = 'snomed' AND c.code = m.to_code
       JOIN origin AS o ON o.code = CAST(? AS INTEGER) AND o.state = 'mapped'
       JOIN event AS e INDEXED BY event_by_code ON e.code = c.key AND e.origin = o.key
       WHERE m.system = ? AND m.code = ?`,
    )
    .raw();
  const found: Row[] = [];
  for (const system of sameAs(list.system)) {
    for (const code of list.codes) {
      const key = keyOf.get(system, code);
      if (key === undefined) continue; // nobody has it, in any dress
      found.push(...coded.all(key), ...recorded.all(key, system, code));
    }
  }
  return { patient: found.map(([patient]) => patient), day: found.map(([, day]) => day) };
}

/** The systems whose codes match the given one: dm+d ids are SNOMED CT ids, so the two match as one. */
function sameAs(system: CodeSystem): CodeSystem[] {
  return system === "snomed" || system === "dmd" ? ["snomed", "dmd"] : [system];
}
