/**
 * Worked examples: `<query>.examples.yaml` beside the query, a few invented patients and the expected answer for
 * each. They are read and checked here, and run by the caller, who has an engine.
 */
import { tryDayNumber } from "./calendar.js";
import { Context } from "./parse/context.js";
import { form, optional, readShape, required } from "./parse/form.js";
import { knownKeys, number, oneOf, text, whole, type Kind } from "./parse/kinds.js";
import { list } from "./parse/names.js";
import { Problems, type Problem } from "./problem.js";
import {
  CODE_SYSTEMS,
  ETHNIC_GROUPS,
  MAP_STATES,
  SEXES,
  type CodeSystem,
  type EthnicGroup,
  type MapState,
  type Query,
  type Sex,
} from "./query.js";
import { readYaml, type MapNode, type Node } from "./yaml.js";

/** An invented patient: the engines' plain patient. Dates are ISO. */
export interface ExamplePatient {
  readonly id: string;
  readonly born: string | null;
  readonly died: string | null;
  readonly sex: Sex;
  readonly deprivationFifth: number | null;
  readonly ethnicGroup: EthnicGroup;
  readonly registrations: readonly { readonly start: string; readonly end: string | null }[];
  readonly events: readonly ExampleEvent[];
}

export interface ExampleEvent {
  readonly date: string; // empty: undated
  readonly system: CodeSystem;
  readonly code: string;
  readonly value?: number;
  readonly unit?: string;
  readonly comparator?: "<" | "<=" | ">" | ">=" | "~";
  readonly quantity?: number;
  readonly clinician?: number;
  readonly recordedSystem?: CodeSystem;
  readonly mapped?: MapState;
}

export interface ExpectedAnswer {
  readonly date: string;
  readonly denominator: number;
  readonly numerator: number;
}

export interface Example {
  readonly what: string;
  readonly line: number;
  readonly patient: ExamplePatient;
  readonly expect: readonly ExpectedAnswer[];
}

export type ParsedExamples =
  { readonly examples: readonly Example[] } | { readonly problems: readonly Problem[] };

const MOST = 100;

/** Reads the examples of a query; events name its codelists by alias, and take the list's first code. */
export function parseExamples(
  yamlText: string,
  { file, query }: { readonly file: string; readonly query: Query },
): ParsedExamples {
  const problems = new Problems(file);
  const root = readYaml(yamlText, problems);
  const at = new Context(problems, new Map(Object.entries(query.codelists)), new Set(), null);
  const node =
    root?.kind === "map" && knownKeys(root, ["examples"], at)
      ? root.entries.get("examples")?.value
      : undefined;
  if (node?.kind !== "list" || node.items.length === 0 || node.items.length > MOST) {
    if (!problems.any)
      problems.add(
        1,
        "example",
        `Write \`examples:\` and 1 to ${MOST} of them, each with \`what\`, \`patient\` and \`expect\`.`,
      );
    return { problems: problems.list() };
  }
  const examples = node.items.map((item, i) => readExample(item, i, query, at));
  const good = examples.filter((example) => example !== undefined);
  return problems.any ? { problems: problems.list() } : { examples: good };
}

const isoDate: Kind<string> = {
  schema: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
  read(node, at) {
    const written = node.kind === "scalar" ? node.text : "";
    if (tryDayNumber(written) !== null) return written;
    return at.problems.add(node.line, "example", "Write a date of the calendar as YYYY-MM-DD.");
  },
};

/** A code as text, so that one of 18 digits keeps them all. */
const code: Kind<string> = {
  schema: { type: ["string", "integer"] },
  read: (node, at) =>
    node.kind === "scalar" && node.text !== ""
      ? node.text
      : at.problems.add(node.line, "example", "Write the code."),
};

const anything: Kind<Node> = { schema: true, read: (node) => node };

function readExample(node: Node, index: number, query: Query, at: Context): Example | undefined {
  if (node.kind !== "map")
    return at.problems.add(node.line, "example", "An example has `what`, `patient` and `expect`.");
  const shape = {
    what: required(text(300), "Say what the example shows: `what: the latest HbA1c is exactly 58`."),
    patient: required(
      anything,
      "Describe the patient: `patient: {born: ..., registered: ..., events: [...]}`.",
    ),
    expect: required(anything, "Say the answer: `expect: {2025-03-31: both}`."),
  };
  const is = readShape("example", shape, node, at);
  if (is === undefined) return undefined;
  const patient = readPatient(is.patient, index, at);
  const expect = readExpected(is.expect, query, at);
  return patient === undefined ? undefined : { what: is.what, line: node.line, patient, expect };
}

const PATIENT = {
  born: optional(isoDate),
  died: optional(isoDate),
  sex: optional(oneOf(SEXES)),
  deprivation_fifth: optional(whole(1, 5)),
  ethnic_group: optional(oneOf(ETHNIC_GROUPS)),
  registered: required(
    anything,
    "Say since when: `registered: 2010-01-01`, or `[{start: 2010-01-01, end: 2020-06-30}, ...]`; `[]` for never.",
  ),
  events: optional(anything),
};

