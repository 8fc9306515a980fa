/** Parses YAML into a charter with its preset filled in, or into the list of its problems. */
import {
  Problems,
  readYaml,
  suggest,
  type Entry,
  type MapNode,
  type Node,
  type Problem,
} from "@cairn/query-library/reading";
import type { Charter } from "./charter.js";
import { covers } from "./compose.js";
import { FIELDS } from "./fields.js";
import { readFields } from "./read-fields.js";

export interface CharterOptions {
  readonly file: string; // named in problems
  readonly presets: Readonly<Record<string, string>>; // YAML by name
  /** Names of the library's queries; where they are said, a name in `queries` that covers none of them is a problem. */
  readonly library?: readonly string[];
}

export type ParsedCharter = { readonly charter: Charter } | { readonly problems: readonly Problem[] };

/** Reads one charter. Every problem has file, line and what to write instead. */
export function parseCharter(text: string, { file, presets, library }: CharterOptions): ParsedCharter {
  const problems = new Problems(file);
  const own = readMap(text, "A charter starts with `charter: its-group`, one key a line.", problems);
  const filled = own && fillIn(own, presets, problems);
  const charter = filled && readFields(filled, { problems });
  if (charter && library) checkQueries(charter, filled, library, problems);
  return charter === undefined || problems.any ? { problems: problems.list() } : { charter };
}

/** Records the names of queries that the library does not have. */
function checkQueries(
  { queries }: Charter,
  { entries, line }: MapNode,
  library: readonly string[],
  problems: Problems,
): void {
  for (const name of queries) {
    if (library.some((query) => covers(name, query))) continue;
    const words = name.endsWith("*")
      ? `No query of the library has a name that begins so: \`${name}\`.`
      : `There is no query \`${name}\` in the library.${suggest(name, library)}`;
    problems.add(entries.get(FIELDS.queries.key)?.line ?? line, "wrong-value", words);
  }
}

function readMap(text: string, words: string, problems: Problems): MapNode | undefined {
  const root = readYaml(text, problems);
  if (root === undefined || root.kind === "map") return root;
  return problems.add(root.line, "wrong-value", words);
}

/** The map with its preset's entries below its own; of `sees`, role by role. */
function fillIn(
  own: MapNode,
  presets: Readonly<Record<string, string>>,
  problems: Problems,
): MapNode | undefined {
  const named = own.entries.get(FIELDS.preset.key);
  const name = named?.value.kind === "scalar" ? named.value.text : "";
  if (named === undefined || !Object.hasOwn(presets, name)) {
    const missing = FIELDS.preset.absent as { readonly words: string };
    if (named === undefined) problems.add(own.line, "missing-key", missing.words);
    else {
      const words = `There is no preset \`${name}\`.${suggest(name, Object.keys(presets))}`;
      problems.add(named.line, "wrong-value", words);
    }
    const rest = new Problems(problems.file); // without a preset, nobody knows what is missing
    readFields(own, { problems: rest });
    for (const { line, code, words } of rest.list())
      if (code !== "missing-key") problems.add(line, code, words);
    return undefined;
  }
  const preset = readMap(presets[name]!, `The preset ${name} is no map.`, problems);
  if (preset === undefined) return undefined;
  const given = at(preset, named.line);
  const entries = new Map([...given.entries, ...own.entries]);
  entries.delete("preset");
  const [theirs, ours] = [given.entries.get(FIELDS.sees.key)?.value, own.entries.get(FIELDS.sees.key)];
  if (theirs?.kind === "map" && ours?.value.kind === "map") {
    const both = new Map([...theirs.entries, ...ours.value.entries]);
    entries.set(FIELDS.sees.key, { ...ours, value: { ...ours.value, entries: both } });
  }
  return { ...own, entries };
}

/** A preset's node as if it stood on the line that names the preset: there an author can change it. */
function at<T extends Node>(node: T, line: number): T;
function at(node: Node, line: number): Node {
  if (node.kind === "scalar") return { ...node, line };
  if (node.kind === "list") return { ...node, line, items: node.items.map((item) => at(item, line)) };
  const entries = [...node.entries].map(([key, { value }]): [string, Entry] => [
    key,
    { line, value: at(value, line) },
  ]);
  return { kind: "map", line, entries: new Map(entries) };
}
