/** One patient as plain data, with everything that is recorded or what some codes tell: for a worklist on the practice's own screen. */
import type { PlainEvent, PlainPatient } from "@cairn/tables";
import { type CodeSystem, type EthnicGroup, isoDate, type Sex } from "@cairn/query-library";
import type { Database, Statement } from "@cairn/sqlite";
import type { RecordBasis } from "./import-record.js";
import { IS_LEFT_OUT } from "./left-out.js";

interface PatientRow {
  readonly practice_id: string;
  readonly sex: Sex;
  readonly birth_day: number | null;
  readonly death_day: number | null;
  readonly deprivation_fifth: number;
  readonly ethnic_group: EthnicGroup;
  readonly left_out: number;
}
interface EventRow {
  readonly day: number;
  readonly system: CodeSystem;
  readonly code: string;
  readonly value: number | null;
  readonly unit: string | null;
  readonly comparator: NonNullable<PlainEvent["comparator"]> | "" | null;
  readonly quantity: number | null;
  readonly clinician: number;
  readonly state: PlainEvent["mapped"] | null;
  readonly recorded_system: CodeSystem | null;
  readonly recorded_code: string | null;
}
type Registration = PlainPatient["registrations"][number];

const EVENTS = `SELECT e.day, c.system, c.code, e.value, m.unit, m.comparator, e.quantity, e.clinician,
    o.state, r.system AS recorded_system, r.code AS recorded_code
  FROM event AS e JOIN code AS c ON c.key = e.code
  LEFT JOIN measure AS m ON m.key = e.measure
  LEFT JOIN origin AS o ON o.key = e.origin LEFT JOIN code AS r ON r.key = o.code
  WHERE e.patient = CAST(? AS INTEGER)`;

/** Reads people one by one; its statements are prepared once, for a worklist reads hundreds. */
export class PersonReader {
  readonly #row: Statement<[number], PatientRow>;
  readonly #events: Statement<[number], EventRow>;
  readonly #someEvents: Statement<[number, string], EventRow>;
  readonly #firstDay: Statement<[number], number | null>;
  readonly #registrations: Statement<[number], { start_day: number; end_day: number | null }>;

  constructor(db: Database) {
    this.#row = db.prepare(`SELECT *, ${IS_LEFT_OUT} AS left_out FROM patient WHERE key = ?`);
    this.#events = db.prepare(`${EVENTS} ORDER BY e.day, e.id`);
    this.#someEvents = db.prepare(
      `${EVENTS} AND e.code IN (SELECT value FROM json_each(?)) ORDER BY e.day, e.id`,
    );
    this.#firstDay = db
      .prepare<[number], number | null>("SELECT min(day) FROM event WHERE patient = ?")
      .pluck();
    this.#registrations = db.prepare(
      "SELECT start_day, end_day FROM registration WHERE patient = ? ORDER BY start_day",
    );
  }

  /**
   * Reads one person.
   * @param basis where registrations come from
   * @param codes keys of the codes whose events are wanted; null for every event
   * @throws RangeError for a key nobody holds
   */
  read(key: number, basis: RecordBasis, codes: readonly number[] | null): PlainPatient {
    const row = this.#row.get(key);
    if (row === undefined) throw new RangeError("no patient has that key");
    const events = codes === null ? this.#events.all(key) : this.#someEvents.all(key, JSON.stringify(codes));
    return {
      id: row.practice_id,
      born: dateOf(row.birth_day),
      died: dateOf(row.death_day),
      sex: row.sex,
      deprivationFifth: row.deprivation_fifth || null,
      ethnicGroup: row.ethnic_group,
      ...(row.left_out === 1 ? { leftOut: true } : {}),
      registrations: this.#registrationsOf(key, basis, row.birth_day),
      events: events.map(plainEvent),
    };
  }

  /** A person's registrations; derived where the extract carries none, as for the engine. */
  #registrationsOf(key: number, basis: RecordBasis, born: number | null): Registration[] {
    if (basis !== "registrations") {
      const start = basis === "birth" ? born : (this.#firstDay.get(key) ?? null);
      return start === null ? [] : [{ start: isoDate(start), end: null }];
    }
    return this.#registrations
      .all(key)
      .map(({ start_day, end_day }) => ({ start: isoDate(start_day), end: dateOf(end_day) }));
  }
}

function plainEvent(row: EventRow): PlainEvent {
  return {
    date: isoDate(row.day),
    system: row.system,
    code: row.code,
    ...(row.value === null ? {} : { value: row.value }),
    ...(row.unit ? { unit: row.unit } : {}),
    ...(row.comparator ? { comparator: row.comparator } : {}),
    ...(row.quantity === null ? {} : { quantity: row.quantity }),
    ...(row.clinician === 0 ? {} : { clinician: row.clinician }),
    ...(row.state === null ? {} : { mapped: row.state }),
    ...(row.recorded_system === null ? {} : { recordedSystem: row.recorded_system }),
    ...(row.recorded_code === null ? {} : { recordedCode: row.recorded_code }),
  };
}

function dateOf(day: number | null): string | null {
  return day === null ? null : isoDate(day);
}
