/** Every dated event, for queries that count events without a list. */
import type { Postings } from "@cairn/engine";
import type { Database } from "@cairn/sqlite";
import type { CodeIndex } from "./code-index.js";
import { recordedSystem } from "./postings.js";

type Row = [patient: number, day: number, code: number, origin: number];

/** Columns beside the day are the origin's only: no form reads values of all events. */
export function readAllEvents(db: Database, index: CodeIndex): Postings & { readonly coded: Uint8Array } {
  const count = db.prepare<[], number>("SELECT events FROM store").pluck().get()!;
  const day = new Int32Array(count);
  const system = new Uint8Array(count);
  const mapped = new Uint8Array(count);
  const coded = new Uint8Array(count);
  const patient: number[] = [];
  const offset: number[] = [];
  const rows = db
    .prepare<[], Row>("SELECT patient, day, code, origin FROM event ORDER BY patient, day, id")
    .raw();
  let i = 0;
  for (const row of rows.iterate()) {
    const [key, dayNumber, code, origin] = row;
    if (patient[patient.length - 1] !== key) {
      patient.push(key);
      offset.push(i);
    }
    day[i] = dayNumber;
    system[i] = recordedSystem(index, origin, code);
    mapped[i] = index.originState[origin]!;
    coded[i++] = index.coded[code]!;
  }
  offset.push(i);
  return {
    patient: Uint32Array.from(patient),
    offset: Uint32Array.from(offset),
    day,
    value: null,
    comparator: null,
    unit: null,
    units: index.units,
    quantity: null,
    clinician: null,
    system,
    mapped,
    coded,
  };
}
