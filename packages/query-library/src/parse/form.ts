/**
 * A form of the language: the keys it has, and the value it makes of theirs. The parser and the JSON Schema both read
 * it.
 */
import type { Json } from "../canonical.js";
import type { ProblemCode } from "../problem.js";
import type { Limit } from "../query.js";
import type { MapNode } from "../yaml.js";
import type { Context } from "./context.js";
import { knownKeys, number, whole, type Kind } from "./kinds.js";

export interface Key<T, R extends boolean> {
  readonly kind: Kind<T>;
  readonly required: R;
  readonly missing: { readonly code: ProblemCode; readonly words: string } | null;
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a shape holds keys of every kind
export type Shape = Readonly<Record<string, Key<any, boolean>>>;

export type Values<S extends Shape> = {
  readonly [K in keyof S]: S[K] extends Key<infer T, infer R> ? (R extends true ? T : T | undefined) : never;
};

/** A required key; `words` say what to write where it is absent. */
export function required<T>(kind: Kind<T>, words: string, code: ProblemCode = "missing-key"): Key<T, true> {
  return { kind, required: true, missing: { code, words } };
}
export function optional<T>(kind: Kind<T>): Key<T, false> {
  return { kind, required: false, missing: null };
}

export interface Form<T> {
  readonly schema: Json;
  /** Reads the map; undefined, with the problems recorded, where it cannot be read. */
  read(node: MapNode, at: Context): T | undefined;
}

/** A form whose values `build` puts together; `also` is the part of the schema beyond keys. */
export function form<S extends Shape, T extends object>(
  name: string,
  shape: S,
  build: (values: Values<S>, at: Context, line: number) => T | undefined,
  also: { readonly [key: string]: Json } = {},
): Form<T> {
  return {
    schema: shapeSchema(shape, also),
    read(node, at) {
      const values = readShape(name, shape, node, at);
      const made = values === undefined ? undefined : build(values, at, node.line);
      return made === undefined ? undefined : at.at(node.line, made);
    },
  };
}

export function shapeSchema(shape: Shape, also: { readonly [key: string]: Json } = {}): Json {
  const keys = Object.entries(shape);
  return {
    type: "object",
    properties: Object.fromEntries(keys.map(([key, { kind }]) => [key, kind.schema])),
    required: keys.filter(([, key]) => key.required).map(([key]) => key),
    additionalProperties: false,
    ...also,
  };
}

/** The values of a map's keys; undefined where one is wrong, missing or does not belong. */
export function readShape<S extends Shape>(
  name: string,
  shape: S,
  node: MapNode,
  at: Context,
): Values<S> | undefined {
  let good = knownKeys(node, Object.keys(shape), at, name);
  const values: Record<string, unknown> = {};
  for (const [key, { kind, missing }] of Object.entries(shape)) {
    const entry = node.entries.get(key);
    if (entry === undefined) {
      if (missing === null) continue;
      at.problems.add(node.line, missing.code, missing.words);
      good = false;
      continue;
    }
    values[key] = kind.read(entry.value, at);
    if (values[key] === undefined) good = false;
  }
  return good ? (values as Values<S>) : undefined;
}

/** The keys of a comparison of values. */
export const VALUE_LIMITS = {
  at_least: optional(number),
  at_most: optional(number),
  above: optional(number),
  below: optional(number),
};

const COUNT = whole(0, 1_000_000);
/** The keys of a comparison of counts: whole numbers. */
export const COUNT_LIMITS = {
  at_least: optional(COUNT),
  at_most: optional(COUNT),
  above: optional(COUNT),
  below: optional(COUNT),
};

export const ANY_LIMIT = {
  anyOf: ["at_least", "at_most", "above", "below"].map((key) => ({ required: [key] })),
};

/** The limits that are given, in the order at_least, above, at_most, below. */
export function limits(values: Values<typeof VALUE_LIMITS>): Limit[] {
  const ops = ["at_least", "above", "at_most", "below"] as const;
  return ops.flatMap((op) => {
    const x = values[op];
    return x === undefined ? [] : [{ op, x }];
  });
}
