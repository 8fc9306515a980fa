/**
 * The shared state of reading one query: its codelists, the names that were used, and the checks to make afterwards.
 */
import { suggest, type Problems } from "../problem.js";
import type { Codelist, Condition, Fact, FactName, ListName } from "../query.js";
import { within } from "../walk.js";
import { REGISTER, type Registers } from "./registers.js";

/** The kind of fact that a reference needs. */
export type Expectation = "condition" | "value" | "systolic" | "diastolic" | "date" | "count";

interface Reference {
  readonly fact: FactName;
  readonly expects: Expectation;
  readonly line: number;
}

export class Context {
  readonly problems: Problems;
  readonly lists: ReadonlyMap<ListName, Codelist>;
  readonly factNames: ReadonlySet<FactName>;
  readonly #registers: Registers | null;
  readonly usedLists = new Set<ListName>();
  readonly usedFacts = new Set<FactName>();
  readonly #references: Reference[] = [];
  readonly #lines = new WeakMap<object, number>();

  /** @param registers null inside a register, which names no other */
  constructor(
    problems: Problems,
    lists: ReadonlyMap<ListName, Codelist>,
    factNames: ReadonlySet<FactName>,
    registers: Registers | null,
  ) {
    this.problems = problems;
    this.lists = lists;
    this.factNames = factNames;
    this.#registers = registers;
  }

  /** Remembers where something was written, so that a later check can point at it. */
  at<T extends object>(line: number, made: T): T {
    this.#lines.set(made, line);
    return made;
  }

  lineOf(made: object): number {
    return this.#lines.get(made) ?? 1;
  }

  /** A codelist by alias; undefined, with the problem, where there is none or it is of the wrong kind. */
  list(alias: string, line: number, kind: Codelist["kind"] | "any"): ListName | undefined {
    this.usedLists.add(alias);
    const list = this.lists.get(alias);
    if (list === undefined) {
      const known = suggest(alias, this.lists.keys());
      const way = `Add it under \`codelists\`: \`${alias}: name@version\`.`;
      return this.problems.add(line, "unknown-codelist", `There is no codelist \`${alias}\`.${known} ${way}`);
    }
    if (kind === "any" || list.kind === kind) return alias;
    const words =
      kind === "clinical"
        ? `\`${alias}\` is a list of medicines, and this form reads clinical codes. For medicines write \`{issued: ${alias}, in: ...}\`, or name a clinical list.`
        : `\`${alias}\` is a list of clinical codes, and this form reads medicines. For clinical codes write \`{exists: ${alias}, in: ...}\`, or name a medicine list.`;
    return this.problems.add(line, "wrong-codelist", words);
  }

  /**
   * The condition of a register, by `name@version`; undefined, with the problem recorded, where it cannot be named
   */
  register(ref: string, line: number): Condition | undefined {
    if (this.#registers === null) {
      const words = "A register cannot name another register; write its condition out.";
      return this.problems.add(line, "bad-register", words);
    }
    if (!REGISTER.test(ref)) {
      const words = "Write `register: name@version`, such as `register: diabetes@2025-09`.";
      return this.problems.add(line, "wrong-value", words);
    }
    const condition = this.#registers.get(ref)?.condition;
    if (condition !== undefined) for (const part of within(condition)) this.at(line, part);
    return condition;
  }

  /** A fact by name; whether it is of the right kind is checked once all facts are read. */
  fact(name: string, line: number, expects: Expectation): FactName | undefined {
    this.usedFacts.add(name);
    if (!this.factNames.has(name)) {
      const way = ` Facts are defined under \`facts\`.`;
      return this.problems.add(
        line,
        "unknown-fact",
        `There is no fact \`${name}\`.${suggest(name, this.factNames)}${way}`,
      );
    }
    this.#references.push({ fact: name, expects, line });
    return name;
  }

  /** Checks that each fact is of the kind that its uses need. */
  checkReferences(facts: ReadonlyMap<FactName, Fact>): void {
    for (const { fact, expects, line } of this.#references) {
      const is = facts.get(fact);
      if (is === undefined || matches(is, expects)) continue;
      this.problems.add(
        line,
        "wrong-fact",
        `${what(fact, is)}, and ${needed(expects)} is needed here. ${instead(fact, is, expects)}`,
      );
    }
  }
}

function matches(fact: Fact, expects: Expectation): boolean {
  if (expects === "systolic" || expects === "diastolic") return fact.form === "pair";
  // A pair or a value has the day on which it was taken, but asking for it needs a date fact of its own.
  return fact.form === expects;
}

function what(name: FactName, fact: Fact): string {
  const words = {
    condition: "a condition (true or false)",
    date: "a date",
    value: "a value",
    pair: "a pair of values",
    count: "a count",
  } as const;
  return `\`${name}\` is ${words[fact.form]}`;
}

function needed(expects: Expectation): string {
  if (expects === "systolic" || expects === "diastolic") return "a pair";
  return { condition: "a condition", value: "a value", date: "a date", count: "a count" }[expects];
}

function instead(name: FactName, fact: Fact, expects: Expectation): string {
  if (expects === "value" && fact.form === "pair")
    return `Write \`value: ${name}.systolic\` or \`value: ${name}.diastolic\`.`;
  if (expects === "value" && fact.form === "date")
    return `Add \`unit\` and \`same_day\` to the fact, so that it is a value.`;
  if (expects === "date" && fact.form === "value")
    return `Write a fact without \`unit\`: \`{latest: list, in: ...}\` is a date.`;
  if (fact.form === "value") return `Compare it: \`{value: ${name}, at_most: ...}\`.`;
  if (fact.form === "pair") return `Compare it: \`{value: ${name}.systolic, at_most: ...}\`.`;
  if (fact.form === "date") return `Compare it: \`{date: ${name}, within: 12 months}\`.`;
  if (fact.form === "count") return `Compare it: \`{count: ${name}, at_least: ...}\`.`;
  return `Write its name alone: \`${name}\`.`;
}
