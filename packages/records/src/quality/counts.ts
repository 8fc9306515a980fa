/**
 * Counts of all events, from which the quality of the records is told. They are kept with the store, so that a load
 * counts on from what it changed: a walk over fifteen million events takes ten seconds.
 */
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Codelist, CODE_SYSTEMS, type CodeSystem, dayNumber, unitName } from "@cairn/query-library";
import type { Database, Statement } from "@cairn/sqlite";
import { CodeIndex } from "../code-index.js";
import type { EventChanges } from "../event-changes.js";
import { PatientSet } from "./patient-set.js";

/** Kinds of event that a store can tell apart, whatever tables an extract had. */
export const KINDS = ["readings", "medicines", "other"] as const;
export type Kind = (typeof KINDS)[number];

export const FIRST_DAY = dayNumber("1800-01-01"); // importers take 1800 to 2199
const DAYS = dayNumber("2199-12-31") - FIRST_DAY + 1;
export const FIRST_YEAR = 1800;
const YEARS = 400;
/** Years after FIRST_YEAR by day after FIRST_DAY. */
const YEAR_OF = new Uint16Array(DAYS);
for (let year = 1; year < YEARS; year++)
  YEAR_OF.fill(year, dayNumber(`${FIRST_YEAR + year}-01-01`) - FIRST_DAY);
const MEDICINE_SYSTEMS: readonly CodeSystem[] = ["dmd", "rxnorm", "atc"];

/** Bounds that join columns to integers below 2^53: reading one takes a third of the time of reading three. */
const MEASURES = 2 ** 18;
const ORIGINS = 2 ** 17;
const DAY_OFFSET = 2 ** 17;
const PLACE = `((day + ${DAY_OFFSET}) * ${ORIGINS} + min(origin, ${ORIGINS - 1})) * ${MEASURES} + min(measure, ${MEASURES - 1})`;

type Pairs = [at: number, count: number][];
/** As it is kept: counts by place, and sets of patients. */
interface Body {
  readonly days: Record<Kind, Pairs>;
  readonly origins: [origin: number, years: Pairs][];
  readonly measures: number[];
  readonly readings: [code: number, measures: [measure: number, events: number, numbers: number][]][];
  readonly ofList: [list: string, patients: string][];
  readonly ofUnit: [unit: string, patients: string][];
}

export class EventCounts {
  /** Events by day after FIRST_DAY. */
  readonly days: Record<Kind, Float64Array>;
  /** Events by year after FIRST_YEAR of each origin: those whose code was recorded as another one, or is in doubt. */
  readonly origins = new Map<number, Float64Array>();
  /** Events by measure. */
  readonly measures: number[] = [];
  /** Events and numbers among them by measure, of each code on a list of readings. */
  readonly readings = new Map<number, Map<number, { events: number; numbers: number }>>();
  /** Patients with any event of a list, by its name and version. */
  readonly ofList = new Map<string, PatientSet>();
  /** Patients with any event in a unit that the language does not know, by its name. */
  readonly ofUnit = new Map<string, PatientSet>();
  readonly #db: Database;
  readonly #asked: string;
  readonly #isMedicine: Uint8Array; // by code
  readonly #listsOf = new Map<number, Codelist[]>(); // by code
  readonly #isReading = new Set<number>(); // codes
  readonly #keysOf = new Map<Codelist, readonly number[]>();
  readonly #strange = new Map<number, string>(); // by measure: its unit, if the language does not know it

