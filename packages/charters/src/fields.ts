/**
 * Every field of a charter, once: how a file writes it, how it is read, and what a change of it means. Parser, signed
 * bytes and diff all go through this table, so that the compiler asks for a new field in each of them.
 */
import { canonicalJson, type Json } from "@cairn/query-library";
import { oneOf, whole } from "@cairn/query-library/reading";
import {
  CHARTER_ROLES,
  FEWEST_CONTRIBUTORS,
  OPT_OUTS,
  PEERS,
  ROLE_NAMES,
  SIGHTS,
  VIEWS,
  WITNESS,
  type Charter,
  type NewQueryRule,
} from "./charter.js";
import { covers, strictestRule } from "./compose.js";
import { isLowerFloor } from "./floor.js";
import {
  asks,
  day,
  floor,
  line,
  months,
  name,
  newQuery,
  orNull,
  queries,
  sees,
  type Reader,
} from "./kinds.js";
import * as words from "./words.js";

/** One thing that differs between two charters. */
export interface CharterChange {
  readonly field: string; // as a file writes it, "not_for"
  readonly what: string; // of the field, for a reader: "Who answers for it"
  readonly was: string;
  readonly is: string;
  /** Whether more is seen, kept or asked, by more people or more easily, or for another purpose. */
  readonly widens: boolean;
}

type Difference = Omit<CharterChange, "field">;

interface Field<T> {
  /** As files and signed bytes write it. */
  readonly key: string;
  /** For the author of a charter whose field neither the file nor its preset has; or the value that it then has. */
  readonly absent: { readonly words: string } | { readonly value: T };
  readonly reader: Reader<T>;
  /** As `reader` reads it. */
  write(value: T): Json;
  /** Of two values that differ. */
  differences(was: T, is: T): readonly Difference[];
}

/** A field of which a change is one difference. */
function field<T>(
  key: string,
  what: string,
  absent: string | { readonly value: T },
  reader: Reader<T>,
  says: (value: T) => string,
  widens: (was: T, is: T) => boolean,
  write: (value: T) => Json = (value) => value as Json,
): Field<T> {
  return {
    key,
    absent: typeof absent === "string" ? { words: absent } : absent,
    reader,
    write,
    differences: (was, is) => [{ what, was: says(was), is: says(is), widens: widens(was, is) }],
  };
}

const always = (): boolean => true;
const never = (): boolean => false;
const asWritten = (value: string): string => value;

/** A sentence that may be absent: to write one narrows, to change or drop it widens. */
function optional(key: string, what: string, most: number): Field<string | null> {
  const says = (value: string | null): string => value ?? "(not said)";
  return field<string | null>(key, what, { value: null }, orNull(line(most)), says, (was) => was !== null);
}

/** A body or person by name, or none: whoever is named sees what their role sees, so every change is a person's to accept. */
function named(key: string, what: string): Field<string | null> {
  const says = (value: string | null): string => value ?? "(not said)";
  return field<string | null>(key, what, { value: null }, orNull(line(120)), says, always);
}

/**
 * Whether a rule lets more run than another. A practice that has not pinned the body's keys asks a person in its place, so
 * from `delegate` to anything but `ask` is laxer.
 */
function isLaxerRule(was: NewQueryRule, is: NewQueryRule): boolean {
  if (was.rule === "delegate") return is.rule !== "ask";
  return canonicalJson(strictestRule(was, is)) !== canonicalJson(is);
}

/** One of a few words, the stricter first. */
function ranked<const T extends string>(
  key: string,
  what: string,
  missing: string,
  values: readonly T[],
  says: (value: T) => string,
): Field<T> {
  const wider = (was: T, is: T): boolean => values.indexOf(is) > values.indexOf(was);
  return field<T>(key, what, missing, oneOf(values), says, wider);
}

