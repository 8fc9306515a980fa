/** The head of every query: its name, words, periods, codelists and splits. */
import type { Json } from "../canonical.js";
import { REFERENCE } from "../codelist.js";
import type { Problems } from "../problem.js";
import { tryDayNumber } from "../calendar.js";
import type { Codelist, ListName, Split, SplitKey } from "../query.js";
import type { MapNode, Node } from "../yaml.js";
import type { Context } from "./context.js";
import { form, optional, required, shapeSchema, type Shape } from "./form.js";
import { tried } from "./tried.js";
import { oneOf, pattern, severalOf, text, truth, whole, number, type Kind } from "./kinds.js";

export const ALIAS = /^[a-z][a-z0-9_]{0,59}$/;
export const ALIAS_WORDS =
  "Names are lower-case letters, digits and `_`, starting with a letter: `last_hba1c`.";

const periods: Kind<{ readonly every: "month" | "quarter" | "year"; readonly count: number }> = inMap(
  "periods",
  {
    every: required(oneOf(["month", "quarter", "year"]), "Say how often: `every: quarter`."),
    count: required(whole(1, 60), "Say how many periods: `count: 16`."),
  },
  "Write `periods: {every: quarter, count: 16}`.",
);

const margin: Kind<number> = {
  schema: { type: "number", exclusiveMinimum: 0, maximum: 100 },
  read(node, at) {
    const points = number.read(node, at);
    if (points === undefined || (points > 0 && points <= 100)) return points;
    return at.problems.add(
      node.line,
      "wrong-value",
      "Write percentage points above 0 and up to 100: `margin: 10`.",
    );
  },
};

/** A kind that is a map of fixed keys. */
function inMap<T extends object>(name: string, shape: Shape, words: string): Kind<T> {
  return {
    schema: shapeSchema(shape),
    read(node, at) {
      if (node.kind !== "map") return at.problems.add(node.line, "wrong-value", words);
      return form(name, shape, (is) => is as T).read(node, at);
    },
  };
}

