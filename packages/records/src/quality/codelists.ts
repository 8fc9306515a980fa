/** Whether the codes of codelists occur at all, and whether their readings can be used. */
import { conversion } from "@cairn/engine";
import type { Codelist } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import { CodeIndex } from "../code-index.js";
import { summed, type UnitCount, type Units } from "./units.js";

export interface CodelistQuality {
  readonly codelist: string; // name@version
  /** People with any event of it, at any time. */
  readonly patients: number;
  /** Quality of the readings of a list whose events carry values; null of any other. */
  readonly readings: ReadingQuality | null;
}

export interface ReadingQuality {
  readonly unit: string; // the list's own: what a number without one is taken to be in
  readonly events: number;
  readonly without_number: number;
  readonly without_unit: number;
  /** Numbers in units that cannot be converted to the list's: queries ignore them. */
  readonly ignored: readonly UnitCount[];
}

/** `units` after everything was counted: rare ones stay unnamed. By name. */
export function codelistQuality(db: Database, lists: readonly Codelist[], units: Units): CodelistQuality[] {
  const index = new CodeIndex(db);
  const size = db.prepare<[], number | null>("SELECT max(key) FROM patient").pluck().get() ?? 0;
  const patientsOf = db
    .prepare<[number], number>("SELECT DISTINCT patient FROM event INDEXED BY event_by_code WHERE code = ?")
    .pluck();
  const measuresOf = db
    .prepare<[number], [measure: number, events: number, numbers: number]>(
      "SELECT measure, count(*), count(value) FROM event INDEXED BY event_by_code WHERE code = ? GROUP BY measure",
    )
    .raw();
  const quality = lists.map((list) => {
    const keys = index.keysOf(list);
    const has = new Uint8Array(size + 1);
    for (const key of keys) for (const patient of patientsOf.iterate(key)) has[patient] = 1;
    const patients = has.reduce((sum, each) => sum + each, 0);
    const readings =
      list.unit === null
        ? null
        : readingsOf(
            keys.flatMap((key) => measuresOf.all(key)),
            list,
            units,
          );
    return { codelist: `${list.name}@${list.version}`, patients, readings };
  });
  return quality.sort((a, b) => (a.codelist < b.codelist ? -1 : 1));
}

function readingsOf(
  rows: readonly [measure: number, events: number, numbers: number][],
  list: Codelist,
  units: Units,
): ReadingQuality {
  const unit = list.unit!;
  const ignored: UnitCount[] = [];
  let [events, numbers, withoutUnit] = [0, 0, 0];
  for (const [measure, count, numbered] of rows) {
    const place = units.ofMeasure[measure]!;
    const recorded = units.names[place]!;
    events += count;
    numbers += numbered;
    if (recorded === "") withoutUnit += numbered;
    else if (numbered > 0 && conversion(recorded, unit, list.name) === null)
      ignored.push({ unit: units.shown(place), events: numbered });
  }
  return {
    unit,
    events,
    without_number: events - numbers,
    without_unit: withoutUnit,
    ignored: summed(ignored),
  };
}
