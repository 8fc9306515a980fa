/** One function for each form of condition, in the order of the specification. */
import { codelistOf, type Condition, type Fact, type Span } from "@cairn/query-library";
import type { PatientContext } from "./asked.js";
import { after, inClosedWindow, inWindow, type Day } from "./days.js";
import { earliest, eventsEver, eventsIn, latest } from "./events.js";
import { countOf, dateOf, pairOf, valueOf, type MeasuredValue } from "./facts.js";
import { decided, intervalOf } from "./limits.js";
import { isInDeprivationFifth, isOfAge, isRegisteredFor } from "./person.js";
import { readingsOf } from "./readings.js";

type ConditionOf<F extends Condition["form"]> = Extract<Condition, { form: F }>;

/** Whether a condition holds, and whether any comparison in it was missing: only `not` asks the second. */
interface Verdict {
  readonly holds: boolean;
  readonly missing: boolean;
}

const MISSING: Verdict = { holds: false, missing: true };

function known(holds: boolean): Verdict {
  return { holds, missing: false };
}

/** The verdict on any condition, for the patient at the date. */
export function verdictOf(condition: Condition, asked: PatientContext): Verdict {
  const { patient, date } = asked;
  switch (condition.form) {
    case "registered_for":
      return known(isRegisteredFor(patient, condition.span, date));
    case "age":
      return known(isOfAge(patient, condition.from, condition.to, date));
    case "sex":
      return known(patient.sex === condition.sex);
    case "deprivation_fifth":
      return known(isInDeprivationFifth(patient, condition.from, condition.to));
    case "exists":
    case "issued":
      return known(exists(condition, asked));
    case "unresolved":
      return known(unresolved(condition, asked));
    case "two":
      return known(two(condition, asked));
    case "first_then":
      return known(firstThen(condition, asked));
    case "issued_together":
      return known(issuedTogether(condition, asked));
    case "continuity":
      return known(continuity(condition, asked));
    case "compare_value":
      return compareValue(condition, asked);
    case "compare_date":
      return compareDate(condition, asked);
    case "compare_count":
      return compareCount(condition, asked);
    case "all":
      return all(condition, asked);
    case "any":
      return any(condition, asked);
    case "not":
      return not(condition, asked);
    case "at_least":
      return atLeast(condition, asked);
    case "fact":
      return verdictOf(factOf(asked, condition.fact, "condition").condition, asked);
  }
}

/** `{exists: list}` and `{issued: list}`: an event in the window. */
function exists(
  { list, window }: ConditionOf<"exists" | "issued">,
  { patient, query, date }: PatientContext,
): boolean {
  return eventsIn(patient, codelistOf(query, list), window, date).length > 0;
}

/** `{unresolved: list, resolved_by: list}`: the latest of both lists' events is a diagnosis; on one day, the rule decides. */
function unresolved(condition: ConditionOf<"unresolved">, asked: PatientContext): boolean {
  const diagnosed = latest(daysOf(condition.list, condition.window, asked));
  const resolved = latest(daysOf(condition.resolvedBy, condition.window, asked));
  if (diagnosed === undefined) return false;
  if (resolved === undefined) return true;
  if (diagnosed === resolved) return condition.sameDay === "diagnosis_wins";
  return diagnosed > resolved;
}

/** `{two: list, apart: span}`: two events, the second at least the span after the first; only those within a limit, if one is given. */
function two({ list: name, window, apart, value }: ConditionOf<"two">, asked: PatientContext): boolean {
  const { patient, query, date } = asked;
  const list = codelistOf(query, name);
  const events = eventsIn(patient, list, window, date);
  const days =
    value === null
      ? events.map((event) => event.date)
      : readingsOf(events, list, value.reading)
          .filter((reading) => decided(intervalOf(reading), value.limits) === "kept")
          .map((reading) => reading.day);
  return days.some((day1, i) => days.some((day2, j) => i !== j && day2 >= after(day1, apart)));
}

/** `{first_then: [list, list], within: span}`: an event of the second list on the day of the first ever of the first, or up to a span after. */
function firstThen(condition: ConditionOf<"first_then">, { patient, query, date }: PatientContext): boolean {
  const upToD = (name: string) =>
    eventsEver(patient, codelistOf(query, name))
      .map((event) => event.date)
      .filter((day) => day <= date);
  const first = earliest(upToD(condition.first));
  if (first === undefined || !inWindow(first, condition.window, date)) return false;
  return upToD(condition.then).some((day) => day >= first && day <= after(first, condition.within));
}

