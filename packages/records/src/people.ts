/** The columns of people, as the engine reads them. */
import { addTo, emptySet, NO_END, type PatientSet, type People, UNKNOWN_DAY } from "@cairn/tables";
import { ETHNIC_GROUPS, type EthnicGroup, type Sex, SEXES } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import type { RecordBasis } from "./import-record.js";
import { IS_LEFT_OUT } from "./left-out.js";

interface PatientRow {
  readonly key: number;
  readonly sex: Sex;
  readonly birth_day: number | null;
  readonly death_day: number | null;
  readonly deprivation_fifth: number;
  readonly ethnic_group: EthnicGroup;
}
interface Registration {
  readonly patient: number;
  readonly start: number;
  readonly end: number;
}

export function readPeople(db: Database, basis: RecordBasis): People {
  const rows = db.prepare<[], PatientRow>("SELECT * FROM patient ORDER BY key").all();
  const size = (rows.at(-1)?.key ?? -1) + 1;
  const held = new Uint8Array(size);
  const sex = new Uint8Array(size);
  const birthDay = new Int32Array(size).fill(UNKNOWN_DAY);
  const deathDay = new Int32Array(size).fill(NO_END);
  const deprivationFifth = new Uint8Array(size);
  const ethnicGroup = new Uint8Array(size);
  for (const row of rows) {
    held[row.key] = 1;
    sex[row.key] = SEXES.indexOf(row.sex);
    birthDay[row.key] = row.birth_day ?? UNKNOWN_DAY;
    deathDay[row.key] = row.death_day ?? NO_END;
    deprivationFifth[row.key] = row.deprivation_fifth;
    ethnicGroup[row.key] = ETHNIC_GROUPS.indexOf(row.ethnic_group);
  }
  const registrations = registrationsBy(basis, db, rows);
  return {
    size,
    held,
    sex,
    birthDay,
    deathDay,
    deprivationFifth,
    ethnicGroup,
    leftOut: leftOutOf(db, size),
    ...columnsOf(registrations, size),
  };
}

function leftOutOf(db: Database, size: number): PatientSet {
  const set = emptySet(size);
  const keys = db.prepare<[], number>(`SELECT key FROM patient WHERE ${IS_LEFT_OUT}`).pluck().all();
  for (const key of keys) addTo(set, key);
  return set;
}

/** Registrations by patient and start. Where the extract carries none they are derived, and every result says so. */
function registrationsBy(basis: RecordBasis, db: Database, patients: readonly PatientRow[]): Registration[] {
  switch (basis) {
    case "registrations":
      return db
        .prepare<[], Registration>(
          `SELECT patient, start_day AS start, coalesce(end_day, ${NO_END}) AS end FROM registration ORDER BY patient, start_day`,
        )
        .all();
    case "birth":
      return patients.flatMap((row) => (row.birth_day === null ? [] : [from(row.key, row.birth_day)]));
    case "first-record": {
      const first = db.prepare<[number], number>("SELECT min(day) FROM event WHERE patient = ?").pluck();
      return patients.flatMap((row) => {
        const day = first.get(row.key) ?? null;
        return day === null ? [] : [from(row.key, day)];
      });
    }
  }
}

function from(patient: number, start: number): Registration {
  return { patient, start, end: NO_END };
}

function columnsOf(
  registrations: readonly Registration[],
  size: number,
): Pick<People, "registrationOffset" | "registrationStart" | "registrationEnd"> {
  const registrationOffset = new Uint32Array(size + 1);
  for (const each of registrations) registrationOffset[each.patient + 1]!++;
  for (let key = 0; key < size; key++) registrationOffset[key + 1]! += registrationOffset[key]!;
  return {
    registrationOffset,
    registrationStart: Int32Array.from(registrations, (each) => each.start),
    registrationEnd: Int32Array.from(registrations, (each) => each.end),
  };
}
