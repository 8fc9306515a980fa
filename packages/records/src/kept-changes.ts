import type { Database } from "@cairn/sqlite";
import { DAY_OFFSET, DAY_SPAN } from "./places.js";

/** The events that loads after a version touched. */
export class KeptChanges {
  readonly #places = new Map<number, number[]>(); // by code
  /** Whether they are known by their days; else of some patients any event may be another. */
  readonly byDay: boolean;

  constructor(db: Database, version: number) {
    const rows = db
      .prepare<[number], [place: number, code: number]>(
        `SELECT DISTINCT patient * ${DAY_SPAN} + day + ${DAY_OFFSET}, code FROM touched
         WHERE version > CAST(? AS INTEGER)`,
      )
      .raw();
    for (const [place, code] of rows.iterate(version)) {
      const places = this.#places.get(code);
      if (places === undefined) this.#places.set(code, [place]);
      else places.push(place);
    }
    this.byDay = !this.#places.has(0);
  }

  /** Keys of the patients with a touched event of one of the codes, ascending. */
  patientsWith(codes: readonly number[]): number[] {
    return [...new Set(this.daysWith([0, ...codes]).map(([patient]) => patient))];
  }

  /** The days of patients with a touched event of one of the codes, in their order; of any code where it is null. */
  daysWith(codes: readonly number[] | null): [patient: number, day: number][] {
    const found = [...(codes ?? this.#places.keys())].flatMap((code) => this.#places.get(code) ?? []);
    return [...new Set(Float64Array.from(found).sort())].map((place) => {
      const patient = Math.floor(place / DAY_SPAN);
      return [patient, place - patient * DAY_SPAN - DAY_OFFSET];
    });
  }
}
