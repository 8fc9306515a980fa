/**
 * Every form that yields true or false. To add one: a member of `Condition` in query.ts, an entry here, and
 * the places that the compiler then names (explanation, fast engine, slow engine).
 */
import type { Json } from "../canonical.js";
import { suggest } from "../problem.js";
import { EVER, SEXES, type Condition, type FactName } from "../query.js";
import type { MapNode, Node } from "../yaml.js";
import type { Context } from "./context.js";
import {
  ANY_LIMIT,
  COUNT_LIMITS,
  form,
  limits,
  optional,
  required,
  VALUE_LIMITS,
  type Form,
} from "./form.js";
import { fromTo, oneOf, range, share, truth, unit, whole, type Kind } from "./kinds.js";
import { fact, list, measured, register, twoLists } from "./names.js";
import { span, spanOrNone, window } from "./windows.js";

/** A condition: a form, or the name of a fact that is one. */
export const condition: Kind<Condition> = { schema: { $ref: "#/$defs/condition" }, read: readCondition };

const conditions: Kind<readonly Condition[]> = {
  schema: { type: "array", items: condition.schema, minItems: 1 },
  read(node, at) {
    if (node.kind !== "list" || node.items.length === 0) {
      return at.problems.add(
        node.line,
        "wrong-value",
        "Write a list of one or more conditions: `[first, second]`.",
      );
    }
    const read = node.items.map((item) => readCondition(item, at));
    const good = read.filter((item) => item !== undefined);
    return good.length === read.length ? good : undefined;
  },
};

const UNRESOLVED_SAME_DAY =
  "Say what holds when a diagnosis and a resolving code have the same day: `same_day: resolved_wins` or `same_day: diagnosis_wins`.";
const NO_LIMIT = "Say what to compare with: `at_least`, `at_most`, `above` or `below`, and a number.";

/** The forms of conditions, by the key that names each. */
export const CONDITION_FORMS: Readonly<Record<string, Form<Condition>>> = {
  exists: form("exists", { exists: required(list("clinical"), ""), in: optional(window) }, (is) => ({
    form: "exists",
    list: is.exists,
    window: is.in ?? EVER,
  })),
  unresolved: form(
    "unresolved",
    {
      unresolved: required(list("clinical"), ""),
      resolved_by: required(
        list("clinical"),
        "Name the list of resolving codes: `resolved_by: list`. Without one, write `exists`.",
      ),
      same_day: required(oneOf(["resolved_wins", "diagnosis_wins"]), UNRESOLVED_SAME_DAY, "same-day"),
      in: optional(window),
    },
    (is) => ({
      form: "unresolved",
      list: is.unresolved,
      resolvedBy: is.resolved_by,
      sameDay: is.same_day,
      window: is.in ?? EVER,
    }),
  ),
  register: form("register", { register: required(register, "") }, (is) => is.register),
  two: form(
    "two",
    {
      two: required(list("any"), ""),
      apart: required(spanOrNone, "Say how far apart the two must be: `apart: 90 days`."),
      in: optional(window),
      unit: optional(unit),
      plausible: optional(range),
      ...VALUE_LIMITS,
    },
    (is, at, line) => {
      const kept = limits(is);
      if (kept.length === 0 && is.unit === undefined && is.plausible === undefined) {
        return { form: "two", list: is.two, apart: is.apart, window: is.in ?? EVER, value: null };
      }
      if (kept.length === 0) return at.problems.add(line, "missing-key", NO_LIMIT);
      if (is.unit === undefined)
        return at.problems.add(line, "unit", "Say the unit of the number: `unit: mmol/mol`, for example.");
      if (at.list(is.two, line, "clinical") === undefined) return undefined;
      const reading = { unit: is.unit, plausible: is.plausible ?? null };
      return {
        form: "two",
        list: is.two,
        apart: is.apart,
        window: is.in ?? EVER,
        value: { reading, limits: kept },
      };
    },
  ),
  first_then: form(
    "first_then",
    {
      first_then: required(twoLists("any"), ""),
      within: required(spanOrNone, "Say how soon the second must follow: `within: 90 days`."),
      in: optional(window),
    },
    (is) => ({
      form: "first_then",
      first: is.first_then[0],
      then: is.first_then[1],
      within: is.within,
      window: is.in ?? EVER,
    }),
  ),
  issued: form("issued", { issued: required(list("medicine"), ""), in: optional(window) }, (is) => ({
    form: "issued",
    list: is.issued,
    window: is.in ?? EVER,
  })),
  issued_together: form(
    "issued_together",
    {
      issued_together: required(twoLists("medicine"), ""),
      within: required(spanOrNone, "Say how near the two issues must be: `within: 28 days`."),
      in: optional(window),
    },
    (is) => ({
      form: "issued_together",
      lists: is.issued_together,
      within: is.within,
      window: is.in ?? EVER,
    }),
  ),
  continuity: form(
    "continuity",
    {
      continuity: required(list("clinical"), ""),
      index: required(
        oneOf(["upc"]),
        "Say which index: `index: upc` (the share of contacts with the clinician seen most).",
      ),
      at_least: required(share, "Say the share to reach: `at_least: 0.5`."),
      contacts: required(whole(1, 1000), "Say how many contacts a person must have: `contacts: 3`."),
      in: optional(window),
    },
    (is) => ({
      form: "continuity",
      list: is.continuity,
      index: is.index,
      atLeast: is.at_least,
      contacts: is.contacts,
      window: is.in ?? EVER,
    }),
  ),
  age: form("age", { age: required(fromTo(0, 130), "") }, (is) => ({ form: "age", ...is.age })),
  sex: form("sex", { sex: required(oneOf(SEXES), "") }, (is) => ({ form: "sex", sex: is.sex })),
  registered_for: form("registered_for", { registered_for: required(span, "") }, (is) => ({
    form: "registered_for",
    span: is.registered_for,
  })),
  deprivation_fifth: form("deprivation_fifth", { deprivation_fifth: required(fromTo(1, 5), "") }, (is) => ({
    form: "deprivation_fifth",
    from: is.deprivation_fifth.from ?? 1,
    to: is.deprivation_fifth.to ?? 5,
  })),
  value: form(
    "value",
    { value: required(measured, ""), ...VALUE_LIMITS },
    (is, at, line) => {
      const kept = limits(is);
      if (kept.length === 0) return at.problems.add(line, "missing-key", NO_LIMIT);
      return { form: "compare_value", fact: is.value.fact, component: is.value.component, limits: kept };
    },
    ANY_LIMIT,
  ),
  date: form(
    "date",
    {
      date: required(fact("date"), ""),
      within: required(
        window,
        "Say when the date must be: `within: 12 months`, or `within: [6 months, 3 months]`.",
      ),
    },
    (is) => ({ form: "compare_date", fact: is.date, window: is.within }),
  ),
  count: form(
    "count",
    { count: required(fact("count"), ""), ...COUNT_LIMITS },
    (is, at, line) => {
      const kept = limits(is);
      if (kept.length === 0) return at.problems.add(line, "missing-key", NO_LIMIT);
      return { form: "compare_count", fact: is.count, limits: kept };
    },
    ANY_LIMIT,
  ),
  all: form("all", { all: required(conditions, "") }, (is) => ({ form: "all", of: is.all })),
  any: form("any", { any: required(conditions, "") }, (is) => ({ form: "any", of: is.any })),
  not: form("not", { not: required(condition, ""), if_missing: optional(truth) }, (is) => ({
    form: "not",
    of: is.not,
    ifMissing: is.if_missing ?? null,
  })),
  of: form(
    "of",
    {
      at_least: required(whole(1, 1000), "Say how many must hold: `at_least: 3`."),
      of: required(conditions, ""),
    },
    (is, at, line) => {
      if (is.at_least <= is.of.length) return { form: "at_least", n: is.at_least, of: is.of };
      return at.problems.add(
        line,
        "contradiction",
        `${is.at_least} of ${is.of.length} can never hold; write \`at_least: ${is.of.length}\` or less.`,
      );
    },
  ),
};

