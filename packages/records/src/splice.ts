/** Updates postings for the patients whose events changed; the others' are copied as they are. */
import type { Postings } from "@cairn/tables";

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
const OF_EVENTS = [
  "day",
  "value",
  "comparator",
  "unit",
  "quantity",
  "clinician",
  "system",
  "mapped",
  "coded",
  "count",
] as const satisfies (keyof Postings)[];

/** Where events may be others: on one day of a patient, or on any (null). */
type Place = readonly [patient: number, day: number | null];

/** Events `from` up to `to` of the old or the fresh postings. */
interface Piece {
  readonly of: Postings;
  readonly from: number;
  readonly to: number;
}

/**
 * Splices `fresh` into `old` at places that changed: `fresh` is all that the store holds there now. `changed` is in the
 * order of patients and days. Null where the two do not go together: other columns, or units that the store numbers
 * otherwise.
 */
export function splice(old: Postings, fresh: Postings, changed: readonly Place[]): Postings | null {
  if (old.units.some((unit, i) => fresh.units[i] !== unit)) return null;
  if (OF_EVENTS.some((name) => (old[name] === null) !== (fresh[name] === null))) return null;
  const spliced = new Pieces();
  let [from, next] = [0, 0];
  while (next < changed.length) {
    const patient = changed[next]![0];
    const at = firstFrom(old.patient, patient, from, old.patient.length);
    spliced.addPatients(old, from, at);
    from = old.patient[at] === patient ? at + 1 : at;
    const before = next;
    while (next < changed.length && changed[next]![0] === patient) next++;
    spliced.addPatient(
      patient,
      changed.slice(before, next).map(([, day]) => day),
      { of: old, ...eventsOf(old, at, patient) },
      { of: fresh, ...eventsOf(fresh, firstFrom(fresh.patient, patient, 0, fresh.patient.length), patient) },
    );
  }
  spliced.addPatients(old, from, old.patient.length);
  return { ...spliced.joined(old), units: fresh.units };
}

/** Runs of events, one behind the other, and whose they are. */
class Pieces {
  readonly #pieces: Piece[] = [];
  readonly #patient: number[] = [];
  readonly #offset: number[] = [];
  #events = 0;

  /** Adds patients `from` up to `to`, by their place. */
  addPatients(of: Postings, from: number, to: number): void {
    const shift = this.#events - of.offset[from]!;
    for (let i = from; i < to; i++) {
      this.#patient.push(of.patient[i]!);
      this.#offset.push(of.offset[i]! + shift);
    }
    this.#add({ of, from: of.offset[from]!, to: of.offset[to]! });
  }

  /** Adds a patient's fresh events of some days, and the old ones of the others. */
  addPatient(patient: number, days: readonly (number | null)[], old: Piece, fresh: Piece): void {
    const before = this.#events;
    if (days[0] === null) this.#add(fresh);
    else {
      let [at, now] = [old.from, fresh.from];
      for (const day of days as readonly number[]) {
        const first = firstFrom(old.of.day, day, at, old.to);
        this.#add({ of: old.of, from: at, to: first });
        at = firstFrom(old.of.day, day + 1, first, old.to);
        const end = firstFrom(fresh.of.day, day + 1, now, fresh.to);
        this.#add({ of: fresh.of, from: now, to: end });
        now = end;
      }
      this.#add({ of: old.of, from: at, to: old.to });
    }
    if (this.#events === before) return;
    this.#patient.push(patient);
    this.#offset.push(before);
  }

  #add(piece: Piece): void {
    if (piece.from === piece.to) return;
    this.#pieces.push(piece);
    this.#events += piece.to - piece.from;
  }

  /** The postings of all pieces. @param like has the same columns */
  joined(like: Postings): Postings {
    const columns = OF_EVENTS.map((name) => [name, this.#column(like[name], name)]);
    return {
      ...(Object.fromEntries(columns) as Postings),
      patient: Uint32Array.from(this.#patient),
      offset: Uint32Array.from([...this.#offset, this.#events]),
    };
  }

  #column(like: Numbers | null, name: (typeof OF_EVENTS)[number]): Numbers | null {
    if (like === null) return null;
    const column = new (like.constructor as new (length: number) => Numbers)(this.#events);
    let at = 0;
    for (const { of, from, to } of this.#pieces) {
      const part = (of[name] as Numbers).subarray(from, to);
      column.set(part, at);
      at += part.length;
    }
    return column;
  }
}

/** From where up to where the events of the patient stand, who is at this place or not there. */
function eventsOf({ patient, offset }: Postings, at: number, key: number): { from: number; to: number } {
  return patient[at] === key ? { from: offset[at]!, to: offset[at + 1]! } : { from: 0, to: 0 };
}

/** The first place from `low` up to `high` whose number is not below the key; `high` where there is none. */
function firstFrom(numbers: Uint32Array | Int32Array, key: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
