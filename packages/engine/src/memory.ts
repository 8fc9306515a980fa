import {
  dayNumber,
  CODE_SYSTEMS,
  ETHNIC_GROUPS,
  SEXES,
  type Codelist,
  type CodeSystem,
  MAP_STATES,
} from "@cairn/query-library";
import {
  numberClinicians,
  type PlainEvent,
  type PlainPatient,
  COMPARATORS,
  NO_END,
  UNKNOWN_DAY,
  type Columns,
  type People,
  type Postings,
  type RecordSource,
  type PatientSet,
  addTo,
  at,
  emptySet,
} from "@cairn/tables";

/** One dated event of one patient, with its day worked out. */
interface Row {
  readonly patient: number;
  readonly day: number;
  readonly event: PlainEvent;
}

/**
 * A store over plain arrays, for worked examples and tests. A patient's key is the index in `patients`.
 * An event whose date is empty is undated and never seen.
 */
export function memorySource(patients: readonly PlainPatient[]): RecordSource {
  const rows = datedRows(patients);
  const people = peopleOf(patients);
  return {
    people: () => people,
    occurrences: (list) => {
      const found = rows.filter(({ event }) => inList(list, event) || inList(list, asRecorded(event)));
      return { patient: found.map(({ patient }) => patient), day: found.map(({ day }) => day) };
    },
    postings: (list, columns) =>
      postingsOf(
        rows.filter((row) => inList(list, row.event)),
        columns,
      ),
    allEvents: () => ({
      ...postingsOf(rows, { value: true, quantity: true, clinician: true, origin: true }),
      coded: Uint8Array.from(rows, (row) => (row.event.code === "" ? 0 : 1)),
    }),
  };
}

/** Sorts events by patient, then day, then row: sorting is stable, so rows of one day keep their order. */
function datedRows(patients: readonly PlainPatient[]): Row[] {
  return patients.flatMap((person, patient) =>
    person.events
      .filter((event) => event.date !== "")
      .map((event) => ({ patient, day: dayNumber(event.date), event }))
      .sort((a, b) => a.day - b.day),
  );
}

function peopleOf(patients: readonly PlainPatient[]): People {
  const registrations = patients.map((person) =>
    person.registrations
      .map(({ start, end }) => ({ start: dayNumber(start), end: end === null ? NO_END : dayNumber(end) }))
      .sort((a, b) => a.start - b.start),
  );
  const flat = registrations.flat();
  return {
    size: patients.length,
    sex: Uint8Array.from(patients, (person) => SEXES.indexOf(person.sex)),
    birthDay: Int32Array.from(patients, (person) =>
      person.born === null ? UNKNOWN_DAY : dayNumber(person.born),
    ),
    deathDay: Int32Array.from(patients, (person) => (person.died === null ? NO_END : dayNumber(person.died))),
    deprivationFifth: Uint8Array.from(patients, (person) => person.deprivationFifth ?? 0),
    ethnicGroup: Uint8Array.from(patients, (person) => ETHNIC_GROUPS.indexOf(person.ethnicGroup)),
    leftOut: setOf(patients, (person) => person.leftOut === true),
    registrationOffset: offsets(registrations.map((each) => each.length)),
    registrationStart: Int32Array.from(flat, (each) => each.start),
    registrationEnd: Int32Array.from(flat, (each) => each.end),
  };
}

function setOf(patients: readonly PlainPatient[], is: (patient: PlainPatient) => boolean): PatientSet {
  const set = emptySet(patients.length);
  for (const [key, patient] of patients.entries()) if (is(patient)) addTo(set, key);
  return set;
}

function postingsOf(rows: readonly Row[], columns: Columns): Postings {
  const patient = [...new Set(rows.map((row) => row.patient))];
  const perPatient = new Map<number, number>();
  for (const row of rows) perPatient.set(row.patient, (perPatient.get(row.patient) ?? 0) + 1);
  const units = ["", ...new Set(rows.map((row) => row.event.unit ?? "").filter((unit) => unit !== ""))];
  const events = rows.map((row) => row.event);
  const offset = offsets(patient.map((key) => perPatient.get(key) ?? 0));
  return {
    patient: Uint32Array.from(patient),
    offset,
    day: Int32Array.from(rows, (row) => row.day),
    value: columns.value ? Float64Array.from(events, (event) => event.value ?? NaN) : null,
    comparator: columns.value
      ? Uint8Array.from(events, (event) => COMPARATORS.indexOf(event.comparator ?? ""))
      : null,
    unit: columns.value ? Uint16Array.from(events, (event) => units.indexOf(event.unit ?? "")) : null,
    units,
    quantity: columns.quantity ? Float64Array.from(events, (event) => event.quantity ?? NaN) : null,
    clinician: columns.clinician
      ? numberClinicians(
          offset,
          Int32Array.from(events, (event) => event.clinician ?? -1),
        )
      : null,
    system: columns.origin
      ? Uint8Array.from(events, (event) => CODE_SYSTEMS.indexOf(event.recordedSystem ?? event.system))
      : null,
    mapped: columns.origin
      ? Uint8Array.from(events, (event) => MAP_STATES.indexOf(event.mapped ?? "as-recorded"))
      : null,
    coded: null,
    count: null,
  };
}

function asRecorded(event: PlainEvent): Coded {
  return { system: event.recordedSystem ?? event.system, code: event.recordedCode ?? event.code };
}

type Coded = Pick<PlainEvent, "system" | "code">;

function inList(list: Codelist, event: Coded): boolean {
  return (
    event.code !== "" && namespace(event.system) === namespace(list.system) && list.codes.includes(event.code)
  );
}

/** The namespace of a code system: dm+d ids are SNOMED CT ids, so the two match as one. */
function namespace(system: CodeSystem): CodeSystem {
  return system === "dmd" ? "snomed" : system;
}

/** Start of each run of the given lengths, and the end of the last. */
function offsets(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, i) => (starts[i + 1] = at(starts, i) + length));
  return starts;
}