/** Forms of measurements, which must be named before they are compared. */
const MEASUREMENTS = ["earliest", "latest", "highest", "lowest", "mean", "pair", "count_days"];

function readCondition(node: Node, at: Context): Condition | undefined {
  if (node.kind === "scalar" && typeof node.value === "string") {
    const name: FactName | undefined = at.fact(node.value, node.line, "condition");
    return name === undefined ? undefined : at.at<Condition>(node.line, { form: "fact", fact: name });
  }
  if (node.kind === "list") {
    return at.problems.add(
      node.line,
      "wrong-value",
      "A list is not a condition; write `all: [...]` or `any: [...]`.",
    );
  }
  if (node.kind !== "map") {
    return at.problems.add(
      node.line,
      "wrong-value",
      "Write a condition: a form such as `{exists: list, in: 12 months}`, or the name of a fact.",
    );
  }
  const measurement =
    MEASUREMENTS.find((key) => node.entries.has(key)) ??
    (node.entries.has("count") && node.entries.has("in") ? "count" : null);
  if (measurement !== null) {
    const words = `\`${measurement}\` measures and is not true or false by itself. Name it under \`facts\`, then compare the fact with \`value\`, \`date\` or \`count\`.`;
    return at.problems.add(node.line, "wrong-fact", words);
  }
  return findForm(node, CONDITION_FORMS, at)?.read(node, at);
}

/** Finds the form whose key the map has; undefined, with the problem recorded, where there is none or two. */
export function findForm<T>(
  node: MapNode,
  forms: Readonly<Record<string, Form<T>>>,
  at: Context,
): Form<T> | undefined {
  const found = [...node.entries.keys()].filter((key) => Object.hasOwn(forms, key));
  if (found.length === 1) return forms[found[0]!];
  if (found.length > 1) {
    const words = `${found.map((key) => `\`${key}\``).join(" and ")} are two forms in one; write \`all: [{${found[0]}: ...}, {${found[1]}: ...}]\`.`;
    return at.problems.add(node.line, "unknown-form", words);
  }
  const first = [...node.entries.keys()][0] ?? "";
  return at.problems.add(
    node.line,
    "unknown-form",
    `\`${first}\` is not a form.${suggest(first, Object.keys(forms))}`,
  );
}

export function conditionSchema(): Json {
  return { anyOf: [{ $ref: "#/$defs/name" }, ...Object.values(CONDITION_FORMS).map((each) => each.schema)] };
}
