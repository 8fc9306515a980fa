import { dayNumber, type Query } from "@cairn/query-library";
import { Graph } from "./graph.js";
import { withScratch } from "./masks.js";
import { peopleTables } from "./people-table.js";
import { sumTables } from "./sum-table.js";
import { referenceDates } from "./reference-dates.js";
import { at, type Answerer, type ExactTable } from "@cairn/tables";
import { openStore, type Store } from "./store.js";

/**
 * Answers every query at every reference date (ISO, in any order), [query][date]. Dates are taken up to 32 at a time,
 * one bit each; what queries have in common is worked out once.
 * @param whom whether people with a type 1 opt-out in their record are counted; each table says it again
 */
export const answer: Answerer = (source, queries, dates, whom) => {
  const store = openStore(source, queries, whom);
  const words = wordsOf(dates);
  const tables: ExactTable[][] = queries.map(() => []);
  for (const word of words) {
    const graph = graphOf(store, word);
    queries.forEach((query, q) => at(tables, q).push(...tablesOf(query, word, graph)));
  }
  const place = new Map(words.flat().map((date, i) => [date, i]));
  return tables.map((inOrder) => dates.map((date) => at(inOrder, place.get(date) as number)));
};

function tablesOf(query: Query, word: readonly string[], graph: Graph): readonly ExactTable[] {
  const { tables } = withScratch(
    () => (query.unit === "people" ? peopleTables(query, word, graph) : sumTables(query, word, graph)),
    ({ keep }) => new Set([...keep, ...graph.forget()]),
  );
  return tables;
}

export function graphOf(store: Store, word: readonly string[]): Graph {
  return new Graph(store, referenceDates(word.map(dayNumber)));
}

/** Distinct dates, ascending, in as few words as hold them and of about one length: 60 are 30 and 30. */
export function wordsOf(dates: readonly string[]): string[][] {
  const distinct = [...new Set(dates)].sort();
  const words = Math.ceil(distinct.length / 32);
  const length = Math.ceil(distinct.length / words);
  return Array.from({ length: words }, (_, w) => distinct.slice(w * length, (w + 1) * length));
}
