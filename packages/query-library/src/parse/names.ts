/** Keys that name something of the query: its codelists and facts. */
import type { Codelist, Condition, FactName, ListName } from "../query.js";
import type { Expectation } from "./context.js";
import type { Kind } from "./kinds.js";
import { REGISTER } from "./registers.js";

/** A codelist's alias; `kind` says which kind of list the form reads. */
export function list(kind: Codelist["kind"] | "any"): Kind<ListName> {
  return {
    schema: { $ref: "#/$defs/name" },
    read(node, at) {
      if (node.kind === "scalar" && typeof node.value === "string")
        return at.list(node.value, node.line, kind);
      return at.problems.add(
        node.line,
        "wrong-value",
        "Write the alias of a codelist, as under `codelists`.",
      );
    },
  };
}

/** A register by `name@version`: what it asks of a person. */
export const register: Kind<Condition> = {
  schema: { type: "string", pattern: REGISTER.source },
  read: (node, at) => at.register(node.kind === "scalar" ? node.text : "", node.line),
};

/** Two codelists, in order. */
export function twoLists(kind: Codelist["kind"] | "any"): Kind<readonly [ListName, ListName]> {
  const one = list(kind);
  return {
    schema: { type: "array", items: one.schema, minItems: 2, maxItems: 2 },
    read(node, at) {
      if (node.kind !== "list" || node.items.length !== 2) {
        return at.problems.add(node.line, "wrong-value", "Write two codelists: `[first, second]`.");
      }
      const [a, b] = [one.read(node.items[0]!, at), one.read(node.items[1]!, at)];
      return a === undefined || b === undefined ? undefined : [a, b];
    },
  };
}

/** The name of a fact of the kind that the form needs. */
export function fact(expects: Expectation): Kind<FactName> {
  return {
    schema: { $ref: "#/$defs/name" },
    read(node, at) {
      if (node.kind === "scalar" && typeof node.value === "string")
        return at.fact(node.value, node.line, expects);
      return at.problems.add(node.line, "wrong-value", "Write the name of a fact, as under `facts`.");
    },
  };
}

type Measured = { readonly fact: FactName; readonly component: "systolic" | "diastolic" | null };

/** A value, or one component of a pair: `last_hba1c`, `bp.systolic`. */
export const measured: Kind<Measured> = {
  schema: { type: "string", pattern: "^[a-z][a-z0-9_]*(\\.(systolic|diastolic))?$" },
  read(node, at) {
    const written = node.kind === "scalar" && typeof node.value === "string" ? node.value : "";
    const parts = /^([^.]+?)(?:\.(systolic|diastolic))?$/.exec(written);
    if (parts === null) {
      return at.problems.add(
        node.line,
        "wrong-value",
        "Write the name of a value, or `name.systolic` or `name.diastolic` of a pair.",
      );
    }
    const component = (parts[2] ?? null) as Measured["component"];
    const name = at.fact(parts[1]!, node.line, component ?? "value");
    return name === undefined ? undefined : { fact: name, component };
  },
};
