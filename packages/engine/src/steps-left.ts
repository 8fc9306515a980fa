import { stepsOf, type PeopleQuery } from "@cairn/query-library";
import { at, type OptOutChoice, type RecordSource } from "@cairn/tables";
import { graphOf, wordsOf } from "./answer.js";
import { countCells } from "./counters.js";
import type { Graph } from "./graph.js";
import { and, type Mask, without } from "./masks.js";
import { partitionOf } from "./partition.js";
import { choose } from "./selection.js";
import { openStore } from "./store.js";

/**
 * The number of people left after each step of `stepsOf(query)`, at each reference date (ISO, in any order):
 * [date][step]. For the practice's own screen.
 */
export function stepsLeft(
  source: RecordSource,
  query: PeopleQuery,
  dates: readonly string[],
  whom: OptOutChoice,
): number[][] {
  const store = openStore(source, [query], whom);
  const found = new Map<string, number[]>();
  for (const word of wordsOf(dates)) {
    const graph = graphOf(store, word);
    const everyone = partitionOf([], graph);
    const counts = masksOf(query, graph).map((mask) => countCells(mask, everyone, word.length));
    word.forEach((date, k) =>
      found.set(
        date,
        counts.map((each) => at(each, k)),
      ),
    );
  }
  return dates.map((date) => found.get(date) as number[]);
}

/** The people and dates left after each step. */
function masksOf(query: PeopleQuery, graph: Graph): Mask[] {
  const chosen = choose(query, query.denominator, graph);
  let left = graph.basePopulation(query);
  return stepsOf(query).map((step) => {
    switch (step.keeps) {
      case "population":
        return left;
      case "those-for-whom":
        return (left = and(left, graph.ask(query, left).holds(step.condition)));
      case "not-rejected-by":
        return (left = without(left, at(chosen.stages, step.step + 1).mask));
      case "selected":
        return (left = and(left, chosen.mask));
    }
  });
}