/** `{issued_together: [list, list], within: span}`: an issue of each in the window, at most the span apart, whichever came first. */
function issuedTogether(
  { lists, window, within }: ConditionOf<"issued_together">,
  asked: PatientContext,
): boolean {
  const one = daysOf(lists[0], window, asked);
  const other = daysOf(lists[1], window, asked);
  return one.some((a) => other.some((b) => atMostApart(a, b, within)));
}

function atMostApart(a: Day, b: Day, span: Span): boolean {
  return a <= b ? b <= after(a, span) : a <= after(b, span);
}

/** `{continuity: list, index: upc}`: enough contacts with known clinicians, and the share of the one seen most reaches p/q. */
function continuity(condition: ConditionOf<"continuity">, { patient, query, date }: PatientContext): boolean {
  const clinicians = eventsIn(patient, codelistOf(query, condition.list), condition.window, date)
    .map((event) => event.clinician)
    .filter((clinician) => clinician !== undefined);
  const contacts = clinicians.length;
  const withOne = clinicians.map((one) => clinicians.filter((other) => other === one).length);
  const { p, q } = condition.atLeast;
  return contacts >= condition.contacts && Math.max(0, ...withOne) * q >= p * contacts;
}

/** `{value: fact, at_least: x}`: missing where there is no value, or where it lies on both sides of the limit. */
function compareValue(condition: ConditionOf<"compare_value">, asked: PatientContext): Verdict {
  const value = comparedValue(condition, asked);
  if (value === undefined) return MISSING;
  const limits = condition.limits.map(({ op, x }) => ({ op, x: value.against(x) }));
  const decision = decided(value.interval, limits);
  return decision === "open" ? MISSING : known(decision === "kept");
}

function comparedValue(
  condition: ConditionOf<"compare_value">,
  asked: PatientContext,
): MeasuredValue | undefined {
  return condition.component === null
    ? valueOf(factOf(asked, condition.fact, "value"), asked)
    : pairOf(factOf(asked, condition.fact, "pair"), condition.component, asked);
}

/** `{date: fact, within: w}`: D - from <= the date <= D - to; missing where there is none. */
function compareDate(condition: ConditionOf<"compare_date">, asked: PatientContext): Verdict {
  const day = dateOf(factOf(asked, condition.fact, "date"), asked);
  return day === undefined ? MISSING : known(inClosedWindow(day, condition.window, asked.date));
}

/** `{count: fact, at_least: n}`: never missing. */
function compareCount(condition: ConditionOf<"compare_count">, asked: PatientContext): Verdict {
  const count = countOf(factOf(asked, condition.fact, "count"), asked);
  const exactly = { low: count, lowIncluded: true, high: count, highIncluded: true };
  return known(decided(exactly, condition.limits) === "kept");
}

function all({ of }: ConditionOf<"all">, asked: PatientContext): Verdict {
  const verdicts = of.map((each) => verdictOf(each, asked));
  return { holds: verdicts.every(({ holds }) => holds), missing: verdicts.some(({ missing }) => missing) };
}

function any({ of }: ConditionOf<"any">, asked: PatientContext): Verdict {
  const verdicts = of.map((each) => verdictOf(each, asked));
  return { holds: verdicts.some(({ holds }) => holds), missing: verdicts.some(({ missing }) => missing) };
}

/** `{not: ..., if_missing: b}`: b where any comparison inside is missing, whatever the rest says. */
function not({ of, ifMissing }: ConditionOf<"not">, asked: PatientContext): Verdict {
  const { holds, missing } = verdictOf(of, asked);
  return { holds: missing && ifMissing !== null ? ifMissing : !holds, missing };
}

/** `{at_least: n, of: [...]}`: n conditions or more hold. */
function atLeast({ n, of }: ConditionOf<"at_least">, asked: PatientContext): Verdict {
  const verdicts = of.map((each) => verdictOf(each, asked));
  return {
    holds: verdicts.filter(({ holds }) => holds).length >= n,
    missing: verdicts.some(({ missing }) => missing),
  };
}

function daysOf(
  list: string,
  window: ConditionOf<"exists">["window"],
  { patient, query, date }: PatientContext,
): Day[] {
  return eventsIn(patient, codelistOf(query, list), window, date).map((event) => event.date);
}

/** The named fact, which a checked query has and has in the right form. */
function factOf<F extends Fact["form"]>(
  { query }: PatientContext,
  name: string,
  form: F,
): Extract<Fact, { form: F }> {
  const fact = query.facts[name];
  if (fact?.form !== form) throw new TypeError(`the query has no fact ${name} of the form ${form}`);
  return fact as Extract<Fact, { form: F }>;
}