function readPatient(node: Node, index: number, at: Context): ExamplePatient | undefined {
  if (node.kind !== "map")
    return at.problems.add(
      node.line,
      "example",
      "Write `patient: {born: ..., registered: ..., events: [...]}`.",
    );
  const is = readShape("patient", PATIENT, node, at);
  if (is === undefined) return undefined;
  return {
    id: `example-${index + 1}`,
    born: is.born ?? null,
    died: is.died ?? null,
    sex: is.sex ?? "unknown",
    deprivationFifth: is.deprivation_fifth ?? null,
    ethnicGroup: is.ethnic_group ?? "unknown",
    registrations: readRegistrations(is.registered, at),
    events: is.events === undefined ? [] : readEvents(is.events, at),
  };
}

const REGISTRATION = form(
  "registered",
  { start: required(isoDate, "Say when it began: `start: 2010-01-01`."), end: optional(isoDate) },
  (is) => ({ start: is.start, end: is.end ?? null }),
);

function readRegistrations(node: Node, at: Context): ExamplePatient["registrations"] {
  const nodes = node.kind === "list" ? node.items : [node];
  return nodes.flatMap((item) => {
    if (item.kind === "map") return REGISTRATION.read(item, at) ?? [];
    const start = isoDate.read(item, at);
    return start === undefined ? [] : [{ start, end: null }];
  });
}

const EVENT = {
  date: optional(isoDate), // without one the event is undated, and nothing sees it
  list: optional(list("any")),
  code: optional(code),
  system: optional(oneOf(CODE_SYSTEMS)),
  value: optional(number),
  unit: optional(text(20)),
  comparator: optional(oneOf(["<", "<=", ">", ">=", "~"])),
  quantity: optional(number),
  clinician: optional(whole(0, 1_000_000)),
  recorded_system: optional(oneOf(CODE_SYSTEMS)),
  mapped: optional(oneOf(MAP_STATES)),
};

function readEvents(node: Node, at: Context): ExampleEvent[] {
  if (node.kind !== "list") {
    at.problems.add(
      node.line,
      "example",
      "Write events as a list: `[{date: 2025-01-10, list: hba1c, value: 58}]`.",
    );
    return [];
  }
  return node.items.flatMap((item) => {
    if (item.kind === "map") return readEvent(item, at) ?? [];
    at.problems.add(item.line, "example", "An event is `{date: 2025-01-10, list: hba1c, value: 58}`.");
    return [];
  });
}

function readEvent(node: MapNode, at: Context): ExampleEvent | undefined {
  const is = readShape("event", EVENT, node, at);
  if (is === undefined) return undefined;
  const found = is.list === undefined ? undefined : at.lists.get(is.list);
  if (found !== undefined && is.code !== undefined && !found.codes.includes(is.code)) {
    return at.problems.add(
      node.line,
      "example",
      `Code ${is.code} is not in \`${is.list}\`; leave out the one or the other.`,
    );
  }
  const { comparator, value, unit, quantity, clinician, mapped } = is;
  return {
    date: is.date ?? "",
    system: found?.system ?? is.system ?? (is.code === undefined ? "local" : "snomed"),
    code: is.code ?? found?.codes[0] ?? "",
    ...(value === undefined ? {} : { value }),
    ...(unit === undefined ? {} : { unit }),
    ...(comparator === undefined ? {} : { comparator }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(clinician === undefined ? {} : { clinician }),
    ...(is.recorded_system === undefined ? {} : { recordedSystem: is.recorded_system }),
    ...(mapped === undefined ? {} : { mapped }),
  };
}

const SHORT = { both: [1, 1], denominator: [1, 0], neither: [0, 0] } as const;
const COUNTS = {
  denominator: required(whole(0, 1e9), "Say `denominator`."),
  numerator: required(whole(0, 1e9), "Say `numerator`."),
};

function readExpected(node: Node, query: Query, at: Context): ExpectedAnswer[] {
  if (node.kind !== "map" || node.entries.size === 0) {
    at.problems.add(
      node.line,
      "example",
      "Write the answer at one or more dates: `expect: {2025-03-31: both}`.",
    );
    return [];
  }
  return [...node.entries].flatMap(([date, { line, value }]) => {
    if (tryDayNumber(date) === null) {
      at.problems.add(line, "example", `\`${date}\` is not a date; write a reference date as YYYY-MM-DD.`);
      return [];
    }
    const counts = readCounts(value, at);
    if (counts === undefined) return [];
    if (counts.numerator > counts.denominator && query.unit !== "quantity") {
      at.problems.add(line, "example", "The numerator lies inside the denominator, so it cannot be larger.");
      return [];
    }
    return [{ date, ...counts }];
  });
}

function readCounts(node: Node, at: Context): Omit<ExpectedAnswer, "date"> | undefined {
  if (node.kind === "map") return readShape("expect", COUNTS, node, at);
  const short =
    node.kind === "scalar" && typeof node.value === "string" && Object.hasOwn(SHORT, node.value)
      ? SHORT[node.value as keyof typeof SHORT]
      : null;
  if (short !== null) return { denominator: short[0], numerator: short[1] };
  return at.problems.add(
    node.line,
    "example",
    "Write `both`, `denominator`, `neither`, or `{denominator: 3, numerator: 1}`.",
  );
}
