/** The populations of a query: conditions on people, issues of medicines, or choices of events. */
import type { Json } from "../canonical.js";
import {
  CODE_SYSTEMS,
  EVER,
  MAP_STATES,
  type Condition,
  type EventChoice,
  type Fact,
  type FactName,
  type ItemsQuery,
  type Selection,
  type Step,
} from "../query.js";
import type { Node } from "../yaml.js";
import { condition } from "./conditions.js";
import type { Context } from "./context.js";
import { form, optional, required, type Form } from "./form.js";
import { oneOf, severalOf, text, truth, type Kind } from "./kinds.js";
import { window } from "./windows.js";

const SELECT_STEP = form(
  "select_if",
  { select_if: required(condition, ""), why: optional(text(200)) },
  (is): Step => ({
    do: "select",
    if: is.select_if,
    why: is.why ?? null,
  }),
);
const REJECT_STEP = form(
  "reject_if",
  { reject_if: required(condition, ""), why: optional(text(200)) },
  (is): Step => ({
    do: "reject",
    if: is.reject_if,
    why: is.why ?? null,
  }),
);

const steps: Kind<readonly Step[]> = {
  schema: {
    type: "array",
    items: { anyOf: [SELECT_STEP.schema, REJECT_STEP.schema] },
    minItems: 1,
    maxItems: 40,
  },
  read(node, at) {
    if (node.kind !== "list" || node.items.length === 0 || node.items.length > 40) {
      return at.problems.add(
        node.line,
        "wrong-value",
        "Write one to 40 steps, each `{select_if: ...}` or `{reject_if: ..., why: ...}`.",
      );
    }
    const read = node.items.map((item) => {
      const step =
        item.kind === "map" &&
        (item.entries.has("select_if") ? SELECT_STEP : item.entries.has("reject_if") ? REJECT_STEP : null);
      if (step && item.kind === "map") return step.read(item, at);
      return at.problems.add(
        item.line,
        "unknown-form",
        "A step is `{select_if: ...}` or `{reject_if: ..., why: ...}`.",
      );
    });
    const good = read.filter((step) => step !== undefined);
    return good.length === read.length ? good : undefined;
  },
};

const SELECTION = form(
  "denominator",
  {
    start: required(condition, "Say who the steps start from: `start: ...`."),
    steps: required(steps, "Write the steps in order, or give one condition in place of `start`."),
    otherwise: required(
      oneOf(["select", "reject"]),
      "Say what becomes of those that no step decides: `otherwise: select` or `otherwise: reject`.",
    ),
  },
  (is): Selection => is,
);

/** One condition, or `{start, steps, otherwise}`. */
export const selection: Kind<Selection> = {
  schema: { anyOf: [condition.schema, SELECTION.schema] },
  read(node, at) {
    if (node.kind === "map" && ["start", "steps", "otherwise"].some((key) => node.entries.has(key))) {
      return SELECTION.read(node, at);
    }
    const start = condition.read(node, at);
    return start === undefined
      ? undefined
      : at.at<Selection>(node.line, { start, steps: [], otherwise: "select" });
  },
};

/** Reads the issues that an items query sums: an `issued` condition, inline or as a fact. */
export function issues(
  node: Node,
  facts: ReadonlyMap<FactName, Fact>,
  at: Context,
): ItemsQuery["denominator"] | undefined {
  const is = condition.read(node, at);
  const found = is === undefined ? undefined : resolve(is, facts);
  if (found?.form === "issued") return at.at(node.line, { list: found.list, window: found.window });
  if (is === undefined || found === undefined) return undefined;
  return at.problems.add(
    node.line,
    "wrong-fact",
    "Issues are summed here: write `{issued: list, in: 12 months}`, or the name of such a fact. Who they are issued to goes under `who`.",
  );
}

/** The condition behind a chain of names; undefined where a name leads nowhere. */
function resolve(is: Condition, facts: ReadonlyMap<FactName, Fact>): Condition | undefined {
  let found: Condition = is;
  for (let hops = 0; found.form === "fact"; hops++) {
    const fact = facts.get(found.fact);
    if (fact?.form !== "condition" || hops > facts.size) return undefined;
    found = fact.condition;
  }
  return found;
}

/** `all`, or the alias of a list of either kind; null is all. */
const eventList: Kind<{ readonly list: string | null }> = {
  schema: { anyOf: [{ const: "all" }, { $ref: "#/$defs/name" }] },
  read(node, at) {
    if (node.kind !== "scalar" || typeof node.value !== "string") {
      return at.problems.add(node.line, "wrong-value", "Write `events: all`, or the alias of a codelist.");
    }
    if (node.value === "all") return { list: null };
    const list = at.list(node.value, node.line, "any");
    return list === undefined ? undefined : { list };
  },
};

const EVENTS: Form<EventChoice> = form(
  "events",
  {
    events: required(eventList, "Say which events: `events: all`, or `events: list`."),
    in: optional(window),
    system: optional(severalOf(oneOf(CODE_SYSTEMS))),
    mapped: optional(severalOf(oneOf(MAP_STATES))),
    coded: optional(truth),
  },
  (is) => ({
    list: is.events.list,
    window: is.in ?? EVER,
    systems: is.system === undefined ? null : CODE_SYSTEMS.filter((each) => is.system?.includes(each)),
    mapped: is.mapped === undefined ? null : MAP_STATES.filter((each) => is.mapped?.includes(each)),
    coded: is.coded ?? null,
  }),
);

export const eventChoice: Kind<EventChoice> = {
  schema: EVENTS.schema,
  read(node, at) {
    if (node.kind === "map" && node.entries.has("events")) return EVENTS.read(node, at);
    return at.problems.add(
      node.line,
      "unknown-form",
      "Events are counted here: write `{events: all, in: 5 years}`, with `system`, `mapped` or `coded` to narrow them.",
    );
  },
};

export function populationSchemas(): { readonly [key: string]: Json } {
  return { selection: selection.schema, events: eventChoice.schema };
}
