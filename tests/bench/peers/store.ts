/** The bench's practice in a real record store on disk: what peers that speak SQL are asked, and what DuckDB is filled from. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayNumber, ETHNIC_GROUPS, type Codelist } from "@cairn/query-library";
import { openRecords, type Records } from "@cairn/records";
import { practice } from "../practice.js";

export interface PracticeOnDisk {
  readonly records: Records;
  readonly file: string; // the store's SQLite file
  close(): void;
}

/** Loads the bench's patients as an importer would. The folder is taken away on `close`. */
export function practiceOnDisk(
  patients: number,
  seed: number,
  codelists: ReadonlyMap<string, Codelist>,
): PracticeOnDisk {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
  const records = openRecords(folder);
  const load = records.beginLoad([]);
  try {
    for (const person of practice(patients, seed).plain(patients, codelists)) {
      load.people.put(person.id, {
        sex: person.sex,
        birthDay: person.born === null ? null : dayNumber(person.born),
        birthPrecision: person.born === null ? null : "day",
        deathDay: person.died === null ? null : dayNumber(person.died),
        deprivationFifth: person.deprivationFifth ?? 0,
        ethnicGroup: ETHNIC_GROUPS[0],
      });
      const key = load.people.keyOf(person.id);
      for (const { start, end } of person.registrations)
        load.registrations.put(key, dayNumber(start), end === null ? null : dayNumber(end));
      for (const event of person.events) {
        const { code, origin } = load.codes.coding(event.system, event.code);
        const measure = load.measures.key(event.unit ?? "", event.comparator ?? "");
        const clinician = load.clinicians.key(event.clinician === undefined ? "" : `c${event.clinician}`);
        const value = event.value ?? NaN;
        load.event(key, dayNumber(event.date), code, origin, value, measure, NaN, clinician, 0, false);
      }
    }
    load.writeEvents(() => undefined);
    const at = "2025-10-01T00:00:00Z";
    const from = { format: "bench", source: "bench", digest: "bench", report: {} };
    load.commit({ at, ...from, coversTo: null, basis: "registrations" });
  } finally {
    load.abandon();
  }
  return {
    records,
    file: join(folder, "records.db"),
    close: () => {
      records.close();
      rmSync(folder, { recursive: true });
    },
  };
}
