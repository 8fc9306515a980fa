/** Parses YAML into a checked query, or into the list of its problems. */
import { canonicalJson, sha256Hex } from "./canonical.js";
import { check } from "./check/index.js";
import { Problems, type Problem } from "./problem.js";
import type { Codelist, Fact, FactName, Query, Register } from "./query.js";
import { readYaml, type MapNode, type Node } from "./yaml.js";
import { Context } from "./parse/context.js";
import { condition } from "./parse/conditions.js";
import type { Draft } from "./draft.js";
import { readFact } from "./parse/facts.js";
import { readShape } from "./parse/form.js";
import { ALIAS, ALIAS_WORDS, HEAD, readCodelists, readSplits } from "./parse/head.js";
import { readRegisters, type Registers } from "./parse/registers.js";
import { eventChoice, issues, selection } from "./parse/populations.js";

export interface ParseOptions {
  readonly file: string; // named in problems
  readonly codelists: (ref: string) => Codelist | undefined; // by `name@version`
  readonly registers?: (name: string) => Register | undefined; // none where it is not given
}

export type ParsedQuery = { readonly query: Query } | { readonly problems: readonly Problem[] };

/** Reads and checks one query. Every problem has file, line and what to write instead. */
export function parseQuery(text: string, options: ParseOptions): ParsedQuery {
  const problems = new Problems(options.file);
  const root = readYaml(text, problems);
  if (root === undefined) return { problems: problems.list() };
  if (root.kind !== "map") {
    problems.add(root.line, "wrong-value", "A query starts with `query: its-name`, one key a line.");
    return { problems: problems.list() };
  }
  const own = readCodelists(root, options.codelists, problems);
  const registers = readRegisters(root, own, options.registers ?? (() => undefined), problems);
  const at = new Context(problems, own, factNames(root, problems), registers);
  const draft = readQuery(root, registers, at);
  if (draft === undefined || problems.any) return { problems: problems.list() };
  check(draft, root, at);
  if (problems.any) return { problems: problems.list() };
  return { query: { ...draft, digest: queryDigest(draft) } };
}

/**
 * The canonical form: JSON with sorted keys of everything in the query, defaults written out, and in place
 * of each codelist its name, version and digest. A register stands in it as the condition that it is; its words, who
 * wrote and reviewed the query, and what others tried, do not.
 */
export function canonicalForm(query: Draft): string {
  const {
    digest: _digest,
    registers: _registers,
    review: _review,
    othersTried: _tried,
    ...rest
  } = query as Query;
  const codelists = Object.fromEntries(
    Object.entries(query.codelists).map(([alias, { name, version, digest }]) => [
      alias,
      { name, version, digest },
    ]),
  );
  return canonicalJson({ ...rest, codelists });
}

/** Hex SHA-256 of the canonical form, by which signatures, releases and logs refer to the query. */
export function queryDigest(query: Draft): string {
  return sha256Hex(canonicalForm(query));
}

function factNames(root: MapNode, problems: Problems): Set<FactName> {
  const node = root.entries.get("facts")?.value;
  const names = new Set<FactName>();
  if (node === undefined) return names;
  if (node.kind !== "map")
    problems.add(node.line, "wrong-value", "Write facts as `name: {form}`, one a line.");
  else {
    for (const [name, { line }] of node.entries) {
      if (!ALIAS.test(name))
        problems.add(line, "wrong-value", `\`${name}\` cannot be a fact's name. ${ALIAS_WORDS}`);
      names.add(name);
    }
  }
  return names;
}

function readFacts(root: MapNode, at: Context): Map<FactName, Fact> {
  const node = root.entries.get("facts")?.value;
  const facts = new Map<FactName, Fact>();
  if (node?.kind !== "map") return facts;
  for (const [name, { value }] of node.entries) {
    const fact = readFact(value, at);
    if (fact !== undefined) facts.set(name, fact);
  }
  return facts;
}

/** Everything but the checks that need the whole; undefined where a part could not be read. */
function readQuery(root: MapNode, registers: Registers, at: Context): Draft | undefined {
  const is = readShape("query", HEAD, root, at);
  const facts = readFacts(root, at);
  const splitBy = readSplits(root.entries.get("split_by")?.value, at);
  const population = readPopulation(root, facts, at);
  at.checkReferences(facts);
  if (is === undefined || population === undefined) return undefined;
  return {
    query: is.query,
    version: is.version,
    title: is.title,
    question: is.question,
    purpose: is.purpose,
    why: is.why ?? null,
    source: is.source ?? null,
    direction: is.direction ?? "none",
    margin: is.margin ?? 10,
    worklistFirst: is.worklist_first ?? false,
    sensitive: is.sensitive ?? false,
    temporal: is.temporal ?? "rounded",
    people: is.people ?? "registered-and-alive",
    ...(is.opt_outs === undefined ? {} : { optOuts: is.opt_outs }), // what says nothing keeps its digest
    periods: is.periods,
    codelists: Object.fromEntries([...at.lists, ...registers.lists]),
    registers: registers.all(),
    review: {
      writtenBy: is.written_by ?? null,
      reviewedBy: is.reviewed_by ?? null,
      due: is.review_due ?? null,
    },
    othersTried: is.try ?? [],
    facts: Object.fromEntries(facts),
    splitBy,
    ...population,
    ...(population.unit === "events" ? { by: is.by ?? [] } : {}),
  } as Draft;
}

type Population = Pick<Draft, "unit" | "denominator" | "numerator"> & { readonly who?: unknown };

/** Reads denominator, numerator and `who`, by unit. */
function readPopulation(
  root: MapNode,
  facts: ReadonlyMap<FactName, Fact>,
  at: Context,
): Population | undefined {
  const part = (key: string): Node | undefined => root.entries.get(key)?.value;
  const unit = unitOf(part("unit"));
  const [below, above, who] = [part("denominator"), part("numerator"), part("who")];
  refuseKeysOfOtherUnits(root, unit, at);
  if (below === undefined || above === undefined) return undefined;
  if (unit === "people") {
    const [denominator, numerator] = [selection.read(below, at), condition.read(above, at)];
    return denominator === undefined || numerator === undefined
      ? undefined
      : { unit, denominator, numerator };
  }
  if (unit === "events") {
    const [denominator, numerator] = [eventChoice.read(below, at), eventChoice.read(above, at)];
    return denominator === undefined || numerator === undefined
      ? undefined
      : { unit, denominator, numerator };
  }
  const [denominator, numerator] = [issues(below, facts, at), issues(above, facts, at)];
  const narrowed = who === undefined ? null : selection.read(who, at);
  if (denominator === undefined || numerator === undefined || narrowed === undefined) return undefined;
  return { unit, denominator, numerator, who: narrowed };
}

function unitOf(node: Node | undefined): Query["unit"] {
  const written = node?.kind === "scalar" ? node.value : "people";
  return written === "items" || written === "quantity" || written === "events" ? written : "people";
}

function refuseKeysOfOtherUnits(root: MapNode, unit: Query["unit"], at: Context): void {
  const [by, who] = [root.entries.get("by"), root.entries.get("who")];
  if (by !== undefined && unit !== "events") {
    at.problems.add(
      by.line,
      "unknown-key",
      "`by` belongs to `unit: events`. People and issues are split with `split_by`.",
    );
  }
  if (who !== undefined && (unit === "people" || unit === "events")) {
    const words =
      unit === "people"
        ? "`who` belongs to `unit: items`. Put the condition into the denominator."
        : "`who` belongs to `unit: items`. An events query counts events of the base population, named by `people`.";
    at.problems.add(who.line, "unknown-key", words);
  }
}
