/** The sums that each person adds to a denominator and a numerator: issues, quantities or events. */
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
import { bitsOn, type DayTable } from "./reference-dates.js";
import { choose } from "./selection.js";
import type { Postings } from "@cairn/tables";

/**
 * Receives the sums of one person on each date, in one of the groups; both arrays are used again for the next person.
 * Quantities are in thousandths, which add exactly.
 */
export type Sink = (
  patient: number,
  group: number,
  denominator: Float64Array,
  numerator: Float64Array,
) => void;

/** A request for sums by groups of events, or in one; `taker` receives the groups' names. */
export interface GroupingRequest {
  readonly by: EventsQuery["by"][number] | null;
  readonly taker: (groups: readonly string[]) => Sink;
}

/** The entries of a list that count, the dates on which each does, and how much it adds. */
interface EventStream {
  readonly postings: Postings;
  readonly bits: (i: number) => number;
  readonly floor: number; // no entry on or before that day counts on any date
  readonly amount: (i: number) => number;
}

interface Grouping {
  readonly names: readonly string[];
  readonly of: (postings: Postings, i: number) => number;
}

const ONE_GROUP: Grouping = { names: [""], of: () => 0 };

/** The streams to add up, and the people to add them for. */
interface SumPlan {
  readonly people: Mask;
  readonly denominator: EventStream;
  readonly numerator: EventStream;
}

/** Adds up person by person, in order of key, for the base population. */
export function addUp(
  query: ItemsQuery | EventsQuery,
  graph: Graph,
  wanted: readonly GroupingRequest[],
): void {
  const { people, denominator, numerator } =
    query.unit === "events" ? events(query, graph) : items(query, graph);
  const all = wanted.map(({ by, taker }) => {
    const grouping = groupingOf(by, denominator.postings);
    return new PersonSums(grouping, graph.dates.count, taker(grouping.names));
  });
  const [whole, part] = [denominator.postings.patient, numerator.postings.patient];
  for (let p = 0, q = 0; p < whole.length || q < part.length;) {
    const key = Math.min(whole[p] ?? Infinity, part[q] ?? Infinity);
    if (whole[p] === key) addPatient(all, 0, denominator, p++, people[key]!);
    if (part[q] === key) addPatient(all, 1, numerator, q++, people[key]!);
    for (const sums of all) sums.finish(key, people[key]!);
  }
}

/** Issues or quantities of the base population, narrowed by `who`. */
function items(query: ItemsQuery, graph: Graph): SumPlan {
  const ask = graph.ask(query);
  const base = graph.basePopulation(query);
  const people = query.who === null ? base : choose(query, query.who, graph).mask;
  const whole = ask.window(query.denominator.window);
  const part = ask.window(query.numerator.window);
  const amountOf = ({ quantity }: Postings) =>
    query.unit === "items" ? () => 1 : (i: number) => Math.round((quantity![i] || 0) * 1000);
  const side = (list: string, { floor }: DayTable, bits: (day: number) => number): EventStream => {
    const postings = ask.postings(ask.list(list));
    return { postings, floor, bits: (i) => bits(postings.day[i]!), amount: amountOf(postings) };
  };
  return {
    people,
    denominator: side(query.denominator.list, whole, (day) => bitsOn(whole, day)),
    numerator: side(query.numerator.list, part, (day) => bitsOn(whole, day) & bitsOn(part, day)),
  };
}

/** Events of the base population. The numerator's are among the denominator's. */
function events(query: EventsQuery, graph: Graph): SumPlan {
  const numerator = eventSide(query, query.numerator, graph);
  const inDenominator = eventFilter(query.denominator, query, graph);
  return {
    people: graph.basePopulation(query),
    denominator: eventSide(query, query.denominator, graph),
    numerator: {
      ...numerator,
      bits: (i) => numerator.bits(i) && numerator.bits(i) & inDenominator(numerator.postings, i),
    },
  };
}

