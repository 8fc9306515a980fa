/**
 * What the patients and the queries of one trial have in common: few dates, spans, days and lists, so that what is asked
 * and what is there meet on every boundary.
 */
import type { Codelist, Span, Window } from "@cairn/query-library";
import { after, before, type Day } from "../../src/slow/days.js";
import { CLINICAL, MEASURED, MEDICINES } from "./codes.js";
import type { Random } from "./random.js";

/** Shortest first: a later one is longer on every date. */
const SPANS: readonly Span[] = [
  { n: 1, unit: "days" },
  { n: 2, unit: "weeks" },
  { n: 1, unit: "months" },
  { n: 90, unit: "days" },
  { n: 6, unit: "months" },
  { n: 1, unit: "years" },
  { n: 18, unit: "months" },
];
const ONE_DAY: Span = SPANS[0]!;
const AT_ONCE: Span = { n: 0, unit: "days" };

/** Ends of months that clamp, leap days and their neighbours. */
const AWKWARD_DATES: readonly Day[] = [
  "2023-02-28",
  "2023-03-01",
  "2023-08-31",
  "2023-12-31",
  "2024-01-31",
  "2024-02-28",
  "2024-02-29",
  "2024-03-01",
  "2024-03-31",
  "2024-05-31",
  "2024-08-31",
  "2024-10-30",
  "2025-02-28",
  "2025-03-31",
];

export interface World {
  readonly dates: readonly Day[];
  /** Shortest first. */
  readonly spans: readonly Span[];
  /** How far apart two events are asked to be, and often are. */
  readonly apart: readonly Span[];
  /** Days worth having an event on: where windows begin and end, give or take a day. */
  readonly boundaries: readonly Day[];
  readonly clinical: readonly Codelist[];
  readonly measured: readonly Codelist[];
  readonly medicines: readonly Codelist[];
}

/** Dates in any order, with neighbours and repetitions among them. */
export function someWorld(random: Random, count: number): World {
  const spans = SPANS.filter(() => random.chance(0.5));
  if (spans.length < 2) return someWorld(random, count);
  const apart = [random.pick([AT_ONCE, ...SPANS.slice(0, 4)]), random.pick(SPANS.slice(0, 4))];
  const dates = someDates(random, count, [...spans, ...apart]);
  const measure = random.pick(["a1c", "chol", "weight"]);
  return {
    dates,
    spans,
    apart,
    boundaries: Array.from({ length: 20 }, () => someBoundary(random, dates, spans)),
    clinical: CLINICAL,
    measured: MEASURED.filter(({ codes }) => ["upper", "lower", measure].includes(codes[0]!)),
    medicines: MEDICINES,
  };
}

function someDates(random: Random, count: number, spans: readonly Span[]): Day[] {
  const first = random.int(0, AWKWARD_DATES.length - 4);
  const dates = AWKWARD_DATES.slice(first, first + 4);
  while (dates.length < count) dates.push(away(random, random.pick(dates), spans));
  return random.shuffled(dates);
}

function someBoundary(random: Random, dates: readonly Day[], spans: readonly Span[]): Day {
  if (random.chance(0.05)) return "2024-02-29";
  const date = random.pick(dates);
  return beside(random, random.chance(0.25) ? date : before(date, random.pick(spans)));
}

/** One of the spans before or after, give or take a day. */
export function away(random: Random, day: Day, spans: readonly Span[]): Day {
  const span = random.pick(spans);
  return beside(random, random.chance(0.5) ? after(day, span) : before(day, span));
}

export function beside(random: Random, day: Day): Day {
  return random.pick([day, day, before(day, ONE_DAY), after(day, ONE_DAY)]);
}

export function someWindow(random: Random, { spans }: World): Window {
  const far = Math.max(random.int(0, spans.length - 1), random.int(0, spans.length - 1)); // mostly long
  const near = random.chance(0.3) && far > 0 ? spans[random.int(0, far - 1)]! : null;
  return { from: random.chance(0.35) ? null : spans[far]!, to: near };
}

/** A window that lies within the other on every date. */
export function windowInside(random: Random, { from, to }: Window, { spans }: World): Window {
  if (to !== null || random.chance(0.5)) return { from, to };
  return { from: spans[random.int(0, from === null ? spans.length - 1 : spans.indexOf(from))]!, to };
}
