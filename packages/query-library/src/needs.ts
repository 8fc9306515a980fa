/** The facts that a query needs beside codes and days. Not every format can carry all of them. */
import type { Condition, EventsQuery, Fact, Query, SplitKey } from "./query.js";
import { allConditions } from "./walk.js";

export const RECORD_FACTS = [
  "registrations", // when people joined the practice and left it
  "birth", // when they were born
  "sex",
  "deprivation_fifth",
  "ethnic_group",
  "clinician", // who saw or prescribed
  "value", // readings with a number
  "quantity", // how much was issued
  "ctv3", // CTV3 told from Read v2
] as const;
export type RecordFact = (typeof RECORD_FACTS)[number];

export interface Needs {
  /** Facts without which the query's counts mean nothing: everybody would count as not having the condition. */
  readonly toAnswer: ReadonlySet<RecordFact>;
  /** Facts without which everybody is in a split's `unknown`. */
  readonly toSplit: ReadonlySet<RecordFact>;
}

/** Collects the needs of the query's conditions, facts, unit and splits. */
export function needsOf(query: Query): Needs {
  const asked = [
    ...allConditions(query).map(ofCondition),
    ...Object.values(query.facts).map(ofFact),
    ofUnit(query),
  ];
  return {
    toAnswer: new Set(asked.filter((need) => need !== null)),
    toSplit: new Set(query.splitBy.flat().map(ofSplit)),
  };
}

function ofCondition(condition: Condition): RecordFact | null {
  switch (condition.form) {
    case "age":
      return "birth";
    case "sex":
      return "sex";
    case "registered_for":
      return "registrations";
    case "deprivation_fifth":
      return "deprivation_fifth";
    case "continuity":
      return "clinician";
    case "two":
      return condition.value === null ? null : "value";
    default:
      return null;
  }
}

function ofFact(fact: Fact): RecordFact | null {
  return fact.form === "value" || fact.form === "pair" ? "value" : null;
}

function ofUnit(query: Query): RecordFact | null {
  if (query.unit === "quantity") return "quantity";
  return query.unit === "events" && tellsReadFromCtv3(query) ? "ctv3" : null;
}

/** Whether cells are by system, or a choice holds one of Read v2 and CTV3 and not the other. */
function tellsReadFromCtv3({ by, denominator, numerator }: EventsQuery): boolean {
  const parts = [denominator.systems, numerator.systems].some(
    (systems) => systems !== null && systems.includes("read2") !== systems.includes("ctv3"),
  );
  return parts || by.includes("system");
}

function ofSplit({ key }: SplitKey): RecordFact {
  return key === "age_band" ? "birth" : key;
}
