/** Random queries of every unit; most of those over people bring a wanted pair of kinds together. */
import {
  CODE_SYSTEMS,
  MAP_STATES,
  type EventsQuery,
  type ItemsQuery,
  type PeopleQuery,
  type Query,
  type Split,
  type SplitKey,
} from "@cairn/query-library";
import { Maker } from "./conditions.js";
import { COMPARISON_KINDS, PAIRS, PLAIN_KINDS, type Pair } from "./kinds.js";
import type { Random } from "./random.js";
import { someWindow, windowInside, type World } from "./world.js";

const EVERYBODY = { form: "all", of: [] } as const;

/** How many queries of each sort a trial has. */
interface Mix {
  readonly pairs: number;
  readonly alone: number;
  readonly items: number;
  readonly events: number;
}

/** Pairs are taken in turn, so that in the end all of them have come up. */
export function someQueries(random: Random, world: World, mix: Mix, firstPair: number): Query[] {
  const several = (count: number, make: (maker: Maker, i: number) => Query) =>
    Array.from({ length: count }, (_, i) => make(new Maker(random, world), i));
  return random.shuffled([
    ...several(mix.pairs, (make, i) => peopleQuery(make, PAIRS[(firstPair + i) % PAIRS.length]!)),
    ...several(mix.alone, aloneQuery),
    ...several(mix.items, itemsQuery),
    ...several(mix.events, eventsQuery),
  ]);
}

/** One condition, or `not` of one, asked of everyone: nothing can hide what it gives. */
function aloneQuery(make: Maker): PeopleQuery {
  const { random } = make;
  const condition = make.of(random.pick([...PLAIN_KINDS, ...COMPARISON_KINDS]), 0);
  const numerator = random.chance(0.4) ? make.around("not", [condition], 0) : condition;
  const denominator = { start: EVERYBODY, steps: [], otherwise: "select" } as const;
  return { ...head(make), people: "everyone", unit: "people", denominator, numerator };
}

/** The pair stands in the numerator, in a step or at the start, and what else there is lets people through to it. */
function peopleQuery(make: Maker, pair: Pair): PeopleQuery {
  const { random } = make;
  const wanted = conditionWith(make, pair);
  const rest = () => (random.chance(0.6) ? EVERYBODY : make.any(1));
  const place = random.pick(["numerator", "numerator", "step", "start"]);
  const others = Array.from({ length: random.pick([0, 0, 0, 2]) }, () => make.any(2));
  const steps = place === "step" ? random.shuffled([...others, wanted]) : others;
  const denominator = make.selection(place === "start" ? wanted : rest(), steps);
  const numerator =
    place === "numerator" ? wanted : make.of(random.pick([...PLAIN_KINDS, ...COMPARISON_KINDS]), 0);
  return { ...head(make), unit: "people", denominator, numerator };
}

function conditionWith(make: Maker, pair: Pair): PeopleQuery["numerator"] {
  if ("outer" in pair) return make.around(pair.outer, [make.of(pair.inner, 1)], 2);
  const [one, other] = pair.together;
  const both = [make.of(one, 1), make.of(other, 1)];
  return make.around(make.random.pick(["all", "any", "at_least"]), both, 1);
}

/** The first list of medicines holds the codes of the others. */
function itemsQuery(make: Maker): ItemsQuery {
  const { random, world, codelists } = make;
  const medicines = Object.keys(codelists).filter((alias) => codelists[alias]!.kind === "medicine");
  const whole = medicines.find((alias) => codelists[alias]!.name === "any-medicine")!;
  const window = someWindow(random, world);
  return {
    unit: random.pick(["items", "quantity"]),
    denominator: { list: whole, window },
    numerator: { list: random.pick(medicines), window: windowInside(random, window, world) },
    who: random.chance(0.4) ? null : make.selection(make.any(2), random.chance(0.5) ? [] : [make.any(1)]),
    ...head(make),
  };
}

function eventsQuery(make: Maker): EventsQuery {
  const { random, world, codelists } = make;
  const lists = Object.keys(codelists);
  const denominator = {
    list: random.chance(0.5) ? null : random.pick(lists),
    window: someWindow(random, world),
    systems: random.chance(0.6) ? null : random.some(CODE_SYSTEMS.slice(0, 4), 3),
    mapped: random.chance(0.6) ? null : random.some(MAP_STATES, 3),
    coded: random.chance(0.8) ? null : random.chance(0.7),
  };
  const numerator = {
    list: denominator.list ?? (random.chance(0.5) ? null : random.pick(lists)),
    window: windowInside(random, denominator.window, world),
    systems: random.chance(0.3)
      ? denominator.systems
      : random.some(denominator.systems ?? CODE_SYSTEMS.slice(0, 4), 2),
    mapped: random.chance(0.3) ? denominator.mapped : random.some(denominator.mapped ?? MAP_STATES, 2),
    coded: denominator.coded ?? random.pick([null, true, false]),
  };
  const keys = ["system", "mapped", "coded", ...(denominator.window.from === null ? [] : ["year"])];
  const by = random.some(keys, random.int(0, keys.length)) as EventsQuery["by"];
  return { unit: "events", by, denominator, numerator, ...head(make) };
}

/** Everything that is not specific to a unit; called last, when the facts are all there. */
function head(make: Maker): Omit<PeopleQuery, "unit" | "denominator" | "numerator"> {
  const { random } = make;
  return {
    query: "q",
    version: "1",
    title: "",
    question: "",
    purpose: "",
    why: null,
    source: null,
    direction: "none",
    margin: 5,
    worklistFirst: false,
    sensitive: false,
    temporal: "rounded",
    people: random.pick(["registered-and-alive", "everyone", "everyone"]),
    registers: [],
    review: { writtenBy: null, reviewedBy: null, due: null },
    othersTried: [],
    periods: { every: "month", count: 1 },
    codelists: make.codelists,
    facts: make.facts,
    splitBy: Array.from({ length: random.int(0, 2) }, () => someSplit(random)),
    digest: "",
  };
}

export const SPLIT_KEYS = ["sex", "age_band", "deprivation_fifth", "ethnic_group"] as const;

function someSplit(random: Random): Split {
  return random.some(SPLIT_KEYS, random.pick([1, 1, 2])).map((key): SplitKey => {
    if (key !== "age_band") return { key };
    return { key, bounds: random.pick([[17, 40, 65], [0, 18], [18], [5, 6, 7, 80]]) };
  });
}
