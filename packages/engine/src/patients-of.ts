import type { Query } from "@cairn/query-library";
import { graphOf, wordsOf } from "./answer.js";
import type { Graph } from "./graph.js";
import { peopleAnswer } from "./people-table.js";
import { addTo, emptySet, type OptOutChoice, type RecordSource, type PatientSet, at } from "@cairn/tables";
import { setOn } from "./masks.js";
import { openStore } from "./store.js";
import { inWholeUnits } from "./sum-table.js";
import { addUp, type Sink } from "./sums.js";

/** The patients behind a query's numbers at one reference date. It never leaves the practice. */
export interface CountedPatients {
  readonly date: string; // ISO
  readonly denominatorSet: PatientSet;
  readonly numeratorSet: PatientSet;
  /** For items, quantities (in whole units) and events: each contributor's sums, by store key. Null for people. */
  readonly sums: ReadonlyMap<number, { readonly denominator: number; readonly numerator: number }> | null;
}

/** The patients behind a query at every reference date (ISO, in any order), for worklists and `--by-patient`. */
export function patientsOf(
  source: RecordSource,
  query: Query,
  dates: readonly string[],
  whom: OptOutChoice,
): CountedPatients[] {
  const store = openStore(source, [query], whom);
  const found = new Map<string, CountedPatients>();
  for (const word of wordsOf(dates)) {
    const graph = graphOf(store, word);
    for (const each of patientsIn(query, word, graph)) found.set(each.date, each);
  }
  return dates.map((date) => found.get(date) as CountedPatients);
}

function patientsIn(query: Query, word: readonly string[], graph: Graph): CountedPatients[] {
  if (query.unit === "people") {
    const { denominator, numerator } = peopleAnswer(query, graph);
    return word.map((date, k) => ({
      date,
      denominatorSet: setOn(denominator, k),
      numeratorSet: setOn(numerator, k),
      sums: null,
    }));
  }
  const { size } = graph.store.people;
  const found = word.map((date) => ({
    date,
    denominatorSet: emptySet(size),
    numeratorSet: emptySet(size),
    sums: new Map<number, { denominator: number; numerator: number }>(),
  }));
  const take: Sink = (patient, _group, denominator, numerator) => {
    found.forEach(({ denominatorSet, numeratorSet, sums }, k) => {
      const sum = { denominator: at(denominator, k), numerator: at(numerator, k) };
      if (sum.denominator > 0) addTo(denominatorSet, patient);
      if (sum.numerator > 0) addTo(numeratorSet, patient);
      if (sum.denominator === 0 && sum.numerator === 0) return;
      sums.set(patient, {
        denominator: inWholeUnits(sum.denominator, query.unit),
        numerator: inWholeUnits(sum.numerator, query.unit),
      });
    });
  };
  addUp(query, graph, [{ by: null, taker: () => take }]);
  return found;
}
