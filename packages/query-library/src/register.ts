/** A register: the condition that decides who is on it, written once in `registers/<name>.yaml` and named by queries. */
import { VERSION } from "./codelist.js";
import { Context } from "./parse/context.js";
import { condition } from "./parse/conditions.js";
import { optional, readShape, required, shapeSchema } from "./parse/form.js";
import { codelistNames, readCodelists } from "./parse/head.js";
import { pattern, text } from "./parse/kinds.js";
import { Problems, type Problem } from "./problem.js";
import type { Codelist, Register } from "./query.js";
import type { Json } from "./canonical.js";
import { readYaml } from "./yaml.js";

export type ParsedRegister = { readonly register: Register } | { readonly problems: readonly Problem[] };

const SHAPE = {
  register: required(
    pattern(
      /^[a-z][a-z0-9-]{0,59}$/,
      "A register's name is lower-case letters, digits and `-`: `heart-failure`.",
    ),
    "Give the register a name: `register: diabetes`.",
  ),
  version: required(
    pattern(VERSION, "Write a version such as `2025-09`."),
    "Give the register a version: `version: 2025-09`.",
  ),
  title: required(text(120), "Give the register a title: `title: People with diabetes`."),
  meaning: required(text(400), "Say in plain words who is on it: `meaning: People who have ...`."),
  source: required(text(600), "Say which published definition it follows, and what differs: `source: ...`."),
  codelists: optional(codelistNames),
  condition: required(condition, "Say who is on it: `condition: {unresolved: ...}`."),
};

/**
 * Reads one register. Its condition is a form over its own codelists: it has no facts and names no other register.
 *
 * @param file named in problems; its name without `.yaml` must be the register's
 * @param codelists by `name@version`
 */
export function parseRegister(
  yamlText: string,
  { file, codelists }: { readonly file: string; readonly codelists: (ref: string) => Codelist | undefined },
): ParsedRegister {
  const problems = new Problems(file);
  const root = readYaml(yamlText, problems);
  if (root === undefined) return { problems: problems.list() };
  if (root.kind !== "map") {
    problems.add(root.line, "bad-register", "A register starts with `register: its-name`, one key a line.");
    return { problems: problems.list() };
  }
  const lists = readCodelists(root, codelists, problems);
  const at = new Context(problems, lists, new Set(), null);
  const is = readShape("register", SHAPE, root, at);
  for (const alias of lists.keys()) {
    if (is === undefined || at.usedLists.has(alias)) continue;
    problems.add(
      root.line,
      "unused-codelist",
      `Nothing uses the codelist \`${alias}\`; use it or remove it.`,
    );
  }
  if (is !== undefined && !new RegExp(`(^|/)${is.register}\\.ya?ml$`).test(file)) {
    const words = `The register is called \`${is.register}\`; name its file \`${is.register}.yaml\`.`;
    problems.add(root.entries.get("register")!.line, "bad-register", words);
  }
  if (is === undefined || problems.any) return { problems: problems.list() };
  const { register: name, version, title, meaning, source } = is;
  return { register: { name, version, title, meaning, source, codelists: lists, condition: is.condition } };
}

/** The keys of a register's file as JSON Schema. */
export function registerKeys(): { readonly [key: string]: Json } {
  return shapeSchema(SHAPE) as { readonly [key: string]: Json };
}
