/** Random conditions, kind by kind. */
import type {
  Codelist,
  Condition,
  Fact,
  Limit,
  ListName,
  Query,
  Reading,
  Selection,
} from "@cairn/query-library";
import { SEXES } from "@cairn/query-library";
import { MEASURES } from "./codes.js";
import {
  COMBINING_KINDS,
  COMPARISON_KINDS,
  hasComparison,
  PLAIN_KINDS,
  type Combining,
  type Kind,
} from "./kinds.js";
import type { Random } from "./random.js";
import { someWindow, type World } from "./world.js";

type ConditionOf<F extends Condition["form"]> = Extract<Condition, { form: F }>;

/** Makes conditions for one query, collecting the facts they name. */
export class Maker {
  readonly random: Random;
  readonly world: World;
  readonly codelists: Readonly<Record<ListName, Codelist>>;
  readonly facts: Record<string, Fact> = {};

  /** Names of lists mean something else from query to query, so that nothing may be remembered by name alone. */
  constructor(random: Random, world: World) {
    this.random = random;
    this.world = world;
    const shuffled = [world.clinical, world.measured, world.medicines].map((lists) => random.shuffled(lists));
    this.codelists = Object.fromEntries(
      shuffled.flatMap((lists, l) => lists.map((list, i) => [`${"cvm"[l]}${i}`, list])),
    );
  }

  /** A condition of any kind, not deeper than `depth` combinations. */
  any(depth: number): Condition {
    const kinds: readonly Kind[] =
      depth > 0 && this.random.chance(0.45)
        ? COMBINING_KINDS
        : this.random.pick([PLAIN_KINDS, COMPARISON_KINDS]);
    return this.of(this.random.pick(kinds), depth);
  }

  of(kind: Kind, depth: number): Condition {
    switch (kind) {
      case "all":
      case "any":
      case "not":
      case "at_least":
      case "fact":
        return this.around(kind, [this.any(depth - 1)], depth);
      case "value latest":
      case "value highest":
      case "value lowest":
      case "value mean":
      case "pair systolic":
      case "pair diastolic":
      case "date earliest":
      case "date latest":
      case "count events":
      case "count days":
        return this.#comparison(kind);
      default:
        return this.#plain(kind);
    }
  }

