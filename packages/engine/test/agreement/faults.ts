/**
 * Faults that an engine could have, planted by handing the fast engine a question or records that are slightly off.
 * An agreement test that does not notice each of them is not looking.
 */
import { dayNumber, type Codelist, type Query, type Span, type Window } from "@cairn/query-library";
import { answer, memorySource, patientsOf } from "../../src/index.js";
import type { Occurrences, RecordSource } from "../../../tables/src/source.js";
import type { PlainEvent, PlainPatient } from "../../../tables/src/patients.js";
import { after, before } from "../../src/slow/days.js";
import { NO_CODES } from "../../src/slow/opt-outs.js";
import { OPT_OUTS } from "./opt-outs.js";
import { FAST, whomOf, type Engine, type Trial } from "./compare.js";

type Part = Record<string, unknown>;

/** Every object of the query, the innermost first, as something else. */
function rewritten<T>(value: T, rewrite: (part: Part) => Part): T {
  if (Array.isArray(value)) return value.map((each: unknown) => rewritten(each, rewrite)) as T;
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.entries(value).map(([key, each]) => [
    key,
    key === "codelists" ? (each as unknown) : rewritten(each as unknown, rewrite),
  ]);
  return rewrite(Object.fromEntries(inner) as Part) as T;
}

function withTrial(alter: (trial: Trial) => Trial): Engine {
  return {
    tables: (trial) => FAST.tables(alter(trial)),
    patients: (trial, query) => {
      const altered = alter(trial);
      return FAST.patients(altered, altered.queries[trial.queries.indexOf(query)]!);
    },
  };
}

function inQuery(rewrite: (part: Part) => Part): Engine {
  return withTrial((trial) => ({
    ...trial,
    queries: trial.queries.map((query) => rewritten(query, rewrite)),
  }));
}

function inQueries(rewrite: (query: Query) => Query): Engine {
  return withTrial((trial) => ({ ...trial, queries: trial.queries.map(rewrite) }));
}

function inPatients(rewrite: (patient: PlainPatient) => PlainPatient): Engine {
  return withTrial((trial) => ({ ...trial, patients: trial.patients.map(rewrite) }));
}

function inEvents(rewrite: (event: PlainEvent) => PlainEvent): Engine {
  return inPatients((patient) => ({ ...patient, events: patient.events.map(rewrite) }));
}

/** Only where the fast engine looks for opt-outs: what a query counts stays as it is. */
function inOptOuts(occurrences: (trial: Trial, list: Codelist) => Occurrences): Engine {
  const sourceOf = (trial: Trial): RecordSource => ({
    ...memorySource(trial.patients),
    occurrences: (list) => occurrences(trial, list),
  });
  return {
    tables: (trial) => answer(sourceOf(trial), trial.queries, trial.dates, whomOf(trial)),
    patients: (trial, query) => patientsOf(sourceOf(trial), query, trial.dates, whomOf(trial)),
  };
}

/** Opt-outs, and not withdrawals, some days later. */
function onOtherDay({ patients, leaveOut }: Trial, list: Codelist, later: number): Occurrences {
  const { patient, day } = memorySource(patients).occurrences(list);
  const moved = leaveOut?.optedOut.includes(list) ? later : 0;
  return { patient, day: Array.from(day, (each) => each + moved) };
}

function withEvents(
  patients: readonly PlainPatient[],
  rewrite: (event: PlainEvent) => PlainEvent,
): PlainPatient[] {
  return patients.map((patient) => ({ ...patient, events: patient.events.map(rewrite) }));
}

/** The field of every part that has it. */
function field<T>(name: string, change: (value: T, part: Part) => T): Engine {
  return inQuery((part) => (name in part ? { ...part, [name]: change(part[name] as T, part) } : part));
}

/** The same, only of parts of one form. */
function fieldOf<T>(form: string, name: string, change: (value: T, part: Part) => T): Engine {
  return field<T>(name, (value, part) => (part["form"] === form ? change(value, part) : value));
}

const ONE_DAY: Span = { n: 1, unit: "days" };
/** A day longer, where the span is one of days or weeks. */
function longer(span: Span): Span {
  const { n, unit } = span;
  if (unit === "days") return { n: n + 1, unit };
  return unit === "weeks" ? { n: 7 * n + 1, unit: "days" } : span;
}
const swapped =
  <T>(a: T, b: T) =>
  (value: T): T =>
    value === a ? b : value === b ? a : value;
const farther = (window: Window): Window => ({ ...window, from: window.from && longer(window.from) });
const nearer = (window: Window): Window => ({ ...window, to: window.to && longer(window.to) });
const form = (from: string, to: string): Engine =>
  inQuery((part) => (part["form"] === from ? { ...part, form: to } : part));

