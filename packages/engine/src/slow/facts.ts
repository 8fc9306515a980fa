/** One function for each form of fact. Undefined is a fact that is missing. */
import { codelistOf, type Fact } from "@cairn/query-library";
import type { PatientContext } from "./asked.js";
import type { Day } from "./days.js";
import { earliest, eventsIn, latest } from "./events.js";
import { intervalOf, type Interval } from "./limits.js";
import { highestOf, lowestOf, readingsOf, type Reading } from "./readings.js";

type FactOf<F extends Fact["form"]> = Extract<Fact, { form: F }>;

/** `{earliest: list}` and `{latest: list}`: the day of the first or last event in the window. */
export function dateOf(fact: FactOf<"date">, { patient, query, date }: PatientContext): Day | undefined {
  const days = eventsIn(patient, codelistOf(query, fact.list), fact.window, date).map((event) => event.date);
  return fact.which === "earliest" ? earliest(days) : latest(days);
}

/** A value to compare: the interval it lies in, and the limit to compare it with for a limit of x. */
export interface MeasuredValue {
  readonly interval: Interval;
  readonly against: (x: number) => number;
}

/** `latest`, `highest`, `lowest` or `mean` of the readings in the window. */
export function valueOf(fact: FactOf<"value">, asked: PatientContext): MeasuredValue | undefined {
  const readings = readingsOfValue(fact, asked);
  return fact.which === "mean" ? meanOf(readings) : measured(readings[0]);
}

/** The readings that a value is made of: all of them for a mean, otherwise the one that is picked; none where it is missing. */
export function readingsOfValue(fact: FactOf<"value">, { patient, query, date }: PatientContext): Reading[] {
  const list = codelistOf(query, fact.list);
  const readings = readingsOf(eventsIn(patient, list, fact.window, date), list, fact.reading);
  switch (fact.which) {
    case "latest":
      return oneOf(ofDay(readings, latest(readings.map(({ day }) => day)), fact.sameDay));
    case "highest":
      return oneOf(highestOf(readings));
    case "lowest":
      return oneOf(lowestOf(readings));
    case "mean":
      return readings;
  }
}

function oneOf(reading: Reading | undefined): Reading[] {
  return reading === undefined ? [] : [reading];
}

/** `{pair: ...}`: of the latest day with both, the systolic or the diastolic. */
export function pairOf(
  fact: FactOf<"pair">,
  component: "systolic" | "diastolic",
  asked: PatientContext,
): MeasuredValue | undefined {
  return measured(readingsOfPair(fact, asked)[component]);
}

/** Of the latest day with both, each picked on its own; neither where no day has both. */
export function readingsOfPair(
  fact: FactOf<"pair">,
  { patient, query, date }: PatientContext,
): { readonly systolic: Reading | undefined; readonly diastolic: Reading | undefined } {
  const readingsFrom = (name: string) => {
    const list = codelistOf(query, name);
    return readingsOf(eventsIn(patient, list, fact.window, date), list, fact.reading);
  };
  const both = { systolic: readingsFrom(fact.systolic), diastolic: readingsFrom(fact.diastolic) };
  const days = both.systolic
    .map(({ day }) => day)
    .filter((day) => both.diastolic.some((other) => other.day === day));
  const day = latest(days);
  return {
    systolic: ofDay(both.systolic, day, fact.sameDay),
    diastolic: ofDay(both.diastolic, day, fact.sameDay),
  };
}

/** `{count: list}` and `{count_days: list}`: events in the window, or distinct days of them. Never missing. */
export function countOf(fact: FactOf<"count">, { patient, query, date }: PatientContext): number {
  const days = eventsIn(patient, codelistOf(query, fact.list), fact.window, date).map((event) => event.date);
  return fact.what === "events" ? days.length : new Set(days).size;
}

/** The reading of that day which the same-day rule picks. */
function ofDay(
  readings: readonly Reading[],
  day: Day | undefined,
  sameDay: "lowest" | "highest" | null,
): Reading | undefined {
  const ofThatDay = readings.filter((reading) => reading.day === day);
  return sameDay === "highest" ? highestOf(ofThatDay) : lowestOf(ofThatDay);
}

function measured(reading: Reading | undefined): MeasuredValue | undefined {
  return reading && { interval: intervalOf(reading), against: (x) => x };
}

/**
 * The mean is compared without dividing: the sum of n readings in millionths, with n x the limit in millionths.
 * The ends of the readings' intervals add up; one that is open there leaves the sum open.
 */
function meanOf(readings: readonly Reading[]): MeasuredValue | undefined {
  if (readings.length === 0) return undefined;
  const intervals = readings.map((reading) =>
    intervalOf({ ...reading, number: Math.round(reading.number * 1e6) }),
  );
  const sum = (of: (interval: Interval) => number) => intervals.reduce((total, each) => total + of(each), 0);
  return {
    interval: {
      low: sum(({ low }) => low),
      lowIncluded: intervals.every(({ lowIncluded }) => lowIncluded),
      high: sum(({ high }) => high),
      highIncluded: intervals.every(({ highIncluded }) => highIncluded),
    },
    against: (x) => readings.length * Math.round(x * 1e6),
  };
}
