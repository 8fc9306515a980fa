/**
 * The quality of the records, as statistics: nothing in here is about one person. It describes the whole store as a
 * load leaves it, and is kept with the load.
 */
import { type Codelist, isoDate } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import type { RowCounts } from "../write-events.js";
import { type CodelistQuality, codelistQuality } from "./codelists.js";
import type { EventCounts } from "./counts.js";
import { type EventQuality, eventQuality } from "./events.js";
import { type PeopleQuality, peopleQuality } from "./people.js";
import { type Reach, reachOf } from "./reach.js";
import { type UnitCount, Units } from "./units.js";

export interface Quality {
  /** The day of the load (YYYY-MM-DD); later dates lie in the future. */
  readonly day: string;
  /** Counts of the load's rows of events, by what was done with them. */
  readonly load: RowCounts;
  readonly people: PeopleQuality;
  readonly events: EventQuality;
  /** How far the records reach. MissingPeople in measurements of an earlier version. */
  readonly reach?: Reach;
  readonly units: readonly UnitCount[];
  /** Quality of the codelists that the library's queries use. */
  readonly codelists: readonly CodelistQuality[];
}

/** Quality as this version measures it. */
export type MeasuredQuality = Quality & { readonly reach: Reach };

export interface QualityQuestion {
  readonly today: number; // day number
  readonly codelists: readonly Codelist[];
}

/** Tells the quality of the store. @param counts of its events, for the same codelists */
export function qualityOf(
  db: Database,
  counts: EventCounts,
  { today, codelists }: QualityQuestion,
  load: RowCounts,
): MeasuredQuality {
  const units = new Units(db, counts);
  return {
    day: isoDate(today),
    load,
    people: peopleQuality(db, today),
    events: eventQuality(db, today, counts),
    reach: reachOf(counts, today),
    units: units.all(),
    codelists: codelistQuality(db, codelists, counts, units),
  };
}
