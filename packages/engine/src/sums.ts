/** What each person adds to a denominator and a numerator that are sums: issues, quantities or events. */
import {
  civilDate,
  CODE_SYSTEMS,
  MAP_STATES,
  type EventChoice,
  type EventsQuery,
  type ItemsQuery,
} from "@cairn/query-library";
import type { Graph } from "./graph.js";
import type { Mask } from "./masks.js";
import { bitsOn } from "./reference-dates.js";
import { choose } from "./selection.js";
import type { Postings } from "./source.js";

/**
 * A row for each person who contributes, or for each person and group, by patient. The sums of row r on date k are
 * at [r * dates + k]; quantities are in thousandths, which add exactly.
 */
export interface SumRows {
  readonly dates: number;
  readonly patient: readonly number[];
  readonly group: readonly number[];
  readonly groups: readonly string[]; // what each group is called
  readonly denominator: Float64Array;
  readonly numerator: Float64Array;
}

/** The entries of a list that count, the dates on which each does, and how much it adds. */
interface Side {
  readonly postings: Postings;
  readonly bits: (i: number) => number;
  readonly amount: (i: number) => number;
}

interface Grouping {
  readonly names: readonly string[];
  readonly of: (postings: Postings, i: number) => number;
}

const ONE_GROUP: Grouping = { names: [""], of: () => 0 };

/** Sums of issues or quantities to the base population, narrowed by `who`. */
export function itemSums(query: ItemsQuery, graph: Graph): SumRows {
  const ask = graph.ask(query);
  const base = graph.basePopulation(query);
  const people = query.who === null ? base : choose(query, query.who, graph).mask;
  const whole = ask.window(query.denominator.window);
  const part = ask.window(query.numerator.window);
  const amountOf = ({ quantity }: Postings) =>
    query.unit === "items" ? () => 1 : (i: number) => Math.round((quantity![i] || 0) * 1000);
  const side = (list: string, bits: (day: number) => number): Side => {
    const postings = ask.postings(ask.list(list));
    return { postings, bits: (i) => bits(postings.day[i]!), amount: amountOf(postings) };
  };
  const denominator = side(query.denominator.list, (day) => bitsOn(whole, day));
  const numerator = side(query.numerator.list, (day) => bitsOn(whole, day) & bitsOn(part, day));
  return sum(people, denominator, numerator, ONE_GROUP, graph.dates.count);
}

/** Sums of events of the base population; `by`: in groups of one key, or all in one. */
export function eventSums(query: EventsQuery, by: EventsQuery["by"][number] | null, graph: Graph): SumRows {
  const denominator = eventSide(query, query.denominator, graph);
  const numerator = eventSide(query, query.numerator, graph);
  const inDenominator = eventFilter(query.denominator, query, graph);
  const both: Side = {
    ...numerator,
    bits: (i) => numerator.bits(i) && numerator.bits(i) & inDenominator(numerator.postings, i),
  };
  const people = graph.basePopulation(query);
  return sum(people, denominator, both, grouping(by, denominator.postings), graph.dates.count);
}

function eventSide(query: EventsQuery, choice: EventChoice, graph: Graph): Side {
  const ask = graph.ask(query);
  const postings = choice.list === null ? graph.store.allEvents() : ask.postings(ask.list(choice.list));
  const filter = eventFilter(choice, query, graph);
  return { postings, bits: (i) => filter(postings, i), amount: () => 1 };
}

/** The dates on which an entry is one of the events chosen, its list apart. */
function eventFilter(
  choice: EventChoice,
  query: EventsQuery,
  graph: Graph,
): (postings: Postings, i: number) => number {
  const window = graph.ask(query).window(choice.window);
  const systems = choice.systems && CODE_SYSTEMS.map((system) => choice.systems!.includes(system));
  const states = choice.mapped && MAP_STATES.map((state) => choice.mapped!.includes(state));
  return (postings, i) => {
    if (systems !== null && !systems[postings.system![i]!]) return 0;
    if (states !== null && !states[postings.mapped![i]!]) return 0;
    if (choice.coded !== null && choice.coded !== isCoded(postings, i)) return 0;
    return bitsOn(window, postings.day[i]!);
  };
}

/** An event on a list has a code; of all events, some may have none. */
function isCoded(postings: Postings, i: number): boolean {
  return "coded" in postings ? (postings.coded as Uint8Array)[i] === 1 : true;
}

