/** The map states of codes in each year, and impossible dates. */
import { civilDate, CODE_SYSTEMS, type CodeSystem, dayNumber, MAP_STATES } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import { CodeIndex } from "../code-index.js";
import { type EventCounts, FIRST_DAY, FIRST_YEAR, KINDS } from "./counts.js";

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

interface Born {
  readonly key: number;
  readonly birth_day: number;
  readonly birth_precision: "day" | "month" | "year" | null;
}

/** `today`: the day number after which a date lies in the future. */
export function eventQuality(db: Database, today: number, counts: EventCounts): EventQuality {
  const years = new Map<number, number>();
  let [events, inFuture] = [0, 0];
  for (const kind of KINDS)
    counts.days[kind].forEach((count, i) => {
      if (count === 0) return;
      const { year } = civilDate(FIRST_DAY + i);
      years.set(year, (years.get(year) ?? 0) + count);
      events += count;
      if (FIRST_DAY + i > today) inFuture += count;
    });
  return {
    events,
    without_code: withoutCode(db),
    in_future: inFuture,
    before_birth: beforeBirth(db),
    years: [...years].map(([year, count]) => ({ year, events: count })).sort((a, b) => a.year - b.year),
    codes: codeYears(counts.origins, new CodeIndex(db)),
  };
}

function beforeBirth(db: Database): number {
  const people = db.prepare<[], Born>(
    "SELECT key, birth_day, birth_precision FROM patient WHERE birth_day IS NOT NULL",
  );
  const before = db
    .prepare<[number, number], number>("SELECT count(*) FROM event WHERE patient = ? AND day < ?")
    .pluck();
  return people
    .all()
    .reduce(
      (sum, born) => sum + before.get(born.key, earliestBirth(born.birth_day, born.birth_precision))!,
      0,
    );
}

/** The first day that a birth can have been: where only a month or year is held, that month's or year's first. */
function earliestBirth(day: number, precision: Born["birth_precision"]): number {
  return precision === "year" ? dayNumber(`${civilDate(day).year}-01-01`) : day;
}

function withoutCode(db: Database): number {
  const count = db.prepare<[], number>(
    "SELECT count(*) FROM event INDEXED BY event_by_code WHERE code IN (SELECT key FROM code WHERE code = '')",
  );
  return count.pluck().get()!;
}

function codeYears(byOrigin: EventCounts["origins"], index: CodeIndex): CodeYear[] {
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