  /** A combination that holds at least these. */
  around(kind: Combining, inner: readonly Condition[], depth: number): Condition {
    const { random } = this;
    const of = random.shuffled([...inner, ...(random.chance(0.5) ? [this.any(Math.min(depth, 1) - 1)] : [])]);
    switch (kind) {
      case "all":
      case "any":
        return { form: kind, of };
      case "at_least":
        return { form: kind, n: random.int(1, of.length), of };
      case "not": {
        const only = inner[0]!;
        const compares = hasComparison(only, { facts: this.facts } as Query);
        return { form: kind, of: only, ifMissing: compares ? random.chance(0.5) : null };
      }
      case "fact":
        return { form: kind, fact: this.#named({ form: "condition", condition: inner[0]! }) };
    }
  }

  selection(start: Condition, steps: readonly Condition[]): Selection {
    return {
      start,
      steps: steps.map((step) => ({ do: this.random.pick(["select", "reject"]), if: step, why: null })),
      otherwise: this.random.pick(["select", "select", "reject"]),
    };
  }

  #plain(kind: (typeof PLAIN_KINDS)[number]): Condition {
    const { random, world } = this;
    const window = someWindow(random, world);
    switch (kind) {
      case "registered_for":
        return { form: kind, span: random.pick(world.spans) };
      case "age": {
        const from = random.pick([null, 0, 5, 17, 18]);
        return {
          form: kind,
          from,
          to: from === null || random.chance(0.5) ? random.pick([39, 64, 17, 18]) : null,
        };
      }
      case "sex":
        return { form: kind, sex: random.pick(SEXES) };
      case "deprivation_fifth": {
        const from = random.int(1, 5);
        return { form: kind, from, to: random.int(from, 5) };
      }
      case "exists":
        return { form: kind, list: this.#list("cv"), window };
      case "issued":
        return { form: kind, list: this.#list("m"), window };
      case "unresolved": {
        const [list, resolvedBy] = random.some(this.#lists("c"), 2) as [string, string];
        return {
          form: kind,
          list,
          resolvedBy,
          sameDay: random.pick(["resolved_wins", "diagnosis_wins"]),
          window,
        };
      }
      case "two":
        return { form: kind, list: this.#list("cvm"), apart: random.pick(world.apart), window, value: null };
      case "two within limits": {
        const list = this.#list("v");
        const reading = this.#reading(list);
        const value = { reading, limits: this.#limits(list) };
        return { form: "two", list, apart: random.pick(world.apart), window, value };
      }
      case "first_then": {
        const kind = random.pick(["c", "c", "m", "m", "v"]); // lists that one patient may have codes of
        const [first, then] = [this.#list(kind), this.#list(kind)];
        return { form: "first_then", first, then, within: random.pick(world.apart), window };
      }
      case "issued_together": {
        const lists = random.chance(0.6)
          ? ([this.#called("broad"), this.#called("narrow")] as const)
          : ([this.#list("m"), this.#list("m")] as const);
        return { form: kind, lists, within: random.pick(world.apart), window };
      }
      case "continuity": {
        const atLeast = random.pick([
          { p: 1, q: 2 },
          { p: 2, q: 3 },
          { p: 3, q: 4 },
          { p: 1, q: 1 },
        ]);
        return {
          form: kind,
          list: this.#list("cvm"),
          index: "upc",
          atLeast,
          contacts: random.int(1, 3),
          window,
        };
      }
    }
  }

  #comparison(kind: (typeof COMPARISON_KINDS)[number]): Condition {
    const [what, which] = kind.split(" ") as [string, string];
    switch (what) {
      case "value":
        return this.#compareValue(which as Extract<Fact, { form: "value" }>["which"]);
      case "pair":
        return this.#comparePair(which as "systolic" | "diastolic");
      case "date":
        return this.#compareDate(which as "earliest" | "latest");
      default:
        return this.#compareCount(which as "events" | "days");
    }
  }

  #compareValue(which: Extract<Fact, { form: "value" }>["which"]): ConditionOf<"compare_value"> {
    const list = this.#list("v");
    const fact = this.#factLike("value", which, () => ({
      form: "value",
      which,
      list,
      window: someWindow(this.random, this.world),
      reading: this.#reading(list),
      sameDay: which === "latest" ? this.random.pick(["lowest", "highest"]) : null,
    }));
    const { list: measured } = this.facts[fact] as Extract<Fact, { form: "value" }>;
    return { form: "compare_value", fact, component: null, limits: this.#limits(measured) };
  }

  #comparePair(component: "systolic" | "diastolic"): ConditionOf<"compare_value"> {
    const fact = this.#factLike("pair", null, () => ({
      form: "pair",
      systolic: this.#called("systolic"),
      diastolic: this.random.chance(0.9) ? this.#called("diastolic") : this.#called("systolic"),
      window: someWindow(this.random, this.world),
      reading: { unit: "mmHg", plausible: this.random.pick([null, [80, 140], [0, 300]] as const) },
      sameDay: this.random.pick(["lowest", "highest"]),
    }));
    return { form: "compare_value", fact, component, limits: this.#limits(this.#called(component)) };
  }

  #compareDate(which: "earliest" | "latest"): ConditionOf<"compare_date"> {
    const fact = this.#factLike("date", which, () => ({
      form: "date",
      which,
      list: this.#list("cvm"),
      window: someWindow(this.random, this.world),
    }));
    return { form: "compare_date", fact, window: someWindow(this.random, this.world) };
  }

  #compareCount(what: "events" | "days"): ConditionOf<"compare_count"> {
    const fact = this.#factLike("count", what, () => ({
      form: "count",
      what,
      list: this.#list("cvm"),
      window: someWindow(this.random, this.world),
    }));
    const limits = this.#range([0, 1, 2, 3]);
    return { form: "compare_count", fact, limits };
  }

  /** Sometimes a fact that is there already, compared once more. */
  #factLike(form: Fact["form"], which: string | null, make: () => Fact): string {
    const alike = Object.entries(this.facts).find(
      ([, fact]) =>
        fact.form === form &&
        (which === null ||
          ("which" in fact && fact.which === which) ||
          ("what" in fact && fact.what === which)),
    );
    return alike !== undefined && this.random.chance(0.3) ? alike[0] : this.#named(make());
  }

  #named(fact: Fact): string {
    const name = `f${Object.keys(this.facts).length}`;
    this.facts[name] = fact;
    return name;
  }

  #lists(kinds: string): string[] {
    return Object.keys(this.codelists).filter((alias) => kinds.includes(alias[0]!));
  }

  #called(name: string): string {
    return Object.keys(this.codelists).find((alias) => this.codelists[alias]!.name === name)!;
  }

  #list(kinds: string): string {
    return this.random.pick(this.#lists(kinds));
  }

  #reading(list: ListName): Reading {
    const { asked, numbers } = this.#measure(list);
    const inOrder = [...numbers].sort((a, b) => a - b);
    const from = this.random.int(0, 1);
    return {
      unit: this.random.pick(asked),
      plausible: this.random.chance(0.65)
        ? null
        : [inOrder[from]!, inOrder[this.random.int(from, inOrder.length - 1)]!],
    };
  }

  #limits(list: ListName): Limit[] {
    return this.#range(this.#measure(list).numbers);
  }

  /** A limit on one side, or on both with room between them. */
  #range(numbers: readonly number[]): Limit[] {
    const { random } = this;
    const [low, high] = random.some(numbers, 2).sort((a, b) => a - b) as [number, number];
    const lower: Limit = { op: random.pick(["at_least", "above"]), x: low };
    const upper: Limit = { op: random.pick(["at_most", "below"]), x: high };
    return random.pick([[lower], [upper], [lower, upper]]);
  }

  #measure(list: ListName): (typeof MEASURES)[string] {
    return MEASURES[this.codelists[list]!.codes[0]!]!;
  }
}
