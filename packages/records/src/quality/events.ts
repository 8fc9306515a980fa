/** One walk over all events, patient by patient: the map states of codes in each year, and impossible dates. */
import { civilDate, CODE_SYSTEMS, type CodeSystem, dayNumber, MAP_STATES } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import { CodeIndex } from "../code-index.js";
import type { Units } from "./units.js";

/** Events of one year whose code was recorded in a system that has a map. */
export interface CodeYear {
  readonly system: CodeSystem; // as recorded
  readonly year: number;
  readonly mapped: number;
  readonly unmapped: number;
  readonly ambiguous: number;
}

export interface EventQuality {
  readonly events: number;
  readonly without_code: number;
  readonly in_future: number;
  readonly before_birth: number;
  readonly years: readonly { readonly year: number; readonly events: number }[];
  readonly codes: readonly CodeYear[];
}

/**
 * Bound on measures, to join day, origin and measure to one integer below 2^53: reading it takes a third of the time
 * of three columns.
 */
const MEASURES = 2 ** 18;
const ORIGINS = 2 ** 17;
const DAY_OFFSET = 2 ** 17;
const PACKED = `((day + ${DAY_OFFSET}) * ${ORIGINS} + min(origin, ${ORIGINS - 1})) * ${MEASURES} + min(measure, ${MEASURES - 1})`;

const FIRST_YEAR = 1800; // importers take 1800 to 2199
const YEARS = 400;

interface Born {
  readonly key: number;
  readonly birth_day: number | null;
  readonly birth_precision: "day" | "month" | "year" | null;
}

/** `today`: the day number after which a date lies in the future. Units are counted on the way. */
export function eventQuality(db: Database, today: number, units: Units): EventQuality {
  const index = new CodeIndex(db);
  const people = db
    .prepare<[], Born>("SELECT key, birth_day, birth_precision FROM patient ORDER BY key")
    .all();
  const read = db.prepare<[number], number>(`SELECT ${PACKED} FROM event WHERE patient = ?`).pluck();
  const yearOf = yearTable();
  const byYear = new Float64Array(YEARS);
  const byOrigin = new Map<number, Float64Array>();
  const lastMeasure = units.ofMeasure.length - 1;
  let [events, inFuture, beforeBirth] = [0, 0, 0];
  for (const { key, birth_day, birth_precision } of people) {
    const earliest = birth_day === null ? -Infinity : earliestBirth(birth_day, birth_precision);
    for (const packed of read.all(key)) {
      const upper = Math.floor(packed / MEASURES);
      const day = Math.floor(upper / ORIGINS) - DAY_OFFSET;
      const origin = upper - (day + DAY_OFFSET) * ORIGINS;
      const year = yearOf(day);
      events++;
      byYear[year]!++;
      if (day > today) inFuture++;
      if (day < earliest) beforeBirth++;
      units.count(Math.min(packed - upper * MEASURES, lastMeasure), key);
      if (origin === 0) continue;
      let years = byOrigin.get(origin);
      if (years === undefined) byOrigin.set(origin, (years = new Float64Array(YEARS)));
      years[year]!++;
    }
  }
  return {
    events,
    without_code: withoutCode(db),
    in_future: inFuture,
    before_birth: beforeBirth,
    years: [...byYear]
      .map((count, i) => ({ year: FIRST_YEAR + i, events: count }))
      .filter((each) => each.events > 0),
    codes: codeYears(byOrigin, index),
  };
}

/** The first day that a birth can have been: where only a month or year is held, that month's or year's first. */
function earliestBirth(day: number, precision: Born["birth_precision"]): number {
  return precision === "year" ? dayNumber(`${civilDate(day).year}-01-01`) : day;
}

/** A table of years from FIRST_YEAR on, looked up by day. */
function yearTable(): (day: number) => number {
  const first = dayNumber(`${FIRST_YEAR}-01-01`);
  const table = new Uint16Array(dayNumber(`${FIRST_YEAR + YEARS - 1}-12-31`) - first + 1);
  for (let year = 0, at = 0; year < YEARS; year++) {
    const end = year + 1 < YEARS ? dayNumber(`${FIRST_YEAR + year + 1}-01-01`) - first : table.length;
    table.fill(year, at, end);
    at = end;
  }
  return (day) => table[day - first]!;
}

function withoutCode(db: Database): number {
  const count = db.prepare<[], number>(
    "SELECT count(*) FROM event INDEXED BY event_by_code WHERE code IN (SELECT key FROM code WHERE code = '')",
  );
  return count.pluck().get()!;
}

function codeYears(byOrigin: ReadonlyMap<number, Float64Array>, index: CodeIndex): CodeYear[] {
  const sums = new Map<string, { -readonly [K in keyof CodeYear]: CodeYear[K] }>();
  for (const [origin, years] of byOrigin) {
    const system = CODE_SYSTEMS[index.originSystem[origin] ?? 0]!;
    const state = MAP_STATES[index.originState[origin] ?? 0]!;
    if (state === "as-recorded") continue;
    years.forEach((count, i) => {
      if (count === 0) return;
      const year = FIRST_YEAR + i;
      const sum = sums.get(`${system} ${year}`) ?? { system, year, mapped: 0, unmapped: 0, ambiguous: 0 };
      sum[state] += count;
      sums.set(`${system} ${year}`, sum);
    });
  }
  return [...sums.values()].sort((a, b) => a.year - b.year || a.system.localeCompare(b.system));
}
