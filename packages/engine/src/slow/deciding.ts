/**
 * The facts that decided about one person: each fact of a query with its value and day, to read beside the person's
 * record.
 */
import { codelistOf, type Condition, type Fact, type FactName, type Query } from "@cairn/query-library";
import type { PlainPatient } from "@cairn/tables";
import type { PatientContext } from "./asked.js";
import { verdictOf } from "./conditions.js";
import type { Day } from "./days.js";
import { eventsIn, latest } from "./events.js";
import { countOf, dateOf, readingsOfPair, readingsOfValue } from "./facts.js";
import type { Reading } from "./readings.js";

export interface DecidingFact {
  readonly fact: FactName;
  /** A reading, two of them, a number of entries or days, a day, or whether it holds. Null: there is none. */
  readonly value: number | string | boolean | null;
  readonly unit: string | null;
  /** The day of the entry that decided: the reading's, or the latest in the window. Null: there is none, or no single one. */
  readonly date: Day | null;
}

/** Computes every fact of the query for one patient at one reference date (ISO), in the query's order. */
export function decidingFacts(patient: PlainPatient, query: Query, date: Day): DecidingFact[] {
  const asked: PatientContext = { patient, query, date };
  return Object.entries(query.facts).map(([fact, definition]) => ({ fact, ...decided(definition, asked) }));
}

function decided(fact: Fact, asked: PatientContext): Omit<DecidingFact, "fact"> {
  switch (fact.form) {
    case "condition":
      return {
        value: verdictOf(fact.condition, asked).holds,
        unit: null,
        date: latestOf(fact.condition, asked),
      };
    case "date": {
      const day = dateOf(fact, asked) ?? null;
      return { value: day, unit: null, date: day };
    }
    case "value":
      return ofReadings(readingsOfValue(fact, asked), fact.reading.unit);
    case "pair": {
      const { systolic, diastolic } = readingsOfPair(fact, asked);
      const both = systolic && diastolic ? `${numberWords(systolic)}/${numberWords(diastolic)}` : null;
      return { value: both, unit: fact.reading.unit, date: systolic?.day ?? null };
    }
    case "count":
      return { value: countOf(fact, asked), unit: null, date: latestDay(fact.list, fact.window, asked) };
  }
}

/** The value and day of readings: one reading is itself; several are those of a mean, which is rounded to be read. */
function ofReadings(readings: readonly Reading[], unit: string): Omit<DecidingFact, "fact"> {
  const date = latest(readings.map(({ day }) => day)) ?? null;
  const [only] = readings;
  if (only === undefined) return { value: null, unit, date };
  if (readings.length === 1) return { value: only.comparator ? numberWords(only) : only.number, unit, date };
  const mean = readings.reduce((sum, { number }) => sum + number, 0) / readings.length;
  return { value: Math.round(mean * 100) / 100, unit, date };
}

function numberWords({ comparator, number }: Reading): string {
  return `${comparator ?? ""}${number}`;
}

/** The latest entry that a condition about one list, or a register, looks at; null for a condition of several parts. */
function latestOf(condition: Condition, asked: PatientContext): Day | null {
  switch (condition.form) {
    case "exists":
    case "issued":
    case "two":
    case "continuity":
      return latestDay(condition.list, condition.window, asked);
    case "unresolved": {
      const days = [condition.list, condition.resolvedBy].map((list) =>
        latestDay(list, condition.window, asked),
      );
      return latest(days.filter((day) => day !== null)) ?? null;
    }
    case "not":
      return latestOf(condition.of, asked);
    default:
      return null;
  }
}

function latestDay(
  list: string,
  window: Extract<Condition, { form: "exists" }>["window"],
  asked: PatientContext,
): Day | null {
  const { patient, query, date } = asked;
  return latest(eventsIn(patient, codelistOf(query, list), window, date).map((event) => event.date)) ?? null;
}