function eventSide(query: EventsQuery, choice: EventChoice, graph: Graph): EventStream {
  const ask = graph.ask(query);
  const postings = choice.list === null ? graph.store.allEvents() : ask.postings(ask.list(choice.list));
  const filter = eventFilter(choice, query, graph);
  const { count } = postings;
  return {
    postings,
    bits: (i) => filter(postings, i),
    floor: ask.window(choice.window).floor,
    amount: count === null ? () => 1 : (i) => count[i]!,
  };
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

/** Whether the entry is coded. An event on a list has a code; of all events, some may have none. */
function isCoded({ coded }: Postings, i: number): boolean {
  return coded === null || coded[i] === 1;
}

function groupingOf(by: GroupingRequest["by"], denominator: Postings): Grouping {
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
      return byYear(denominator);
  }
}

/** Groups events by year, looked up by day. The numerator's events are among the denominator's. */
function byYear({ day, offset }: Postings): Grouping {
  if (day.length === 0) return ONE_GROUP;
  let first = Infinity;
  let last = -Infinity;
  for (let p = 0; p + 1 < offset.length; p++) {
    first = Math.min(first, day[offset[p]!]!);
    last = Math.max(last, day[offset[p + 1]! - 1]!);
  }
  const firstYear = civilDate(first).year;
  const yearOfDay = Uint16Array.from(
    { length: last - first + 1 },
    (_, i) => civilDate(first + i).year - firstYear,
  );
  const years = civilDate(last).year - firstYear + 1;
  return {
    names: Array.from({ length: years }, (_, i) => String(firstYear + i)),
    of: ({ day }, i) => yearOfDay[day[i]! - first]!,
  };
}

/** Adds one patient's entries, newest first, as far back as any date reaches. */
function addPatient(
  all: readonly PersonSums[],
  which: 0 | 1,
  side: EventStream,
  p: number,
  people: number,
): void {
  if (people === 0) return;
  const { postings, floor } = side;
  const { offset, day } = postings;
  const start = offset[p]! | 0;
  for (let i = (offset[p + 1]! | 0) - 1; i >= start && day[i]! > floor; i--) {
    const bits = side.bits(i);
    if ((bits & people) === 0) continue;
    const amount = side.amount(i);
    for (const sums of all) sums.add(which, postings, i, bits, amount);
  }
}

/** The sums of one person at a time, by group and date. */
class PersonSums {
  readonly #grouping: Grouping;
  readonly #dates: number;
  readonly #take: Sink;
  readonly #steps: readonly [Float64Array, Float64Array]; // what a date has more than the one before
  readonly #sums: readonly [Float64Array, Float64Array];
  readonly #touched: Uint8Array; // the groups that have anything

  constructor(grouping: Grouping, dates: number, take: Sink) {
    const groups = grouping.names.length;
    this.#grouping = grouping;
    this.#dates = dates;
    this.#take = take;
    this.#steps = [new Float64Array(groups * (dates + 1)), new Float64Array(groups * (dates + 1))];
    this.#sums = [new Float64Array(dates), new Float64Array(dates)];
    this.#touched = new Uint8Array(groups);
  }

  /** Adds an entry on the dates of `bits`. The dates whose window holds a day follow one another. */
  add(which: 0 | 1, postings: Postings, i: number, bits: number, amount: number): void {
    const group = this.#grouping.of(postings, i);
    const steps = this.#steps[which];
    const at = group * (this.#dates + 1);
    steps[at + 31 - Math.clz32(bits & -bits)]! += amount;
    steps[at + 32 - Math.clz32(bits)]! -= amount;
    this.#touched[group] = 1;
  }

  /** Passes on the sums, on the dates on which the person belongs. */
  finish(patient: number, people: number): void {
    for (let group = 0; group < this.#touched.length; group++) {
      if (this.#touched[group] === 0) continue;
      this.#touched[group] = 0;
      this.#sumUp(0, group, people);
      this.#sumUp(1, group, people);
      this.#take(patient, group, this.#sums[0], this.#sums[1]);
    }
  }

  #sumUp(which: 0 | 1, group: number, people: number): void {
    const dates = this.#dates;
    const steps = this.#steps[which];
    const sums = this.#sums[which];
    const from = group * (dates + 1);
    for (let k = 0, amount = 0; k < dates; k++) {
      amount += steps[from + k]!;
      sums[k] = (people >>> k) & 1 ? amount : 0;
    }
    steps.fill(0, from, from + dates + 1);
  }
}
