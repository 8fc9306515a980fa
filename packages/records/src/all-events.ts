/**
 * Every dated event, for queries that count events without a list: counts by everything that such a query can tell
 * apart.
 */
import { MAP_STATES } from "@cairn/query-library";
import type { Postings } from "@cairn/tables";
import type { Database } from "@cairn/sqlite";
import type { PostingsReader } from "./cache.js";
import type { CodeIndex } from "./code-index.js";
import { DAY_OFFSET, DAY_SPAN, fillPlaces } from "./places.js";
import { splice } from "./splice.js";
import type { KeptChanges } from "./kept-changes.js";

/**
 * Number of patients' keys read at a time: some hundred thousand events, and no more than fit one number with the
 * rest.
 */
const KEYS = 512;
/**
 * Bound on sources: a code as recorded, or an origin after all codes. An event's system, map state and code follow
 * from it.
 */
const MOST_SOURCES = 2 ** 26;
/** Bound on kinds: system, map state and whether there is a code, as one number. */
const MOST_KINDS = 2 ** 9;

const kindOf = (system: number, mapped: number, coded: number): number =>
  (system * MAP_STATES.length + mapped) * 2 + coded;

/** Reads the events of all patients. */
export class EventReader implements PostingsReader {
  readonly #db: Database;
  readonly #index: CodeIndex;

  constructor(db: Database, index: CodeIndex) {
    this.#db = db;
    this.#index = index;
  }

  all(): Postings {
    return this.#read("event");
  }

  updated(kept: Postings, touched: KeptChanges): Postings | null {
    if (!touched.byDay) return null;
    const days = touched.daysWith(null);
    fillPlaces(this.#db, days);
    return splice(kept, this.#read("of_day AS d CROSS JOIN event USING (patient, day)"), days);
  }

  /** @param from SQL for the events */
  #read(from: string): Postings {
    const read = reader(this.#db, this.#index, from);
    const kinds = kindsOf(this.#index);
    const last = this.#db.prepare<[], number | null>("SELECT max(key) FROM patient").pluck().get() ?? -1;
    const entries = new Entries();
    for (let first = 0; first <= last; first += KEYS) {
      const events = Float64Array.from(read(first));
      for (let i = 0; i < events.length; i++) {
        const place = Math.floor(events[i]! / MOST_SOURCES);
        events[i] = place * MOST_KINDS + kinds[events[i]! - place * MOST_SOURCES]!;
      }
      entries.add(first, events.sort()); // those of one day that are alike stand together
    }
    return { ...NO_COLUMNS, ...entries.done(), units: this.#index.units };
  }
}

/**
 * A reader of the events of the next patients after key `first`: patient after it, day and source in one number each.
 */
function reader(db: Database, index: CodeIndex, from: string): (first: number) => number[] {
  const place = `(patient - CAST(@first AS INTEGER)) * ${DAY_SPAN} + day + ${DAY_OFFSET}`;
  const source = `iif(origin = 0, code, origin + ${index.systemOf.length})`;
  const read = db
    .prepare<[Record<string, number>], number>(
      `SELECT (${place}) * ${MOST_SOURCES} + ${source} FROM ${from}
       WHERE patient BETWEEN CAST(@first AS INTEGER) AND CAST(@first AS INTEGER) + CAST(@more AS INTEGER)`,
    )
    .pluck();
  return (first) => read.all({ first, more: KEYS - 1 });
}

/** The kind of an event by its source. */
function kindsOf(index: CodeIndex): Uint16Array {
  const codes = index.systemOf.length;
  return Uint16Array.from({ length: codes + index.originState.length }, (_, source) => {
    const origin = source - codes;
    return origin < 0
      ? kindOf(index.systemOf[source]!, 0, index.coded[source]!)
      : kindOf(index.originSystem[origin]!, index.originState[origin]!, index.originCoded[origin]!);
  });
}

const NO_COLUMNS = { value: null, comparator: null, unit: null, quantity: null, clinician: null } as const;

/** The entries of some patients, one for each day and kind. */
interface Part {
  readonly day: Int32Array;
  readonly system: Uint8Array;
  readonly mapped: Uint8Array;
  readonly coded: Uint8Array;
  readonly count: Uint32Array;
}

/** Entries in the order of postings, gathered part by part. */
class Entries {
  readonly #patient: number[] = [];
  readonly #offset: number[] = [];
  readonly #parts: Part[] = [];
  #length = 0;

  /** Adds the events of the patients from a key on, sorted: place and kind in one number each. */
  add(first: number, events: Float64Array): void {
    const length = events.reduce((sum, event, i) => (event === events[i - 1] ? sum : sum + 1), 0);
    const part: Part = {
      day: new Int32Array(length),
      system: new Uint8Array(length),
      mapped: new Uint8Array(length),
      coded: new Uint8Array(length),
      count: new Uint32Array(length),
    };
    let at = -1;
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      if (event !== events[i - 1]) this.#begin(part, ++at, first, event);
      part.count[at]!++;
    }
    this.#parts.push(part);
    this.#length += length;
  }

  #begin(part: Part, at: number, first: number, event: number): void {
    const place = Math.floor(event / MOST_KINDS);
    const kind = event - place * MOST_KINDS;
    const key = Math.floor(place / DAY_SPAN);
    if (this.#patient.at(-1) !== first + key) {
      this.#patient.push(first + key);
      this.#offset.push(this.#length + at);
    }
    part.day[at] = place - key * DAY_SPAN - DAY_OFFSET;
    part.coded[at] = kind & 1;
    part.mapped[at] = (kind >> 1) % MAP_STATES.length;
    part.system[at] = Math.floor((kind >> 1) / MAP_STATES.length);
  }

  done(): Part & Pick<Postings, "patient" | "offset"> {
    const joined = <C extends Part[keyof Part]>(whole: C, column: (part: Part) => C): C => {
      let at = 0;
      for (const part of this.#parts) {
        whole.set(column(part), at);
        at += column(part).length;
      }
      return whole;
    };
    return {
      patient: Uint32Array.from(this.#patient),
      offset: Uint32Array.from([...this.#offset, this.#length]),
      day: joined(new Int32Array(this.#length), ({ day }) => day),
      system: joined(new Uint8Array(this.#length), ({ system }) => system),
      mapped: joined(new Uint8Array(this.#length), ({ mapped }) => mapped),
      coded: joined(new Uint8Array(this.#length), ({ coded }) => coded),
      count: joined(new Uint32Array(this.#length), ({ count }) => count),
    };
  }
}
