/** The smallest trial, by leaving things out one at a time, on which the engines still differ. */
import type { Condition, Query, Selection } from "@cairn/query-library";
import type { PlainEvent, PlainPatient } from "../../../tables/src/patients.js";
import type { Trial } from "./compare.js";
import { allConditions, inside } from "./kinds.js";

/** Greedy: takes the first simpler trial that still differs, until none does. */
export function smallest(trial: Trial, stillDiffers: (trial: Trial) => boolean): Trial {
  for (const simpler of simplerTrials(trial))
    if (stillDiffers(simpler)) return smallest(simpler, stillDiffers);
  return trial;
}

function* simplerTrials(trial: Trial): Generator<Trial> {
  const { patients, queries, dates, leaveOut } = trial;
  if (leaveOut !== null) yield { ...trial, leaveOut: null };
  for (const fewer of lessOf(queries)) yield { ...trial, queries: fewer };
  for (const fewer of lessOf(dates)) yield { ...trial, dates: fewer };
  for (const fewer of lessOf(patients)) yield { ...trial, patients: fewer };
  if (patients.length === 1) {
    for (const simpler of simplerPatients(patients[0]!)) yield { ...trial, patients: [simpler] };
  }
  if (queries.length === 1) {
    for (const simpler of simplerQueries(queries[0]!)) yield { ...trial, queries: [simpler] };
  }
}

/** One alone, then all without one. */
function* lessOf<T>(all: readonly T[]): Generator<T[]> {
  if (all.length < 2) return;
  for (const one of all) yield [one];
  for (const out of all.keys()) yield all.filter((_, i) => i !== out);
}

function* without<T>(all: readonly T[]): Generator<T[]> {
  for (const out of all.keys()) yield all.filter((_, i) => i !== out);
}

function* simplerPatients(patient: PlainPatient): Generator<PlainPatient> {
  for (const events of without(patient.events)) yield { ...patient, events };
  for (const registrations of without(patient.registrations)) yield { ...patient, registrations };
  if (patient.died !== null) yield { ...patient, died: null };
  for (const [i, event] of patient.events.entries()) {
    for (const field of [
      "value",
      "unit",
      "comparator",
      "quantity",
      "clinician",
      "recordedSystem",
      "recordedCode",
      "mapped",
    ] as const) {
      if (event[field] === undefined) continue;
      const plainer: PlainEvent = { ...event, [field]: undefined };
      yield { ...patient, events: patient.events.map((each, j) => (i === j ? plainer : each)) };
    }
  }
}

function* simplerQueries(query: Query): Generator<Query> {
  for (const splitBy of without(query.splitBy)) yield { ...query, splitBy };
  if (query.unit === "events") for (const by of without(query.by)) yield { ...query, by };
  for (const name of Object.keys(query.facts)) {
    if (!allConditions(query).some((each) => "fact" in each && each.fact === name)) {
      yield {
        ...query,
        facts: Object.fromEntries(Object.entries(query.facts).filter(([other]) => other !== name)),
      };
    }
  }
  if (query.unit === "people") {
    for (const denominator of simplerSelections(query.denominator, query)) yield { ...query, denominator };
    for (const numerator of simplerConditions(query.numerator, query)) yield { ...query, numerator };
  } else if (query.unit !== "events" && query.who !== null) {
    yield { ...query, who: null };
    for (const who of simplerSelections(query.who, query)) yield { ...query, who };
  }
}

const EVERYBODY: Condition = { form: "all", of: [] };

function* simplerSelections(selection: Selection, query: Query): Generator<Selection> {
  for (const steps of without(selection.steps)) yield { ...selection, steps };
  for (const start of simplerConditions(selection.start, query)) yield { ...selection, start };
  for (const [i, step] of selection.steps.entries()) {
    for (const simpler of simplerConditions(step.if, query)) {
      yield {
        ...selection,
        steps: selection.steps.map((each, j) => (i === j ? { ...step, if: simpler } : each)),
      };
    }
  }
}

function* simplerConditions(condition: Condition, query: Query): Generator<Condition> {
  if (JSON.stringify(condition) !== JSON.stringify(EVERYBODY)) yield EVERYBODY;
  yield* inside(condition, query);
  if (condition.form === "not") {
    for (const of of simplerConditions(condition.of, query)) yield { ...condition, of };
  }
  if (condition.form !== "all" && condition.form !== "any" && condition.form !== "at_least") return;
  for (const of of without(condition.of)) yield { ...condition, of };
  for (const [i, each] of condition.of.entries()) {
    for (const simpler of simplerConditions(each, query)) {
      yield { ...condition, of: condition.of.map((other, j) => (i === j ? simpler : other)) };
    }
  }
}

/** Only the lists that the query names, so that the reproduction is short enough to read. */
export function printed({ patients, queries, dates, leaveOut }: Trial): string {
  const named = (query: Query): Query => {
    const text = JSON.stringify({ ...query, codelists: {} });
    const codelists = Object.entries(query.codelists).filter(([name]) => text.includes(`"${name}"`));
    return { ...query, codelists: Object.fromEntries(codelists) };
  };
  return JSON.stringify({ patients, queries: queries.map(named), dates, leaveOut }, null, 1);
}
