/** Names of units as recorded, safe to show: a unit is free text in an export, and could name a person. */
import { unitName } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import type { EventCounts } from "./counts.js";

/** Number of people from which on a unit that the language does not know is named. */
const NAMED_FROM = 10;
const RARE = "(units of fewer than 10 people)";

export interface UnitCount {
  readonly unit: string; // "" for none
  readonly events: number;
}

/** The store's units by measure key, and the name under which each may be shown. */
export class Units {
  readonly names: readonly string[];
  readonly #ofMeasure: Uint32Array;
  readonly #events: Float64Array; // by unit
  readonly #counts: EventCounts;

  constructor(db: Database, counts: EventCounts) {
    const rows = db.prepare<[], { key: number; unit: string }>("SELECT key, unit FROM measure").all();
    this.names = [...new Set(["", ...rows.map(({ unit }) => unit)])];
    const place = new Map(this.names.map((name, i) => [name, i]));
    this.#ofMeasure = new Uint32Array(rows.reduce((last, { key }) => Math.max(last, key), 0) + 1);
    for (const { key, unit } of rows) this.#ofMeasure[key] = place.get(unit)!;
    this.#counts = counts;
    this.#events = new Float64Array(this.names.length);
    counts.measures.forEach((events, measure) => (this.#events[this.placeOf(measure)]! += events));
  }

  /** The place of a measure's unit among the names. */
  placeOf(measure: number): number {
    return this.#ofMeasure[Math.min(measure, this.#ofMeasure.length - 1)]!;
  }

  /** The name of the unit that may be shown. */
  shown(unit: number): string {
    const name = this.names[unit]!;
    const common = name === "" || unitName(name) !== null || this.#patients(name) >= NAMED_FROM;
    return common ? name : RARE;
  }

  #patients(unit: string): number {
    return this.#counts.ofUnit.get(unit)?.size ?? 0;
  }

  /**
   * Counts by unit, the commonest first; units that may not be named count together, events without a unit not at
   * all.
   */
  all(): UnitCount[] {
    return summed(this.names.map((_, i) => ({ unit: this.shown(i), events: this.#events[i]! }))).filter(
      ({ unit, events }) => unit !== "" && events > 0,
    );
  }
}

/** Sums counts of one name, the commonest first. */
export function summed(counts: readonly UnitCount[]): UnitCount[] {
  const sums = new Map<string, number>();
  for (const { unit, events } of counts) sums.set(unit, (sums.get(unit) ?? 0) + events);
  return [...sums].map(([unit, events]) => ({ unit, events })).sort((a, b) => b.events - a.events);
}
