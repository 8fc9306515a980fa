/**
 * Up to 32 reference dates side by side: bit k of a word stands for date k, the dates ascending. Windows and spans
 * become tables by day, computed once for all patients.
 */
import { addSpan, type Span, type Window } from "@cairn/query-library";
import { at } from "@cairn/tables";

export interface ReferenceDates {
  readonly days: readonly number[];
  readonly count: number;
  /** A bit for every date. */
  readonly all: number;
}

/** At most 32 days, ascending and distinct. */
export function referenceDates(days: readonly number[]): ReferenceDates {
  if (days.length === 0 || days.length > 32)
    throw new RangeError(`one to 32 reference dates, not ${days.length}`);
  return { days, count: days.length, all: days.length === 32 ? -1 : (1 << days.length) - 1 };
}

/**
 * The reference dates that each day belongs to, read with `bitsOn`. `floor`: no day on or before it belongs to any,
 * so that a walk from the newest event to the oldest may stop there; NO_FLOOR where days without limit belong.
 */
export interface DayTable {
  readonly base: number;
  readonly last: number;
  readonly bits: Int32Array; // of day base + i; the first also of every day before, the last of every day after
  readonly floor: number;
}

const NO_FLOOR = -0x7fffffff;

export function bitsOn(table: DayTable, day: number): number {
  const i = day - table.base;
  return at(table.bits, i <= 0 ? 0 : i < table.last ? i : table.last);
}

/**
 * A table whose bit k is set where the day lies after `after[k]` and on or before `upTo[k]`. `after: null` is without
 * limit.
 */
function dayTable(after: readonly number[] | null, upTo: readonly number[]): DayTable {
  const base = Math.min(...(after ?? upTo));
  const last = Math.max(Math.max(...upTo) + 1 - base, 0);
  const bits = new Int32Array(last + 1);
  upTo.forEach((end, k) => {
    const start = after === null ? base : at(after, k) + 1;
    if (start > end) return;
    bits[start - base] = at(bits, start - base) ^ (1 << k); // where the date's days begin, and the day after they end
    bits[end + 1 - base] = at(bits, end + 1 - base) ^ (1 << k);
  });
  for (let i = 1; i < bits.length; i++) bits[i] = at(bits, i) ^ at(bits, i - 1);
  return { base, last, bits, floor: after === null ? NO_FLOOR : base };
}

/** The dates whose window (D - from, D - to] holds the day. */
export function windowTable(dates: ReferenceDates, window: Window): DayTable {
  const { from, to } = window;
  return dayTable(from && dates.days.map((D) => addSpan(D, from, -1)), back(dates, to));
}

/** The dates D with D - from <= day <= D - to: the one window that is closed at both ends, of `{date: ..., within: ...}`. */
export function closedWindowTable(dates: ReferenceDates, window: Window): DayTable {
  const { from, to } = window;
  return dayTable(from && dates.days.map((D) => addSpan(D, from, -1) - 1), back(dates, to));
}

/** The dates D with day <= D - span. A null span has length 0. */
export function onOrBefore(dates: ReferenceDates, span: Span | null): DayTable {
  return dayTable(null, back(dates, span));
}

function back(dates: ReferenceDates, span: Span | null): readonly number[] {
  return span === null ? dates.days : dates.days.map((D) => addSpan(D, span, -1));
}
