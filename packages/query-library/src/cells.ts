/** The cells of a query's table and their order, known before it runs, from the query and the date alone. */
import { civilDate, dayNumber, windowBounds } from "./calendar.js";
import {
  CODE_SYSTEMS,
  ETHNIC_GROUPS,
  MAP_STATES,
  SEXES,
  type Cell,
  type EventsQuery,
  type Query,
  type SplitKey,
} from "./query.js";

/** A key of a split or of `by`. */
export type CellKey = SplitKey["key"] | EventsQuery["by"][number];

/** Labels of age bands: bounds [17, 40] give 0-16, 17-39, 40+. The band of a person is the last whose bound is reached. */
export function ageBandLabels(bounds: readonly number[]): string[] {
  const starts = bounds[0] === 0 ? bounds : [0, ...bounds];
  return starts.map((from, i) => {
    const next = starts[i + 1];
    if (next === undefined) return `${from}+`;
    return next - 1 === from ? `${from}` : `${from}-${next - 1}`;
  });
}

/** The values of one key of a split, in cell order. */
export function splitValues(key: SplitKey): readonly string[] {
  switch (key.key) {
    case "sex":
      return SEXES;
    case "age_band":
      return [...ageBandLabels(key.bounds), "unknown"];
    case "deprivation_fifth":
      return ["1", "2", "3", "4", "5", "unknown"];
    case "ethnic_group":
      return ETHNIC_GROUPS;
  }
}

/**
 * The values of one `by` key of an events query, in cell order: those that its denominator can hold. `year` is the
 * calendar years that the denominator's window touches at `date`.
 */
export function byValues(
  query: EventsQuery,
  key: EventsQuery["by"][number],
  date: string,
): readonly string[] {
  const { systems, mapped, coded, window } = query.denominator;
  switch (key) {
    case "system":
      return CODE_SYSTEMS.filter((system) => systems === null || systems.includes(system));
    case "mapped":
      return MAP_STATES.filter((state) => mapped === null || mapped.includes(state));
    case "coded":
      return coded === null ? ["coded", "uncoded"] : [coded ? "coded" : "uncoded"];
    case "year": {
      const { after, upTo } = windowBounds(window, dayNumber(date));
      const first = civilDate(after + 1).year;
      return Array.from({ length: civilDate(upTo).year - first + 1 }, (_, i) => String(first + i));
    }
  }
}

/** Every combination of values, the first key slowest. */
function product(axes: readonly { readonly key: CellKey; readonly values: readonly string[] }[]): Cell[] {
  return axes.reduce<Cell[]>(
    (cells, { key, values }) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [key]: value }))),
    [{}],
  );
}

/**
 * The cells of the query's table at `date` (ISO; it matters only for `by: [year]`): the total `{}`, then
 * each split in order, then each `by` key as a split of its own.
 */
export function cellsOf(query: Query, date: string): Cell[] {
  const splits = query.splitBy.map((split) =>
    split.map((key) => ({ key: key.key, values: splitValues(key) })),
  );
  const by =
    query.unit === "events" ? query.by.map((key) => [{ key, values: byValues(query, key, date) }]) : [];
  return [{}, ...[...splits, ...by].flatMap(product)];
}