function grouping(by: EventsQuery["by"][number] | null, denominator: Postings): Grouping {
  switch (by) {
    case null:
      return ONE_GROUP;
    case "system":
      return { names: CODE_SYSTEMS, of: ({ system }, i) => system![i]! };
    case "mapped":
      return { names: MAP_STATES, of: ({ mapped }, i) => mapped![i]! };
    case "coded":
      return { names: ["coded", "uncoded"], of: (postings, i) => (isCoded(postings, i) ? 0 : 1) };
    case "year":
      return byYear(denominator.day);
  }
}

/** Years of the days there are, looked up by day. The numerator's events are among the denominator's. */
function byYear(days: Int32Array): Grouping {
  let first = 0;
  let last = 0;
  days.forEach((day, i) => {
    if (i === 0 || day < first) first = day;
    if (i === 0 || day > last) last = day;
  });
  const firstYear = civilDate(first).year;
  const yearOfDay = Uint16Array.from(
    { length: last - first + 1 },
    (_, i) => civilDate(first + i).year - firstYear,
  );
  const years = civilDate(last).year - firstYear + 1;
  return {
    names: Array.from({ length: years }, (_, i) => String(firstYear + i)),
    of: ({ day }, i) => yearOfDay[day[i]! - first] ?? 0,
  };
}

/** Both sides patient by patient, those whom neither side has left out. */
function sum(people: Mask, denominator: Side, numerator: Side, grouping: Grouping, dates: number): SumRows {
  const rows = new Rows(grouping.names.length, dates);
  const [whole, part] = [denominator.postings.patient, numerator.postings.patient];
  for (let p = 0, q = 0; p < whole.length || q < part.length;) {
    const key = Math.min(whole[p] ?? Infinity, part[q] ?? Infinity);
    if (whole[p] === key) rows.add(0, denominator, p++, people[key]!, grouping);
    if (part[q] === key) rows.add(1, numerator, q++, people[key]!, grouping);
    rows.finish(key);
  }
  return { dates, groups: grouping.names, ...rows.done() };
}

/** One patient's sums at a time, kept when they are not all zero. */
class Rows {
  readonly #dates: number;
  readonly #now: readonly [Float64Array, Float64Array]; // [group * dates + k]
  readonly #touched: Uint8Array;
  readonly #patient: number[] = [];
  readonly #group: number[] = [];
  readonly #kept: [Float64Array, Float64Array] = [new Float64Array(1024), new Float64Array(1024)];

  constructor(groups: number, dates: number) {
    this.#dates = dates;
    this.#now = [new Float64Array(groups * dates), new Float64Array(groups * dates)];
    this.#touched = new Uint8Array(groups);
  }

  add(which: 0 | 1, side: Side, p: number, people: number, grouping: Grouping): void {
    if (people === 0) return;
    const { offset } = side.postings;
    const now = this.#now[which];
    for (let i = offset[p]! | 0; i < offset[p + 1]!; i++) {
      const bits = side.bits(i) & people;
      if (bits === 0) continue;
      const amount = side.amount(i);
      const group = grouping.of(side.postings, i);
      this.#touched[group] = 1;
      for (let k = 0, left = bits; left !== 0; k++, left >>>= 1) {
        if (left & 1) now[group * this.#dates + k]! += amount;
      }
    }
  }

  finish(patient: number): void {
    for (let group = 0; group < this.#touched.length; group++) {
      if (this.#touched[group] === 0) continue;
      const row = this.#patient.push(patient) - 1;
      this.#group.push(group);
      for (const which of [0, 1] as const) this.#keep(which, row, group);
      this.#touched[group] = 0;
    }
  }

  done(): Pick<SumRows, "patient" | "group" | "denominator" | "numerator"> {
    return {
      patient: this.#patient,
      group: this.#group,
      denominator: this.#kept[0],
      numerator: this.#kept[1],
    };
  }

  #keep(which: 0 | 1, row: number, group: number): void {
    const dates = this.#dates;
    let kept = this.#kept[which];
    if (kept.length < (row + 1) * dates) {
      const larger = new Float64Array(kept.length * 2 + dates);
      larger.set(kept);
      this.#kept[which] = kept = larger;
    }
    const now = this.#now[which].subarray(group * dates, (group + 1) * dates);
    kept.set(now, row * dates);
    now.fill(0);
  }
}
