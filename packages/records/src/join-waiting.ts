/** Moves events between those that wait and those of people who are here. */
import type { Database } from "@cairn/sqlite";
import { FIRST_DAY, NO_DAY } from "./waiting-people.js";
import type { Codes } from "./dictionary.js";
import { keepGone } from "./removed-rows.js";

const COLUMNS = "code, value, measure, quantity, clinician, origin, source_row, source_order, source_code";

/** A free id of a day among the rows of a patient in a table, behind which the others' ids are counted on. */
const firstFree = (table: string, patient: string): string =>
  `coalesce((SELECT max(o.id) + 1 FROM ${table} AS o WHERE o.patient = ${patient} AND o.day = e.day), 0)`;

/** Lets a person's events wait that are of an order from the given one on. Those in `event` stay there, to be removed. */
export function letWait(db: Database, patient: number, awaited: number, from: number): void {
  db.prepare<[Record<string, number>]>(
    `INSERT INTO waiting_event SELECT CAST(@awaited AS INTEGER), day, id + ${firstFree("waiting_event", "CAST(@awaited AS INTEGER)")}, ${COLUMNS}
     FROM event AS e WHERE patient = @patient AND source_order >= @from`,
  ).run({ patient, awaited, from });
}

/** Removes what waits for a person and is of a lower order than the given one. */
export function dropWaiting(db: Database, awaited: number, upTo: number): void {
  keepGone(db, "waiting_event", "patient = ? AND source_order < ?", awaited, upTo);
  db.prepare("DELETE FROM waiting_event WHERE patient = ? AND source_order < ?").run(awaited, upTo);
}

interface Waiting {
  readonly patient: number;
  readonly day: number;
  readonly id: number;
  readonly code: number;
  readonly origin: number;
  readonly key: number;
  readonly birth: number | null;
}

/**
 * Joins what waits with the people who are here, as far as it can be told: an event without a date that holds from
 * birth on gets that day. @returns how many events joined
 */
export function joinWaiting(db: Database, codes: Codes, touched: (patient: number) => void): number {
  const waiting = db
    .prepare<[], Waiting>(
      `SELECT w.patient, w.day, w.id, w.code, w.origin, p.key, p.birth_day AS birth
       FROM patient AS p CROSS JOIN awaited AS a ON a.practice_id = p.practice_id
       CROSS JOIN waiting_event AS w ON w.patient = a.key
       WHERE w.code NOT IN (SELECT code FROM awaited_code WHERE waits = 1)`,
    )
    .all();
  const put = db.prepare<[Record<string, number>]>(
    `INSERT INTO event SELECT CAST(@key AS INTEGER), CAST(@to AS INTEGER),
       coalesce((SELECT max(id) + 1 FROM event WHERE patient = @key AND day = @to), 0), ${COLUMNS}
     FROM waiting_event WHERE patient = @patient AND day = @day AND id = @id`,
  );
  const drop = db.prepare("DELETE FROM waiting_event WHERE patient = ? AND day = ? AND id = ?");
  let joined = 0;
  for (const { patient, day, id, code, origin, key, birth } of waiting) {
    const isUndated = day === NO_DAY;
    if (isUndated && !codes.stored(code, origin).holdsUndated) continue;
    put.run({ key, to: isUndated ? (birth ?? FIRST_DAY) : day, patient, day, id });
    drop.run(patient, day, id);
    touched(key);
    joined++;
  }
  if (joined > 0) db.prepare("UPDATE store SET events = events + CAST(? AS INTEGER)").run(joined);
  return joined;
}