export const FAULTS: Readonly<Record<string, Engine>> = {
  "a window is a day too long": field<Window>("window", farther),
  "a window ends a day too early": field<Window>("window", nearer),
  "a window's near end is forgotten": field<Window>("window", (window) => ({ ...window, to: null })),
  "dates are compared within a window open at the far end": fieldOf<Window>(
    "compare_date",
    "window",
    ({ from, to }) => ({
      from: from?.unit === "days" ? { n: from.n - 1, unit: "days" } : from,
      to,
    }),
  ),
  "a month is 30 days": field<Window>("window", (window) => ({
    ...window,
    from: window.from?.unit === "months" ? { n: window.from.n * 30, unit: "days" } : window.from,
  })),
  "registered_for asks a day more": fieldOf<Span>("registered_for", "span", longer),
  "two may be a day nearer": fieldOf<Span>("two", "apart", ({ n, unit }) => ({
    n: unit === "days" ? n - 1 : n,
    unit,
  })),
  "two forgets its limits": fieldOf("two", "value", () => null),
  "first_then lasts a day longer": fieldOf<Span>("first_then", "within", longer),
  "first_then forgets its window": fieldOf<Window>("first_then", "window", () => ({ from: null, to: null })),
  "first_then takes its lists the wrong way round": inQuery((part) =>
    part["form"] === "first_then" ? { ...part, first: part["then"], then: part["first"] } : part,
  ),
  "issued_together may be a day farther": fieldOf<Span>("issued_together", "within", longer),
  "continuity asks one contact more": fieldOf<number>("continuity", "contacts", (n) => n + 1),
  "continuity has to pass its share": fieldOf<{ p: number; q: number }>(
    "continuity",
    "atLeast",
    ({ p, q }) => ({
      p: p * 1000 + 1,
      q: q * 1000,
    }),
  ),
  "the other same-day rule of a register": fieldOf(
    "unresolved",
    "sameDay",
    swapped("resolved_wins", "diagnosis_wins"),
  ),
  "the other same-day rule of a value": fieldOf("value", "sameDay", swapped<unknown>("lowest", "highest")),
  "the other same-day rule of a pair": fieldOf("pair", "sameDay", swapped("lowest", "highest")),
  "the earliest is taken for the latest": field("which", swapped<unknown>("latest", "earliest")),
  "the highest is taken for the lowest": field("which", swapped<unknown>("highest", "lowest")),
  "a mean is taken for the latest": inQuery((part) =>
    part["which"] === "mean" ? { ...part, which: "latest", sameDay: "lowest" } : part,
  ),
  "systolic is taken for diastolic": fieldOf(
    "compare_value",
    "component",
    swapped<unknown>("systolic", "diastolic"),
  ),
  "days are counted as events": fieldOf("count", "what", () => "events"),
  "a limit leaves out its end": field("op", (op) =>
    op === "at_least" ? "above" : op === "at_most" ? "below" : op,
  ),
  "a limit takes in its end": field("op", (op) =>
    op === "above" ? "at_least" : op === "below" ? "at_most" : op,
  ),
  "only the first limit counts": field<unknown[]>("limits", (limits) => limits.slice(0, 1)),
  "the plausible range is forgotten": field("plausible", () => null),
  "if_missing is taken the other way": field("ifMissing", swapped<unknown>(true, false)),
  "if_missing is forgotten": field("ifMissing", () => null),
  "at_least asks one more": fieldOf<number>("at_least", "n", (n) => n + 1),
  "all is any": form("all", "any"),
  "any is all": form("any", "all"),
  "an age is a year more": fieldOf<number | null>("age", "from", (from) => from && from + 1),
  "an age leaves out its end": fieldOf<number | null>("age", "to", (to) => to && to - 1),
  "steps are taken in the other order": field<unknown[]>("steps", (steps) => [...steps].reverse()),
  "steps select what they reject": inQuery((part) =>
    "do" in part ? { ...part, do: part["do"] === "select" ? "reject" : "select" } : part,
  ),
  "everyone is counted": inQueries((query) => ({ ...query, people: "everyone" })),
  "who is forgotten": field("who", () => null),
  "a band begins a year late": field<number[]>("bounds", (bounds) =>
    bounds.map((bound) => bound && bound + 1),
  ),
  "systems are forgotten": field("systems", () => null),
  "map states are forgotten": field("mapped", () => null),
  "uncoded events are forgotten": inPatients((patient) => ({
    ...patient,
    events: patient.events.filter(({ code }) => code !== ""),
  })),
  "the reference date is a day late": withTrial((trial) => ({
    ...trial,
    dates: trial.dates.map((date) => after(date, ONE_DAY)),
  })),
  "a death on the reference date is not seen": inPatients((patient) => ({
    ...patient,
    died: patient.died && after(patient.died, ONE_DAY),
  })),
  "a registration ends the day before": inPatients((patient) => ({
    ...patient,
    registrations: patient.registrations.map(({ start, end }) => ({
      start,
      end: end === null || end === start ? end : before(end, ONE_DAY),
    })),
  })),
  "registrations are joined over a day between": inPatients((patient) => ({
    ...patient,
    registrations: [
      ...patient.registrations,
      ...patient.registrations.flatMap(({ end }) => {
        if (
          end === null ||
          !patient.registrations.some(({ start }) => start === after(after(end, ONE_DAY), ONE_DAY))
        )
          return [];
        return [{ start: after(end, ONE_DAY), end: after(end, ONE_DAY) }];
      }),
    ],
  })),
  "a 29 February birthday falls on 28 February": inPatients((patient) => ({
    ...patient,
    born: patient.born?.endsWith("02-29") ? before(patient.born, ONE_DAY) : patient.born,
  })),
  "an unknown birth is an old one": inPatients((patient) => ({
    ...patient,
    born: patient.born ?? "1930-01-01",
  })),
  "comparators are forgotten": inEvents((event) => ({ ...event, comparator: undefined })),
  "< is taken for <=": inEvents((event) => ({
    ...event,
    comparator: event.comparator === "<" ? "<=" : event.comparator,
  })),
  "units are forgotten": inEvents((event) => ({ ...event, unit: undefined })),
  "SNOMED CT is not dm+d": inEvents((event) => ({
    ...event,
    system: event.system === "dmd" ? "local" : event.system,
    recordedSystem: event.recordedSystem ?? event.system,
  })),
  "a clinician who is not known is one more clinician": inEvents((event) => ({
    ...event,
    clinician: event.clinician ?? 9,
  })),
  "people with a type 1 opt-out in their record are counted": withTrial((trial) => ({
    ...trial,
    leaveOut: null,
  })),
  "choosing to count opt-outs counts the practice's own list": withTrial((trial) => ({
    ...trial,
    leaveOut: trial.leaveOut === NO_CODES ? null : trial.leaveOut,
  })),
  "choosing to count opt-outs changes nothing": withTrial((trial) => ({
    ...trial,
    leaveOut: trial.leaveOut === NO_CODES ? OPT_OUTS : trial.leaveOut,
  })),
  "the practice's own list is not read": inPatients(({ leftOut: _, ...patient }) => patient),
  "a withdrawal of the same day wins": inOptOuts((trial, list) => onOtherDay(trial, list, -1)),
  "an opt-out holds for a day after it was withdrawn": inOptOuts((trial, list) => onOtherDay(trial, list, 1)),
  "an opt-out cannot be withdrawn": withTrial((trial) => ({
    ...trial,
    leaveOut: trial.leaveOut && { ...trial.leaveOut, withdrawn: [] },
  })),
  "an opt-out after the last reference date is not seen": inOptOuts(({ patients, dates }, list) => {
    const last = dayNumber([...dates].sort().at(-1)!);
    const { patient, day } = memorySource(patients).occurrences(list);
    const seen = [...Array(day.length).keys()].filter((i) => day[i]! <= last);
    return { patient: seen.map((i) => patient[i]!), day: seen.map((i) => day[i]!) };
  }),
  "an opt-out is found only as it was recorded": inOptOuts(({ patients }, list) =>
    memorySource(
      withEvents(patients, ({ recordedCode, recordedSystem, ...event }) => ({
        ...event,
        code: recordedCode ?? event.code,
        system: recordedSystem ?? event.system,
      })),
    ).occurrences(list),
  ),
  "an opt-out is found only by what its code was mapped to": inOptOuts(({ patients }, list) =>
    memorySource(
      withEvents(patients, (event) => ({ ...event, recordedCode: undefined, recordedSystem: undefined })),
    ).occurrences(list),
  ),
  "opt-outs of the old systems are not known": withTrial((trial) => ({
    ...trial,
    leaveOut: trial.leaveOut && {
      ...trial.leaveOut,
      optedOut: trial.leaveOut.optedOut.filter(({ system }) => system === "snomed"),
    },
  })),
  "quantities are rounded one by one": inEvents((event) => ({
    ...event,
    quantity: event.quantity && Math.round(event.quantity),
  })),
};
