/** Every form that measures a person. A fact may also be any condition, so that it has a name. */
import type { Json } from "../canonical.js";
import { EVER, type Condition, type Fact, type ListName } from "../query.js";
import type { Node } from "../yaml.js";
import { condition, CONDITION_FORMS, findForm } from "./conditions.js";
import type { Context } from "./context.js";
import { form, optional, required, type Form, type Values } from "./form.js";
import { oneOf, range, unit, type Kind } from "./kinds.js";
import { list } from "./names.js";
import { window } from "./windows.js";

const UNIT = "Say the unit that the number is wanted in: `unit: mmol/mol`, for example.";
const SAME_DAY = "Say which of two readings of one day counts: `same_day: lowest` or `same_day: highest`.";
const sameDay = oneOf(["lowest", "highest"]);

interface Pair {
  readonly systolic: string;
  readonly diastolic: string;
}
const pairLists: Kind<Pair> = {
  schema: {
    type: "object",
    properties: { systolic: { $ref: "#/$defs/name" }, diastolic: { $ref: "#/$defs/name" } },
    required: ["systolic", "diastolic"],
    additionalProperties: false,
  },
  read(node, at) {
    if (node.kind !== "map")
      return at.problems.add(node.line, "wrong-value", "Write `pair: {systolic: list, diastolic: list}`.");
    const shape = {
      systolic: required(list("clinical"), "Name the list of systolic readings: `systolic: list`."),
      diastolic: required(list("clinical"), "Name the list of diastolic readings: `diastolic: list`."),
    };
    return form("pair", shape, (is): Pair => is).read(node, at);
  },
};

/** The keys of highest, lowest and mean, which need no rule for two readings of one day. */
const EXTREME = {
  in: optional(window),
  unit: required(unit, UNIT, "unit"),
  plausible: optional(range),
};
const clinical = required(list("clinical"), "");

function extreme(which: "highest" | "lowest" | "mean", of: ListName, is: Values<typeof EXTREME>): Fact {
  const reading = { unit: is.unit, plausible: is.plausible ?? null };
  return { form: "value", which, list: of, window: is.in ?? EVER, reading, sameDay: null };
}

/** The forms of facts, by the key that names each. */
export const FACT_FORMS: Readonly<Record<string, Form<Fact>>> = {
  earliest: form("earliest", { earliest: required(list("any"), ""), in: optional(window) }, (is) => ({
    form: "date",
    which: "earliest",
    list: is.earliest,
    window: is.in ?? EVER,
  })),
  latest: form(
    "latest",
    {
      latest: required(list("any"), ""),
      in: optional(window),
      unit: optional(unit),
      plausible: optional(range),
      same_day: optional(sameDay),
    },
    (is, at, line) => {
      if (is.unit === undefined && is.plausible === undefined && is.same_day === undefined) {
        return { form: "date", which: "latest", list: is.latest, window: is.in ?? EVER };
      }
      if (is.unit === undefined) return at.problems.add(line, "unit", UNIT);
      if (is.same_day === undefined) return at.problems.add(line, "same-day", SAME_DAY);
      if (at.list(is.latest, line, "clinical") === undefined) return undefined;
      const reading = { unit: is.unit, plausible: is.plausible ?? null };
      return {
        form: "value",
        which: "latest",
        list: is.latest,
        window: is.in ?? EVER,
        reading,
        sameDay: is.same_day,
      };
    },
    { dependentRequired: { unit: ["same_day"], plausible: ["unit", "same_day"], same_day: ["unit"] } },
  ),
  highest: form("highest", { highest: clinical, ...EXTREME }, (is) => extreme("highest", is.highest, is)),
  lowest: form("lowest", { lowest: clinical, ...EXTREME }, (is) => extreme("lowest", is.lowest, is)),
  mean: form("mean", { mean: clinical, ...EXTREME }, (is) => extreme("mean", is.mean, is)),
  pair: form(
    "pair",
    {
      pair: required(pairLists, ""),
      in: optional(window),
      unit: required(unit, UNIT, "unit"),
      plausible: optional(range),
      same_day: required(sameDay, SAME_DAY, "same-day"),
    },
    (is) => ({
      form: "pair",
      ...is.pair,
      window: is.in ?? EVER,
      reading: { unit: is.unit, plausible: is.plausible ?? null },
      sameDay: is.same_day,
    }),
  ),
  count: form("count", { count: required(list("any"), ""), in: optional(window) }, (is) => ({
    form: "count",
    what: "events",
    list: is.count,
    window: is.in ?? EVER,
  })),
  count_days: form("count_days", { count_days: required(list("any"), ""), in: optional(window) }, (is) => ({
    form: "count",
    what: "days",
    list: is.count_days,
    window: is.in ?? EVER,
  })),
};

const LIMIT_KEYS = ["at_least", "at_most", "above", "below"];

/**
 * Reads a fact: one of the forms above, or a condition. `{count: x, at_least: n}` compares, and so is a condition.
 */
export function readFact(node: Node, at: Context): Fact | undefined {
  if (node.kind === "map") {
    const compares =
      node.entries.has("count") && !node.entries.has("in") && LIMIT_KEYS.some((key) => node.entries.has(key));
    const measures = [...node.entries.keys()].some((key) => Object.hasOwn(FACT_FORMS, key));
    if (measures && !compares) return findForm(node, FACT_FORMS, at)?.read(node, at);
    if (![...node.entries.keys()].some((key) => Object.hasOwn(CONDITION_FORMS, key))) {
      findForm<Fact | Condition>(node, { ...CONDITION_FORMS, ...FACT_FORMS }, at);
      return undefined;
    }
  }
  const is: Condition | undefined = condition.read(node, at);
  return is === undefined ? undefined : at.at<Fact>(node.line, { form: "condition", condition: is });
}

export function factSchema(): Json {
  return { anyOf: [{ $ref: "#/$defs/condition" }, ...Object.values(FACT_FORMS).map((each) => each.schema)] };
}