const day: Kind<string> = {
  schema: { type: "string", format: "date", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
  read(node, at) {
    const written = node.kind === "scalar" ? node.text : "";
    if (tryDayNumber(written) !== null) return written;
    return at.problems.add(
      node.line,
      "wrong-value",
      "Write a date of the calendar: `review_due: 2027-03-31`.",
    );
  },
};

/** How `reviewed_by` says that no clinician has read the query yet. */
export const NOBODY_YET = "nobody yet";

const reviewer: Kind<string | null> = {
  schema: text(120).schema,
  read(node, at) {
    const name = text(120).read(node, at);
    return name === NOBODY_YET ? null : name;
  },
};

const anything: Kind<Node> = { schema: true, read: (node) => node };

/** The keys that every query has. The contents of `denominator`, `numerator`, `who` and `by` depend on `unit`. */
export const HEAD = {
  query: required(
    pattern(
      /^[a-z][a-z0-9-]{0,79}$/,
      "A query's name is lower-case letters, digits and `-`: `diabetes-hba1c-58`.",
    ),
    "Give the query a name: `query: diabetes-hba1c-58`.",
  ),
  version: required(
    pattern(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, "Write the version as three numbers: `version: 1.0.0`."),
    "Give the query a version: `version: 1.0.0`.",
  ),
  title: required(text(120), "Give the query a title of a few words: `title: Latest HbA1c 58 or less`."),
  question: required(text(400), "Say the question in one sentence: `question: Of people ..., how many ...?`"),
  purpose: required(text(200), "Say what it is for: `purpose: quality improvement`."),
  why: optional(text(600)),
  source: optional(text(600)),
  written_by: optional(text(120)),
  reviewed_by: optional(reviewer),
  review_due: optional(day),
  try: optional(tried),
  direction: optional(oneOf(["higher is usually better", "lower is usually better", "none"])),
  margin: optional(margin),
  worklist_first: optional(truth),
  sensitive: optional(truth),
  temporal: optional(oneOf(["rounded", "strict"])),
  people: optional(oneOf(["registered-and-alive", "everyone"])),
  opt_outs: optional(oneOf(["left-out"])),
  periods: required(periods, "Say for which periods it is asked: `periods: {every: quarter, count: 16}`."),
  codelists: optional(anything),
  facts: optional(anything),
  unit: optional(oneOf(["people", "items", "quantity", "events"])),
  by: optional(severalOf(oneOf(["system", "mapped", "coded", "year"]))),
  who: optional(anything),
  denominator: required(anything, "Say who is counted: `denominator: ...`."),
  numerator: required(anything, "Say what of those is counted: `numerator: ...`."),
  split_by: optional(anything),
};

/** The aliases of a query or register; `readCodelists` reads them. */
export const codelistNames: Kind<Node> = {
  schema: {
    type: "object",
    propertyNames: { pattern: ALIAS.source },
    additionalProperties: { type: "string", pattern: REFERENCE.source },
  },
  read: (node) => node,
};

/** The codelists that the query names, by alias. Those that cannot be found are reported and left out. */
export function readCodelists(
  root: MapNode,
  find: (ref: string) => Codelist | undefined,
  problems: Problems,
): Map<ListName, Codelist> {
  const found = new Map<ListName, Codelist>();
  const node = root.entries.get("codelists")?.value;
  if (node === undefined) return found;
  if (node.kind !== "map") {
    problems.add(node.line, "wrong-value", "Write codelists as `alias: name@version`, one a line.");
    return found;
  }
  for (const [alias, { line, value }] of node.entries) {
    if (!ALIAS.test(alias))
      problems.add(line, "wrong-value", `\`${alias}\` cannot be an alias. ${ALIAS_WORDS}`);
    const ref = value.kind === "scalar" && typeof value.value === "string" ? value.value : "";
    if (!REFERENCE.test(ref)) {
      problems.add(line, "wrong-value", `Write \`${alias}: name@version\`, such as \`asthma@2025-09\`.`);
      continue;
    }
    const list = find(ref);
    if (list !== undefined) found.set(alias, list);
    else {
      const words = `There is no codelist \`${ref}\`. Put \`${ref}.csv\` and \`${ref}.yaml\` in \`codelists/\` beside the query, or name one of the library's.`;
      problems.add(line, "unknown-codelist", words);
    }
  }
  return found;
}

/** Where the bands of a standard name start: `adults` is 0-17, 18-39, 40-64, 65-79, 80+. */
export const STANDARD_BANDS: Readonly<Record<string, readonly number[]>> = {
  adults: [18, 40, 65, 80],
  "adults-to-65": [18, 40, 65], // where few are over 80
  "later-life": [65, 80], // where few are under 65
};

const KEY_WORDS =
  "Write `sex`, `deprivation_fifth`, `ethnic_group`, `{age_bands: adults}` or `{age_bands: [17, 40, 65, 80]}`.";
const plainKey = oneOf(["sex", "deprivation_fifth", "ethnic_group"]);

/** The splits; each is one key, or several that are crossed. */
export function readSplits(node: Node | undefined, at: Context): Split[] {
  if (node === undefined) return [];
  if (node.kind !== "list") {
    at.problems.add(
      node.line,
      "wrong-value",
      "Write splits as a list: `split_by: [sex, {age_bands: [17, 40]}]`.",
    );
    return [];
  }
  const splits = node.items.map((item) => {
    const keys = (item.kind === "list" ? item.items : [item]).map((key) => readSplitKey(key, at));
    const good = keys.filter((key) => key !== undefined);
    if (keys.length === 0) at.problems.add(item.line, "wrong-value", `The list is empty. ${KEY_WORDS}`);
    if (new Set(good.map((key) => key.key)).size < good.length) {
      at.problems.add(
        item.line,
        "contradiction",
        "A split cannot be crossed with itself; name each key once.",
      );
    }
    return good;
  });
  const written = splits.map((split) => JSON.stringify(split));
  if (new Set(written).size < written.length) {
    at.problems.add(node.line, "contradiction", "The same split is there twice; keep one of them.");
  }
  return splits;
}

function readSplitKey(node: Node, at: Context): SplitKey | undefined {
  if (node.kind === "scalar") {
    if (node.value === "age_band" || node.value === "age_bands") {
      return at.problems.add(
        node.line,
        "wrong-value",
        "Say where the age bands start: `{age_bands: [17, 40, 65, 80]}`.",
      );
    }
    const key =
      typeof node.value === "string"
        ? plainKey.read(node, at)
        : at.problems.add(node.line, "wrong-value", KEY_WORDS);
    return key === undefined ? undefined : { key };
  }
  const bands = node.kind === "map" ? node.entries.get("age_bands") : undefined;
  if (node.kind !== "map" || bands === undefined || node.entries.size !== 1) {
    return at.problems.add(node.line, "wrong-value", KEY_WORDS);
  }
  if (bands.value.kind === "scalar") {
    const standard = STANDARD_BANDS[oneOf(Object.keys(STANDARD_BANDS)).read(bands.value, at) ?? ""];
    return standard === undefined ? undefined : { key: "age_band", bounds: standard };
  }
  const starts =
    bands.value.kind === "list" ? bands.value.items.map((item) => whole(1, 120).read(item, at)) : [];
  const bounds = starts.filter((start) => start !== undefined);
  if (bounds.length < starts.length) return undefined;
  if (bounds.length === 0 || bounds.some((start, i) => i > 0 && start <= bounds[i - 1]!)) {
    const words =
      "Write the ages at which a new band starts, rising: `{age_bands: [17, 40, 65, 80]}` is 0-16, 17-39, 40-64, 65-79, 80+.";
    return at.problems.add(bands.line, "contradiction", words);
  }
  return { key: "age_band", bounds };
}

const AGE_BANDS: Json = {
  anyOf: [
    { enum: Object.keys(STANDARD_BANDS) },
    { type: "array", items: { type: "integer", minimum: 1, maximum: 120 }, minItems: 1, uniqueItems: true },
  ],
};

export function splitSchema(): Json {
  const key = {
    anyOf: [
      plainKey.schema,
      {
        type: "object",
        properties: {
          age_bands: AGE_BANDS,
        },
        required: ["age_bands"],
        additionalProperties: false,
      },
    ],
  };
  return { type: "array", items: { anyOf: [key, { type: "array", items: key, minItems: 1 }] } };
}
