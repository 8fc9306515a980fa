/** What these records say to one query, exactly, and how far that can be trusted: for the practice's own screens. */
import { stepsLeft } from "@cairn/engine";
import type { Codelist, Query } from "@cairn/query-library";
import { type Records, requireAnswerable, UnanswerableError } from "@cairn/records";
import { at, OPT_OUTS_COUNTED } from "@cairn/tables";
import { emptyListsOf, thinDates, type ThinDate } from "./doubts.js";
import { type DateTotals, exactTotals } from "./exact-totals.js";

export interface QuestionFacts {
  readonly figures: readonly DateTotals[]; // one a date, ascending
  /** The people left after each step of `stepsOf`, at the newest date; null for items and events. */
  readonly steps: readonly number[] | null;
  readonly coding: readonly ListCoding[];
  readonly emptyLists: readonly string[]; // name@version
  readonly thin: readonly ThinDate[];
  readonly freshness: RecordReach;
}

/** How one codelist of the query is used in these records, as the newest import measured it. */
export interface ListCoding {
  readonly list: string; // name@version
  readonly people: number; // with any event of it, at any time
  /** Readings of a list whose events carry values; null of any other. */
  readonly readings: {
    readonly events: number;
    readonly withoutNumber: number;
    readonly withoutUnit: number;
    readonly otherUnits: number; // numbers in units that cannot be converted: queries ignore them
    readonly unit: string;
  } | null;
}

export interface RecordReach {
  readonly coversTo: string | null; // ISO
  /** Day of the newest event in the newest month of usual volume (ISO); null where there is too little to know. */
  readonly usualTo: string | null;
  /** Day on which an import last measured the records (ISO); null where none has. */
  readonly measured: string | null;
}

/** @throws UnanswerableError where the records do not say what the query asks */
export function questionFacts(records: Records, query: Query, dates: readonly string[]): QuestionFacts {
  requireAnswerable(query, records);
  const [counted] = exactTotals(records, [{ query, dates }]);
  if (!counted || "unanswerable" in counted)
    throw new UnanswerableError("facts-unavailable", counted?.unanswerable ?? "");
  const newest = at(dates, dates.length - 1);
  return {
    figures: counted.figures,
    steps:
      query.unit === "people" ? at(stepsLeft(records.source(), query, [newest], OPT_OUTS_COUNTED), 0) : null,
    ...codingOf(records, query),
    emptyLists: emptyListsOf(query, records),
    thin: thinDates(query, dates, records),
  };
}

function codingOf(records: Records, query: Query): Pick<QuestionFacts, "coding" | "freshness"> {
  const quality = records.quality();
  const known = new Map(quality?.codelists.map((each) => [each.codelist, each]));
  const lists = new Set(Object.values(query.codelists).map(nameOf));
  return {
    coding: [...lists].flatMap((list): ListCoding[] => {
      const found = known.get(list);
      if (!found) return [];
      const { readings } = found;
      return [
        {
          list,
          people: found.patients,
          readings: readings && {
            events: readings.events,
            withoutNumber: readings.without_number,
            withoutUnit: readings.without_unit,
            otherUnits: readings.ignored.reduce((sum, { events }) => sum + events, 0),
            unit: readings.unit,
          },
        },
      ];
    }),
    freshness: {
      coversTo: records.coversTo(),
      usualTo: quality?.reach?.all?.usual_to ?? null,
      measured: quality?.day ?? null,
    },
  };
}

function nameOf({ name, version }: Codelist): string {
  return `${name}@${version}`;
}
