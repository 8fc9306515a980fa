/** An invented practice as an engine's source, with the postings of every codelist in memory. */
import { isoDate, SEXES, type Codelist } from "@cairn/query-library";
import {
  COMPARATORS,
  NO_END,
  numberClinicians,
  type People,
  type PlainPatient,
  type Postings,
  type RecordSource,
} from "@cairn/tables";
import { invent, type InventedEvent, type InventedPerson } from "./habits.js";

interface Practice {
  readonly patients: number;
  readonly events: number; // those of the codelists; others are never read
  readonly source: RecordSource;
  /** The first of its patients as plain data, for an engine that reads one patient at a time. */
  readonly plain: (count: number, codelists: ReadonlyMap<string, Codelist>) => PlainPatient[];
}

/** Patients 0 to `patients` - 1 of the practice of this seed, in memory. */
export function practice(patients: number, seed: number): Practice {
  const columns = new Map<string, Column>();
  const everyone: InventedPerson[] = [];
  let events = 0;
  for (let key = 0; key < patients; key++) {
    const person = invent(seed, key);
    for (const event of person.events) {
      let column = columns.get(event.list);
      if (column === undefined) columns.set(event.list, (column = new Column()));
      column.add(key, event);
      events++;
    }
    everyone.push({ ...person, events: [] });
  }
  const people = peopleOf(everyone);
  const postings = new Map([...columns].map(([list, column]) => [list, column.postings()]));
  const none = new Column().postings();
  return {
    patients,
    events,
    source: {
      people: () => people,
      occurrences: () => ({ patient: [], day: [] }), // nobody in it opted out
      postings: (list) => postings.get(list.name) ?? none,
      allEvents: () => {
        throw new Error("the bench asks for no events without a list");
      },
    },
    plain: (count, codelists) =>
      Array.from({ length: count }, (_, key) => plainPatient(key, invent(seed, key), codelists)),
  };
}

function peopleOf(everyone: readonly InventedPerson[]): People {
  const registrations = everyone.flatMap((person) => person.registrations);
  const registrationOffset = new Uint32Array(everyone.length + 1);
  everyone.forEach((person, key) => {
    registrationOffset[key + 1] = registrationOffset[key]! + person.registrations.length;
  });
  return {
    size: everyone.length,
    sex: Uint8Array.from(everyone, (person) => person.sex),
    birthDay: Int32Array.from(everyone, (person) => person.birthDay),
    deathDay: Int32Array.from(everyone, (person) => person.deathDay ?? NO_END),
    deprivationFifth: Uint8Array.from(everyone, (person) => person.deprivationFifth),
    ethnicGroup: new Uint8Array(everyone.length),
    registrationOffset,
    registrationStart: Int32Array.from(registrations, (each) => each.start),
    registrationEnd: Int32Array.from(registrations, (each) => each.end ?? NO_END),
  };
}

const UNITS = ["", "mmHg", "mmol/mol", "%", "mmol/L", "umol/L", "mL/min/1.73m2", "mg/mmol", "kg/m2"];

/** The events of one list while they are gathered; each array doubles as it fills. */
class Column {
  #length = 0;
  readonly #patient: number[] = [];
  readonly #offset: number[] = [];
  #day = new Int32Array(1024);
  #value = new Float64Array(1024);
  #comparator = new Uint8Array(1024);
  #unit = new Uint16Array(1024);
  #clinician = new Int32Array(1024);

  add(patient: number, event: InventedEvent): void {
    if (this.#length === this.#day.length) this.#resize(this.#length * 2);
    const i = this.#length++;
    if (this.#patient.at(-1) !== patient) {
      this.#patient.push(patient);
      this.#offset.push(i);
    }
    this.#day[i] = event.day;
    this.#value[i] = event.value;
    this.#comparator[i] = event.comparator;
    this.#unit[i] = UNITS.indexOf(event.unit);
    this.#clinician[i] = event.clinician;
  }

  postings(): Postings {
    this.#resize(this.#length);
    const offset = Uint32Array.from([...this.#offset, this.#length]);
    return {
      patient: Uint32Array.from(this.#patient),
      offset,
      day: this.#day,
      value: this.#value,
      comparator: this.#comparator,
      unit: this.#unit,
      units: UNITS,
      quantity: null,
      clinician: numberClinicians(offset, this.#clinician),
      system: null,
      mapped: null,
      coded: null,
      count: null,
    };
  }

  #resize(length: number): void {
    this.#day = resized(this.#day, new Int32Array(length));
    this.#value = resized(this.#value, new Float64Array(length));
    this.#comparator = resized(this.#comparator, new Uint8Array(length));
    this.#unit = resized(this.#unit, new Uint16Array(length));
    this.#clinician = resized(this.#clinician, new Int32Array(length));
  }
}

function resized<T extends Int32Array | Float64Array | Uint8Array | Uint16Array>(from: T, to: T): T {
  to.set(from.subarray(0, to.length));
  return to;
}

function plainPatient(
  key: number,
  person: InventedPerson,
  codelists: ReadonlyMap<string, Codelist>,
): PlainPatient {
  return {
    id: String(key),
    born: isoDate(person.birthDay),
    died: person.deathDay === null ? null : isoDate(person.deathDay),
    sex: SEXES[person.sex]!,
    deprivationFifth: person.deprivationFifth,
    ethnicGroup: "white",
    registrations: person.registrations.map(({ start, end }) => ({
      start: isoDate(start),
      end: end === null ? null : isoDate(end),
    })),
    events: person.events.map(({ list, day, value, unit, comparator, clinician }) => {
      const codelist = codelists.get(list)!;
      return {
        date: isoDate(day),
        system: codelist.system,
        code: codelist.codes[day % codelist.codes.length]!,
        ...(value === value ? { value } : {}),
        ...(unit === "" ? {} : { unit }),
        ...(comparator === 0 ? {} : { comparator: COMPARATORS[comparator] as "<" }),
        ...(clinician < 0 ? {} : { clinician }),
      };
    }),
  };
}
