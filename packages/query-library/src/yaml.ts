/**
 * YAML 1.2 (core schema) as a small tree that knows its lines. Anchors, aliases, tags, merge keys, duplicate
 * keys and several documents in one file are refused: a file reads the same to a person and to a machine.
 */
import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import type { Node as YamlNode } from "yaml";
import type { Problems } from "./problem.js";

export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, Entry>;
}
export interface Entry {
  readonly line: number; // of the key
  readonly value: Node;
}
export interface ListNode {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly Node[];
}
export interface ScalarNode {
  readonly kind: "scalar";
  readonly line: number;
  readonly value: string | number | boolean | null;
  readonly text: string; // as written, without quotes
}

const require = createRequire(import.meta.url);
/**
 * The YAML parser, loaded at the first text: a process that answers queries reads none, and loading takes longer than
 * the answer.
 */
const yaml = (): typeof Yaml => require("yaml") as typeof Yaml;

const MAX_CHARACTERS = 262_144;
const MAX_DEPTH = 40;

/** The tree of a YAML text, or undefined with the problems recorded. */
export function readYaml(text: string, problems: Problems): Node | undefined {
  if (text.length > MAX_CHARACTERS) {
    return problems.add(
      1,
      "budget",
      `The file is longer than ${MAX_CHARACTERS} characters; make it shorter.`,
    );
  }
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
  });
  const lineAt = (offset: number | undefined) => Math.max(1, lines.linePos(offset ?? 0).line);
  for (const fault of [...document.errors, ...document.warnings]) {
    problems.add(lineAt(fault.pos[0]), "yaml", yamlWords(fault.code, fault.message));
  }
  if (problems.any) return undefined;
  if (document.contents === null) return problems.add(1, "yaml", "The file is empty.");
  const root = convert(document.contents, { problems, lineAt }, 0);
  return problems.any ? undefined : root;
}

interface Reading {
  readonly problems: Problems;
  readonly lineAt: (offset: number | undefined) => number;
}

function yamlWords(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "The same key is there twice; keep one of them.";
  if (code === "MULTIPLE_DOCS")
    return "There are several documents in the file; put each in a file of its own.";
  if (code === "TAG_RESOLVE_FAILED") return "Tags (`!...`) are not allowed; write the plain value.";
  return `This is not readable as YAML: ${message.split("\n")[0]}`;
}

function convert(node: YamlNode, at: Reading, depth: number): Node | undefined {
  const { isAlias, isMap, isScalar, isSeq } = yaml();
  const line = at.lineAt(node.range?.[0]);
  if (depth > MAX_DEPTH)
    return at.problems.add(
      line,
      "budget",
      `Nested more than ${MAX_DEPTH} deep; name the inner parts under \`facts\`.`,
    );
  if (isAlias(node))
    return at.problems.add(line, "yaml", "Aliases (`*name`) are not allowed; write the value out.");
  if ("anchor" in node && node.anchor !== undefined) {
    return at.problems.add(
      line,
      "yaml",
      "Anchors (`&name`) are not allowed; write the value out where it is needed.",
    );
  }
  if (node.tag !== undefined)
    return at.problems.add(line, "yaml", "Tags (`!...`) are not allowed; write the plain value.");
  if (isScalar(node)) return scalar(node.value, node.source ?? "", line, at);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item as YamlNode, at, depth + 1));
    return { kind: "list", line, items: items.filter((item) => item !== undefined) };
  }
  if (!isMap(node)) return at.problems.add(line, "yaml", "This kind of YAML node is not allowed here.");
  const entries = new Map<string, Entry>();
  for (const { key, value } of node.items) {
    const name = convert(key as YamlNode, at, depth + 1);
    if (name === undefined) continue;
    if (name.kind !== "scalar") {
      at.problems.add(name.line, "yaml", "A key must be a plain word.");
      continue;
    }
    const empty: ScalarNode = { kind: "scalar", line: name.line, value: null, text: "" };
    const inside = value === null ? empty : convert(value as YamlNode, at, depth + 1);
    if (inside !== undefined) entries.set(name.text, { line: name.line, value: inside });
  }
  return { kind: "map", line, entries };
}

function scalar(value: unknown, text: string, line: number, at: Reading): ScalarNode | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return at.problems.add(
      line,
      "yaml",
      `\`${text}\` is not a number that can be counted with; write digits.`,
    );
  }
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  ) {
    return { kind: "scalar", line, value, text };
  }
  return at.problems.add(
    line,
    "yaml",
    `\`${text}\` is not a plain value; write text, a number, true or false.`,
  );
}
