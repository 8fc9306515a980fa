/** Queries over issues and events in place of people: the sums that one person adds to. */
import {
  codelistOf,
  type Cell,
  type EventChoice,
  type EventsQuery,
  type ItemsQuery,
} from "@cairn/query-library";
import type { PlainEvent } from "@cairn/tables";
import type { PatientContext } from "./asked.js";
import { inWindow, partsOf } from "./days.js";
import { eventsIn, isOn } from "./events.js";

/**
 * The amounts that a person adds to a denominator and to a numerator; quantities are in thousandths, which add
 * exactly.
 */
export interface Sums {
  readonly denominator: number;
  readonly numerator: number;
}

/** `unit: items` counts issues, `unit: quantity` adds up what was issued. The numerator's issues are among the denominator's. */
export function itemSums(query: ItemsQuery, { patient, date }: PatientContext): Sums {
  const amount = (event: PlainEvent) =>
    query.unit === "items" ? 1 : Math.round((event.quantity ?? 0) * 1000);
  const total = (events: readonly PlainEvent[]) => events.reduce((sum, event) => sum + amount(event), 0);
  const { denominator, numerator } = query;
  const all = eventsIn(patient, codelistOf(query, denominator.list), denominator.window, date);
  const some = eventsIn(patient, codelistOf(query, numerator.list), numerator.window, date);
  return { denominator: total(all), numerator: total(some.filter((event) => all.includes(event))) };
}

/** `unit: events`: how many events of the denominator, and how many of those are the numerator's. */
export function eventSums(query: EventsQuery, asked: PatientContext): Sums {
  return sumsOf(eventsOfDenominator(query, asked), query, asked);
}

/** The event sums by value of one `by` key, for the values that the person's events have. */
export function eventSumsBy(
  query: EventsQuery,
  key: EventsQuery["by"][number],
  asked: PatientContext,
): { readonly cell: Cell; readonly sums: Sums }[] {
  const events = eventsOfDenominator(query, asked);
  return [...new Set(events.map((event) => valueOf(event, key)))].map((value) => ({
    cell: { [key]: value },
    sums: sumsOf(
      events.filter((event) => valueOf(event, key) === value),
      query,
      asked,
    ),
  }));
}

function eventsOfDenominator(query: EventsQuery, asked: PatientContext): PlainEvent[] {
  return asked.patient.events.filter((event) => isChosen(event, query.denominator, asked));
}

function sumsOf(events: readonly PlainEvent[], query: EventsQuery, asked: PatientContext): Sums {
  const numerator = events.filter((event) => isChosen(event, query.numerator, asked));
  return { denominator: events.length, numerator: numerator.length };
}

/**
 * Whether the event is dated, in the window, and of the list, systems, map states and coded state where these are
 * given.
 */
function isChosen(event: PlainEvent, choice: EventChoice, { query, date }: PatientContext): boolean {
  if (event.date === "" || !inWindow(event.date, choice.window, date)) return false;
  if (choice.list !== null && !isOn(codelistOf(query, choice.list), event)) return false;
  if (choice.systems !== null && !choice.systems.includes(recordedSystem(event))) return false;
  if (choice.mapped !== null && !choice.mapped.includes(mapState(event))) return false;
  return choice.coded === null || choice.coded === (event.code !== "");
}

function valueOf(event: PlainEvent, key: EventsQuery["by"][number]): string {
  switch (key) {
    case "system":
      return recordedSystem(event);
    case "mapped":
      return mapState(event);
    case "coded":
      return event.code === "" ? "uncoded" : "coded";
    case "year":
      return String(partsOf(event.date).year);
  }
}

function recordedSystem(event: PlainEvent): PlainEvent["system"] {
  return event.recordedSystem ?? event.system;
}

function mapState(event: PlainEvent): NonNullable<PlainEvent["mapped"]> {
  return event.mapped ?? "as-recorded";
}
