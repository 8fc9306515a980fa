/** How far the records reach: the newest event of each kind, and how many events each month has. */
import { isoDate } from "@cairn/query-library";
import { type Months, newestUsualMonth, usualMonth } from "../volume.js";
import { type EventCounts, FIRST_DAY, type Kind, KINDS } from "./counts.js";

/** How long after the newest events of usual volume records may be said to be complete, in days: a month. */
export const QUIET_DAYS = 31;

interface Newest {
  readonly newest: string; // day of the newest event
  /** Usual number of events a month; null where there is too little to know (volume.ts). */
  readonly usual_month: number | null;
  /** Day of the newest event in the newest month of usual volume; null likewise. */
  readonly usual_to: string | null;
}

export interface Reach {
  /** The newest of all events; null where there are none. */
  readonly all: Newest | null;
  /**
   * The newest of each kind. Medicines: in a system of medicines, or in a list of them that queries ask for.
   * Readings: the rest with a number. Kinds without any event are left out.
   */
  readonly kinds: readonly ({ readonly kind: Kind } & Newest)[];
  readonly months: Months; // of all events
}

/** Finds how far the records reach. Events after `today` (a day number) count nowhere. */
export function reachOf({ days }: EventCounts, today: number): Reach {
  const byKind = KINDS.map((kind) => new Tally(days[kind], today));
  const all = new Tally(
    days.other.map((count, i) => count + days.readings[i]! + days.medicines[i]!),
    today,
  );
  return {
    all: all.newest(),
    kinds: byKind.flatMap((tally, i) => {
      const newest = tally.newest();
      return newest === null ? [] : [{ kind: KINDS[i]!, ...newest }];
    }),
    months: all.months(),
  };
}

/** Events by day after FIRST_DAY, up to today. */
class Tally {
  readonly #days: Float64Array;

  constructor(days: Float64Array, today: number) {
    this.#days = days.subarray(0, Math.max(0, today - FIRST_DAY + 1));
  }

  months(): Months {
    const months: Record<string, number> = {};
    this.#days.forEach((events, i) => {
      if (events === 0) return;
      const month = monthOf(isoDate(FIRST_DAY + i));
      months[month] = (months[month] ?? 0) + events;
    });
    return months;
  }

  newest(): Newest | null {
    const newest = this.#lastDay(() => true);
    if (newest === null) return null;
    const months = this.months();
    const upTo = monthOf(newest);
    const usualTo = newestUsualMonth(months, upTo);
    return {
      newest,
      usual_month: usualMonth(months, upTo)?.events ?? null,
      usual_to: usualTo === null ? null : this.#lastDay((day) => monthOf(day) === usualTo),
    };
  }

  /** The last day with an event, of the days that are meant. */
  #lastDay(isMeant: (day: string) => boolean): string | null {
    const found = this.#days.findLastIndex((events, i) => events > 0 && isMeant(isoDate(FIRST_DAY + i)));
    return found < 0 ? null : isoDate(FIRST_DAY + found);
  }
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}
