/** Whether the codes of codelists occur at all, and whether their readings can be used. */
import { conversion } from "@cairn/engine";
import type { Codelist } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import { CodeIndex } from "../code-index.js";
import { type EventCounts, nameOf } from "./counts.js";
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

/** By name. */
export function codelistQuality(
  db: Database,
  lists: readonly Codelist[],
  counts: EventCounts,
  units: Units,
): CodelistQuality[] {
  const index = new CodeIndex(db);
  const quality = lists.map((list) => ({
    codelist: nameOf(list),
    patients: counts.ofList.get(nameOf(list))!.size,
    readings: list.unit === null ? null : readingsOf(rowsOf(index.keysOf(list), counts), list, units),
  }));
  return quality.sort((a, b) => (a.codelist < b.codelist ? -1 : 1));
}

type Row = [measure: number, events: number, numbers: number];

/** The counts of a list's codes by measure, in the store's order of measures: not in that in which they were counted. */
function rowsOf(keys: readonly number[], { readings }: EventCounts): Row[] {
  const rows = keys.flatMap((key) =>
    [...(readings.get(key) ?? [])].map(([measure, { events, numbers }]): Row => [measure, events, numbers]),
  );
  return rows.sort(([a], [b]) => a - b);
}

function readingsOf(rows: readonly Row[], list: Codelist, units: Units): ReadingQuality {
  const unit = list.unit!;
  const ignored: UnitCount[] = [];
  let [events, numbers, withoutUnit] = [0, 0, 0];
  for (const [measure, count, numbered] of rows) {
    const place = units.placeOf(measure);
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