  private constructor(db: Database, lists: readonly Codelist[]) {
    this.#db = db;
    this.#asked = askedOf(lists);
    const index = new CodeIndex(db);
    this.#isMedicine = index.systemOf.map((place) =>
      MEDICINE_SYSTEMS.includes(CODE_SYSTEMS[place]!) ? 1 : 0,
    );
    for (const list of lists) {
      const keys = index.keysOf(list);
      this.#keysOf.set(list, keys);
      this.ofList.set(nameOf(list), new PatientSet());
      for (const key of keys) {
        this.#listsOf.set(key, [...(this.#listsOf.get(key) ?? []), list]);
        if (list.kind === "medicine") this.#isMedicine[key] = 1;
        if (list.unit !== null) this.#isReading.add(key);
      }
    }
    const measures = db.prepare<[], { key: number; unit: string }>("SELECT key, unit FROM measure").all();
    for (const { key, unit } of measures)
      if (unit !== "" && unitName(unit) === null) this.#strange.set(key, unit);
    this.days = {
      readings: new Float64Array(DAYS),
      medicines: new Float64Array(DAYS),
      other: new Float64Array(DAYS),
    };
  }

  /** Counts the events of the whole store, by a walk over them. */
  static ofAll(db: Database, lists: readonly Codelist[]): EventCounts {
    const counts = new EventCounts(db, lists);
    counts.#countAll();
    return counts;
  }

  /**
   * The counts after a load: those that were kept of the store before it, counted on by its changes; else of all events.
   * @param changes null where not all of them were noted
   */
  static after(db: Database, lists: readonly Codelist[], changes: EventChanges | null): EventCounts {
    const kept = db
      .prepare<[string], Buffer>(
        "SELECT body FROM event_counts WHERE asked = ? AND version = (SELECT version FROM store)",
      )
      .pluck()
      .get(askedOf(lists));
    if (kept === undefined || changes === null) return EventCounts.ofAll(db, lists);
    const counts = new EventCounts(db, lists);
    counts.#take(JSON.parse(inflateRawSync(kept).toString()) as Body);
    counts.#countOn(changes);
    return counts;
  }

  /** Keeps the counts for the next load. @param version of the store that they are of */
  keep(version: number): void {
    const body: Body = {
      days: {
        readings: pairs(this.days.readings),
        medicines: pairs(this.days.medicines),
        other: pairs(this.days.other),
      },
      origins: [...this.origins].map(([origin, years]) => [origin, pairs(years)]),
      measures: this.measures,
      readings: [...this.readings].map(([code, measures]) => [
        code,
        [...measures].map(([measure, { events, numbers }]) => [measure, events, numbers]),
      ]),
      ofList: [...this.ofList].map(([list, patients]) => [list, patients.toText()]),
      ofUnit: [...this.ofUnit].map(([unit, patients]) => [unit, patients.toText()]),
    };
    this.#db
      .prepare<[number, string, Buffer]>(
        "INSERT OR REPLACE INTO event_counts VALUES (1, CAST(? AS INTEGER), ?, ?)",
      )
      .run(version, this.#asked, deflateRawSync(JSON.stringify(body), { level: 1 }));
  }

  #take(body: Body): void {
    for (const kind of KINDS) for (const [day, events] of body.days[kind]) this.days[kind][day] = events;
    for (const [origin, years] of body.origins)
      for (const [year, events] of years) this.#yearsOf(origin)[year] = events;
    this.measures.push(...body.measures);
    for (const [code, measures] of body.readings)
      this.readings.set(
        code,
        new Map(measures.map(([measure, events, numbers]) => [measure, { events, numbers }])),
      );
    for (const [list, patients] of body.ofList) this.ofList.set(list, PatientSet.fromText(patients));
    for (const [unit, patients] of body.ofUnit) this.ofUnit.set(unit, PatientSet.fromText(patients));
  }

  #countAll(): void {
    const places = this.#db.prepare<[number], number>(`SELECT ${PLACE} FROM event WHERE patient = ?`).pluck();
    const codes = this.#db
      .prepare<[number], number>("SELECT code * 2 + (value IS NOT NULL) FROM event WHERE patient = ?")
      .pluck();
    const people = this.#db.prepare<[], number>("SELECT key FROM patient ORDER BY key").pluck().all();
    const [lastOfCode, lastOfMeasure]: [number[], number[]] = [[], []]; // patients: each is added once
    for (const patient of people) {
      const coded = codes.all(patient);
      places.all(patient).forEach((place, i) => {
        const upper = Math.floor(place / MEASURES);
        const day = Math.floor(upper / ORIGINS) - DAY_OFFSET;
        const [code, measure] = [coded[i]! >> 1, place - upper * MEASURES];
        this.#count(day, code, upper - (day + DAY_OFFSET) * ORIGINS, measure, coded[i]! & 1, 1);
        if (lastOfCode[code] !== patient)
          for (const list of this.#listsOf.get(code) ?? []) this.ofList.get(nameOf(list))!.add(patient);
        if (lastOfMeasure[measure] !== patient) this.#setOf(measure)?.add(patient);
        lastOfCode[code] = lastOfMeasure[measure] = patient;
      });
    }
  }

  #countOn(changes: EventChanges): void {
    const codes = new Nets();
    const measures = new Nets();
    for (const [patient, day, code, origin, measure, hasValue, by] of changes.rows()) {
      this.#count(day, code, Math.min(origin, ORIGINS - 1), Math.min(measure, MEASURES - 1), hasValue, by);
      if (this.#listsOf.has(code)) codes.add(patient, code, by);
      if (this.#strange.has(measure)) measures.add(patient, measure, by);
    }
    const finder = new Finder(this.#db);
    for (const [patient, code, net] of codes.all())
      for (const list of this.#listsOf.get(code)!) {
        const keys = net > 0 ? [] : [code, ...this.#keysOf.get(list)!];
        this.ofList.get(nameOf(list))!.put(patient, net > 0 || finder.hasCode(patient, keys));
      }
    for (const [patient, measure, net] of measures.all()) {
      const unit = this.#strange.get(measure)!;
      const same = [...this.#strange].filter(([, each]) => each === unit).map(([key]) => key);
      this.#setOf(measure)!.put(patient, net > 0 || finder.hasMeasure(patient, same));
    }
  }

  #count(day: number, code: number, origin: number, measure: number, hasValue: number, by: number): void {
    const kind = this.#isMedicine[code] === 1 ? "medicines" : hasValue === 1 ? "readings" : "other";
    this.days[kind][day - FIRST_DAY]! += by;
    while (this.measures.length <= measure) this.measures.push(0);
    this.measures[measure]! += by;
    if (origin !== 0) this.#yearsOf(origin)[YEAR_OF[day - FIRST_DAY]!]! += by;
    if (!this.#isReading.has(code)) return;
    const measures = madeIn(
      this.readings,
      code,
      () => new Map<number, { events: number; numbers: number }>(),
    );
    const reading = madeIn(measures, measure, () => ({ events: 0, numbers: 0 }));
    reading.events += by;
    reading.numbers += hasValue * by;
  }

  #yearsOf(origin: number): Float64Array {
    return madeIn(this.origins, origin, () => new Float64Array(YEARS));
  }

  /** The patients of a measure's unit; undefined for one that the language knows. */
  #setOf(measure: number): PatientSet | undefined {
    const unit = this.#strange.get(measure);
    return unit === undefined ? undefined : madeIn(this.ofUnit, unit, () => new PatientSet());
  }
}

/** How many more rows of a patient there are of a code, or a measure. */
class Nets {
  readonly #nets = new Map<number, Map<number, number>>();

  add(patient: number, key: number, by: number): void {
    const ofPatient = madeIn(this.#nets, patient, () => new Map<number, number>());
    ofPatient.set(key, (ofPatient.get(key) ?? 0) + by);
  }

  *all(): Generator<[patient: number, key: number, net: number]> {
    for (const [patient, nets] of this.#nets) for (const [key, net] of nets) yield [patient, key, net];
  }
}

/** Finds whether a patient has any event of some codes or measures. */
class Finder {
  readonly #any: Statement<[number]>;
  readonly #code: Statement<[number, number]>;
  readonly #measure: Statement<[number, number]>;

  constructor(db: Database) {
    this.#any = db.prepare("SELECT 1 FROM event WHERE patient = ? LIMIT 1");
    this.#code = db.prepare(
      "SELECT 1 FROM event INDEXED BY event_by_code WHERE code = ? AND patient = ? LIMIT 1",
    );
    this.#measure = db.prepare("SELECT 1 FROM event WHERE patient = ? AND measure = ? LIMIT 1");
  }

  hasCode(patient: number, codes: readonly number[]): boolean {
    if (this.#any.get(patient) === undefined) return false;
    return codes.some((code) => this.#code.get(code, patient) !== undefined);
  }

  hasMeasure(patient: number, measures: readonly number[]): boolean {
    return measures.some((measure) => this.#measure.get(patient, measure) !== undefined);
  }
}

export function nameOf({ name, version }: Codelist): string {
  return `${name}@${version}`;
}

function askedOf(lists: readonly Codelist[]): string {
  const asked = lists.map(({ name, version, system, kind, unit, codes }) =>
    JSON.stringify([name, version, system, kind, unit, codes]),
  );
  return createHash("sha256").update(asked.sort().join("\n")).digest("hex");
}

function pairs(counts: Float64Array): Pairs {
  const found: Pairs = [];
  counts.forEach((count, at) => {
    if (count !== 0) found.push([at, count]);
  });
  return found;
}

function madeIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = make()));
  return found;
}