export const FIELDS: { readonly [K in keyof Charter]: Field<Charter[K]> } = {
  group: field(
    "charter",
    "Group",
    "Name the group: `charter: glen-cluster`.",
    name("A group's name is lower-case letters, digits and `-`: `charter: glen-cluster`."),
    asWritten,
    always,
  ),
  preset: field(
    "extends",
    "Preset",
    "Name the preset that it fills in: `extends: scottish-cluster`.",
    name("A preset's name is lower-case letters, digits and `-`: `extends: scottish-cluster`."),
    asWritten,
    never, // all that it gave is compared field by field
  ),
  lead: named("lead", "Who leads"),
  supporter: named("supporter", "Who supports"),
  provider: named("provider", "Who provides"),
  purpose: field(
    "purpose",
    "What it is for",
    "Say in a sentence what the group is for: `purpose: Practices of ... learn from one another.`",
    line(400),
    asWritten,
    always,
  ),
  notFor: optional("not_for", "What it is not for", 400),
  controller: field(
    "controller",
    "Who answers for it",
    "Say who is the data controller: `controller: Each practice for what it releases, ...`",
    line(400),
    asWritten,
    always,
  ),
  lawfulBasis: field(
    "lawful_basis",
    "Lawful basis",
    "Say on what lawful basis figures are used: `lawful_basis: UK GDPR article 6(1)(e), ...`",
    line(400),
    asWritten,
    always,
  ),
  keepFor: field(
    "keep_for",
    "Kept for",
    "Say how long releases are kept: `keep_for: 60 months`.",
    months,
    words.kept,
    (was, is) => is > was,
    (length) => `${length} months`,
  ),
  review: field(
    "review",
    "Review",
    "Say when the charter is looked at again: `review: 2027-03-31`.",
    day,
    words.reviewed,
    never,
  ),
  asks: field(
    "asks",
    "Who asks",
    "Say which roles may schedule queries: `asks: [cluster-lead]`.",
    asks,
    (roles) => words.roles(roles),
    (was, is) => is.some((role) => !was.includes(role)),
  ),
  newQuery: field(
    "new_query",
    "A new question",
    "Say what happens to a new query: `new_query: ask`.",
    newQuery,
    words.rule,
    isLaxerRule,
    writeRule,
  ),
  floor: field(
    "floor",
    "Small numbers",
    "Say below how many people a count is withheld: `floor: k8-r5`.",
    floor,
    words.floor,
    isLowerFloor,
  ),
  optOuts: ranked(
    "opt_outs",
    "People with a type 1 opt-out",
    "Say whether they are counted: `opt_outs: left-out`.",
    OPT_OUTS,
    words.optOuts,
  ),
  sees: {
    key: "sees",
    absent: { words: "Say who sees what: `sees: {practice-lead: own, analyst: group}`." },
    reader: sees,
    write: (value) => value,
    differences: (was, is) =>
      ROLE_NAMES.filter((role) => was[role] !== is[role]).map((role) => ({
        what: `Seen by ${CHARTER_ROLES[role].words}`,
        was: words.sight(was[role]),
        is: words.sight(is[role]),
        widens: SIGHTS.indexOf(is[role]) > SIGHTS.indexOf(was[role]),
      })),
  },
  peers: ranked(
    "peers",
    "How practices show",
    "Say how practices show to one another: `peers: unidentified`.",
    PEERS,
    words.peers,
  ),
  contributors: field(
    "contributors",
    "Fewest practices of a figure",
    `Say how many practices a figure takes: \`contributors: ${FEWEST_CONTRIBUTORS}\`.`,
    whole(FEWEST_CONTRIBUTORS, 10_000),
    String,
    (was, is) => is < was,
  ),
  view: ranked("view", "What opens", "Say which comparison opens: `view: strip`.", VIEWS, words.view),
  witness: ranked(
    "witness",
    "Witnesses",
    "Say whether witnesses are needed: `witness: required`.",
    WITNESS,
    words.witness,
  ),
  queries: field("queries", "Which questions", { value: ["*"] }, queries, words.queries, (was, is) =>
    is.some((one) => !was.some((other) => covers(other, one))),
  ),
};

function writeRule(rule: NewQueryRule): Json {
  if (rule.rule === "accept-after") return { "accept-after": `${rule.days} days` };
  return rule.rule === "delegate" ? { delegate: rule.body } : rule.rule;
}

export const FIELD_NAMES = Object.keys(FIELDS) as readonly (keyof Charter)[];
/** The keys that a charter's file can have. */
export const KEYS: readonly string[] = FIELD_NAMES.map((each) => FIELDS[each].key);
