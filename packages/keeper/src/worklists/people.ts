/** The people on a worklist, each with the facts that decided. It is computed where the records are and never leaves. */
import {
  ageAt,
  decidingFacts,
  type CountedPatients,
  type DecidingFact,
  optedOut,
  patientsOf,
} from "@cairn/engine";
import type { Query, Sex } from "@cairn/query-library";
import { optOutCodes, type Records, requireAnswerable } from "@cairn/records";
import { has, keysIn, OPT_OUTS_COUNTED } from "@cairn/tables";
import type { List } from "./lists.js";

export interface ListedPerson {
  readonly date: string; // reference date, ISO
  readonly patient: string; // what the practice finds them by
  readonly id: string; // the practice's own identifier, which stays
  readonly age: number | null; // completed years at the date
  readonly sex: Sex;
  /** Each fact of the query, in its order. */
  readonly facts: readonly DecidingFact[];
}

export interface Worklist {
  readonly people: readonly ListedPerson[]; // by date as asked, then by store key
  /** How many of them opted out of what leaves; each counts once, whatever the number of dates. */
  readonly optedOut: number;
}

/**
 * Lists the practice's own patients behind a query's number at these reference dates (ISO), people with a type 1 opt-out in their record
 * included: it is for their care.
 * @throws UnanswerableError where the records do not say what the query asks
 */
export function worklistOf(records: Records, query: Query, dates: readonly string[], list: List): Worklist {
  requireAnswerable(query, records);
  const source = records.source();
  const listed = patientsOf(source, query, dates, OPT_OUTS_COUNTED).map((counted) => ({
    date: counted.date,
    keys: keysOn(list, counted),
  }));
  const out = optedOut(source, optOutCodes());
  const lists = Object.values(query.codelists);
  return {
    people: listed.flatMap(({ date, keys }) =>
      records.peopleWith(keys, lists).map((person, i) => ({
        date,
        patient: records.foundBy(keys[i]!),
        id: person.id,
        age: ageAt(person, date),
        sex: person.sex,
        facts: decidingFacts(person, query, date),
      })),
    ),
    optedOut: new Set(listed.flatMap(({ keys }) => keys).filter((key) => has(out, key))).size,
  };
}

/** The store keys on a list at a date. Of sums, everyone who adds to them is in them. */
export function keysOn(list: List, { denominatorSet, numeratorSet }: CountedPatients): number[] {
  return keysIn(denominatorSet).filter((key) => has(numeratorSet, key) === (list === "numerator"));
}
