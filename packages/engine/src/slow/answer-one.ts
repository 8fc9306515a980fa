import type {
  Cell,
  EventsQuery,
  ItemsQuery,
  OptOutCodes,
  PeopleQuery,
  Query,
  Selection,
} from "@cairn/query-library";
import { type PlainPatient, at } from "@cairn/tables";
import type { PatientContext } from "./asked.js";
import { cellOf } from "./cells.js";
import { verdictOf } from "./conditions.js";
import type { Day } from "./days.js";
import { inBasePopulation } from "./person.js";
import { eventSums, eventSumsBy, itemSums, type Sums } from "./sums.js";

/** The amounts that a person adds to one cell of the table. */
export interface SlowShare extends Sums {
  /** The index of the split: 0 is the total, then each split in order, then each `by` key. */
  readonly split: number;
  readonly cell: Cell;
}

export interface SlowAnswer {
  /** Whether the person is in the base population (`people`) at the date. */
  readonly base: boolean;
  /**
   * The step that decided: its index, or "otherwise" after all of them; "start" for someone of the base population
   * whom the start left out. Null outside the base population, and where the query has no selection.
   */
  readonly decidedBy: number | "otherwise" | "start" | null;
  /** Amount in the denominator: 0 or 1 of people; a number of issues or events; a quantity in thousandths. */
  readonly denominator: number;
  readonly numerator: number;
  /** One share for the total, then one for each split, then one for each value of each `by` key among the events. */
  readonly shares: readonly SlowShare[];
}

/**
 * Answers one query for one patient at one reference date (ISO), straight from the specification.
 * @param leaveOut the codes by which people with a type 1 opt-out in their record are left out; `NO_CODES` leaves out only those whom the source
 * does; null counts everybody
 */
export function answerOne(
  patient: PlainPatient,
  query: Query,
  date: Day,
  leaveOut: OptOutCodes | null,
): SlowAnswer {
  const asked: PatientContext = { patient, query, date };
  const base = inBasePopulation(patient, query.people, date, leaveOut);
  const selection = selectionOf(query);
  const { selected, decidedBy } = !base
    ? { selected: false, decidedBy: null }
    : selection === null
      ? { selected: true, decidedBy: null }
      : select(selection, asked);
  const sums = selected ? sumsOf(query, asked) : { denominator: 0, numerator: 0 };
  return { base, decidedBy, ...sums, shares: selected ? sharesOf(query, sums, asked) : [] };
}

function selectionOf(query: Query): Selection | null {
  switch (query.unit) {
    case "people":
      return query.denominator;
    case "items":
    case "quantity":
      return query.who;
    case "events":
      return null;
  }
}

/** The start has to hold; then the first step that matches decides. */
function select(
  { start, steps, otherwise }: Selection,
  asked: PatientContext,
): { selected: boolean; decidedBy: SlowAnswer["decidedBy"] } {
  if (!verdictOf(start, asked).holds) return { selected: false, decidedBy: "start" };
  const first = steps.findIndex((step) => verdictOf(step.if, asked).holds);
  if (first === -1) return { selected: otherwise === "select", decidedBy: "otherwise" };
  return { selected: at(steps, first).do === "select", decidedBy: first };
}

function sumsOf(query: Query, asked: PatientContext): Sums {
  switch (query.unit) {
    case "people":
      return personSums(query, asked);
    case "items":
    case "quantity":
      return itemSums(query, asked);
    case "events":
      return eventSums(query, asked);
  }
}

/** The sums of one person: 1 in the denominator where selected, and in the numerator if its condition holds too. */
function personSums(query: PeopleQuery, asked: PatientContext): Sums {
  return { denominator: 1, numerator: verdictOf(query.numerator, asked).holds ? 1 : 0 };
}

function sharesOf(
  query: PeopleQuery | ItemsQuery | EventsQuery,
  sums: Sums,
  asked: PatientContext,
): SlowShare[] {
  const splits = [[], ...query.splitBy];
  const ofPerson = splits.map((each, split) => ({
    split,
    cell: cellOf(asked.patient, each, asked.date),
    ...sums,
  }));
  if (query.unit !== "events") return ofPerson;
  const ofEvents = query.by.flatMap((key, i) =>
    eventSumsBy(query, key, asked).map(({ cell, sums }) => ({ split: splits.length + i, cell, ...sums })),
  );
  return [...ofPerson, ...ofEvents];
}
