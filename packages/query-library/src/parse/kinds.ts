/** The kinds of value that a key can have, each with its reader, its name and its JSON Schema. */
import type { Json } from "../canonical.js";
import { suggest, type ProblemCode } from "../problem.js";
import type { Ratio } from "../query.js";
import type { MapNode, Node } from "../yaml.js";
import type { Context } from "./context.js";
import { UNIT_NAMES, unitName } from "../units.js";

/** The part of the context that a reader of plain values needs: where it records what is wrong with them. */
export type Reading = Pick<Context, "problems">;

/** @typeParam At what reading the value needs; for a plain value no more than `Reading` */
export interface Kind<T, At extends Reading = Context> {
  readonly schema: Json;
  /** Reads the value; undefined, with the problem recorded, where it cannot be read. */
  read(node: Node, at: At): T | undefined;
}

/** A whole number between two bounds, ends included. */
export function whole(low: number, high: number): Kind<number, Reading> {
  return {
    schema: { type: "integer", minimum: low, maximum: high },
    read(node, at) {
      const value = node.kind === "scalar" ? node.value : null;
      if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
      return at.problems.add(node.line, "wrong-value", `Write a whole number from ${low} to ${high}.`);
    },
  };
}

export const number: Kind<number, Reading> = {
  schema: { type: "number" },
  read(node, at) {
    if (node.kind === "scalar" && typeof node.value === "number") return node.value;
    return at.problems.add(node.line, "wrong-value", "Write a number.");
  },
};

export const truth: Kind<boolean> = {
  schema: { type: "boolean" },
  read(node, at) {
    if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
    return at.problems.add(node.line, "wrong-value", "Write true or false.");
  },
};

/** A line of text of at most so many characters. */
export function text(most: number): Kind<string, Reading> {
  return {
    schema: { type: "string", minLength: 1, maxLength: most },
    read(node, at) {
      const value = node.kind === "scalar" && typeof node.value === "string" ? node.value.trim() : "";
      if (value !== "" && value.length <= most) return value;
      return at.problems.add(node.line, "wrong-value", `Write text of 1 to ${most} characters.`);
    },
  };
}

/** A unit of measurement, in the library's spelling. */
export const unit: Kind<string> = {
  schema: { type: "string", minLength: 1, maxLength: 20 },
  read(node, at) {
    const written = node.kind === "scalar" && typeof node.value === "string" ? node.value : "";
    const name = unitName(written);
    if (name !== null) return name;
    return at.problems.add(
      node.line,
      "unit",
      `\`${written}\` is not a unit that readings come in.${suggest(written, UNIT_NAMES)}`,
    );
  },
};

/** Text that a pattern describes. */
export function pattern(shape: RegExp, words: string): Kind<string, Reading> {
  return {
    schema: { type: "string", pattern: shape.source },
    read(node, at) {
      if (node.kind === "scalar" && typeof node.value === "string" && shape.test(node.value))
        return node.value;
      return at.problems.add(node.line, "wrong-value", words);
    },
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Kind<T, Reading> {
  return {
    schema: { enum: [...words] },
    read(node, at) {
      const found = node.kind === "scalar" ? words.find((word) => word === node.value) : undefined;
      if (found !== undefined) return found;
      const written = node.kind === "scalar" ? suggest(node.text, words) : "";
      return at.problems.add(
        node.line,
        "wrong-value",
        `Write one of: ${words.join(", ")}.${/mean/.test(written) ? written : ""}`,
      );
    },
  };
}

/** A list of one or more, each of a kind, none twice where they are words. One alone need not be in brackets. */
export function severalOf<T extends string, At extends Reading>(kind: Kind<T, At>): Kind<readonly T[], At> {
  return {
    schema: { anyOf: [kind.schema, { type: "array", items: kind.schema, minItems: 1, uniqueItems: true }] },
    read(node, at) {
      const nodes = node.kind === "list" ? node.items : [node];
      const values = nodes.map((item) => kind.read(item, at)).filter((item) => item !== undefined);
      if (nodes.length === 0)
        return at.problems.add(node.line, "wrong-value", "The list is empty; write at least one.");
      if (new Set(values).size < values.length) {
        return at.problems.add(node.line, "wrong-value", "The same word is there twice; keep one.");
      }
      return values.length === nodes.length ? values : undefined;
    },
  };
}

/** A share between 0 and 1, kept as the exact fraction that was written: 0.5 is 1/2. */
export const share: Kind<Ratio> = {
  schema: { type: "number", exclusiveMinimum: 0, maximum: 1 },
  read(node, at) {
    const written =
      node.kind === "scalar" && typeof node.value === "number"
        ? /^(\d)(?:\.(\d{1,6}))?$/.exec(node.text)
        : null;
    const q = 10 ** (written?.[2]?.length ?? 0);
    const p = written === null ? 0 : Number(written[1]! + (written[2] ?? ""));
    if (p <= 0 || p > q)
      return at.problems.add(
        node.line,
        "wrong-value",
        "Write a share above 0 and up to 1, such as 0.5 or 0.75.",
      );
    const common = gcd(p, q);
    return { p: p / common, q: q / common };
  },
};

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Two numbers, the smaller first. */
export const range: Kind<readonly [number, number]> = {
  schema: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
  read(node, at) {
    const [low, high] =
      node.kind === "list" && node.items.length === 2 ? node.items.map((item) => number.read(item, at)) : [];
    if (low !== undefined && high !== undefined && low < high) return [low, high];
    return at.problems.add(
      node.line,
      "contradiction",
      "Write two numbers, the smaller first, such as `[20, 200]`.",
    );
  },
};

/** A range as a map: `{from: 17, to: 65}`, one of the two or both. */
export function fromTo(
  low: number,
  high: number,
): Kind<{ readonly from: number | null; readonly to: number | null }> {
  const end = whole(low, high);
  return {
    schema: {
      type: "object",
      properties: { from: end.schema, to: end.schema },
      additionalProperties: false,
      minProperties: 1,
    },
    read(node, at) {
      if (node.kind !== "map")
        return at.problems.add(
          node.line,
          "wrong-value",
          `Write \`{from: ${low}, to: ${high}}\`, or one of the two.`,
        );
      if (!knownKeys(node, ["from", "to"], at)) return undefined;
      const [from, to] = ["from", "to"].map((key) => {
        const entry = node.entries.get(key);
        return entry === undefined ? null : end.read(entry.value, at);
      });
      if (from === undefined || to === undefined) return undefined;
      if (from === null && to === null)
        return at.problems.add(node.line, "missing-key", "Write `from`, `to` or both.");
      if (from !== null && to !== null && from > to) {
        return at.problems.add(
          node.line,
          "contradiction",
          `From ${from} to ${to} is nobody; write \`{from: ${to}, to: ${from}}\`.`,
        );
      }
      return { from, to };
    },
  };
}

/** Reports keys that do not belong. @returns whether there is none */
export function knownKeys(node: MapNode, keys: readonly string[], at: Reading, form?: string): boolean {
  const before = at.problems.list().length;
  for (const [key, entry] of node.entries) {
    if (keys.includes(key)) continue;
    const where = form === undefined ? "There is no" : `\`${form}\` has no`;
    at.problems.add(
      entry.line,
      "unknown-key" satisfies ProblemCode,
      `${where} \`${key}\` here.${suggest(key, keys)}`,
    );
  }
  return at.problems.list().length === before;
}
