/** The people behind a question's number, as the page and the file show them. */
import type { DecidingFact } from "@cairn/engine";
import type { WorklistChoice, PracticeWorklist, WorklistRow } from "@cairn/pages";
import { type Fact, type Query, spanWords } from "@cairn/query-library";
import { longDate } from "@cairn/text";
import {
  headingLines,
  LISTS,
  type ChosenList,
  type List,
  optedOutWords,
  whoWords,
} from "../worklists/lists.js";
import { type KeptMark, type MarkName, MARKS } from "../worklists/marks.js";
import type { ListedPerson, Worklist } from "../worklists/people.js";

/** How the reader wants to see a list. */
export interface WorklistView {
  /** What is looked for: a form alone says it, never an address. */
  readonly find: string;
  readonly sort: Sort;
  /** What was typed into the form that marks, before its person had to sign in again. */
  readonly typed?: PracticeWorklist["typed"];
}

const SORTS = ["patient", "oldest-entry", "oldest", "marked"] as const;
type Sort = (typeof SORTS)[number];

const SORT_WORDS: Readonly<Record<Sort, string>> = {
  patient: "by identifier",
  "oldest-entry": "longest ago first",
  oldest: "oldest people first",
  marked: "not marked first",
};

const MARK_WORDS: Readonly<Record<MarkName, string>> = {
  seen: "seen",
  "not-suitable": "not suitable",
  recalled: "recalled",
};

const MARK_CHOICES = [
  ...MARKS.map((value) => ({ value, words: MARK_WORDS[value] })),
  { value: "none", words: "no mark" },
];

/** @param find as it was typed into a form */
export function wishOf(
  asked: Readonly<Record<string, string | undefined>>,
  find: string | undefined,
): WorklistView {
  const sort = SORTS.find((each) => each === asked["sort"]) ?? "patient";
  return { find: (find ?? "").trim().slice(0, 100), sort };
}

interface MarkedPerson {
  readonly person: ListedPerson;
  readonly mark: KeptMark | null;
}

/** Those on a list whom the reader looks for, in the order asked for. */
export function wished(
  list: Worklist,
  marks: ReadonlyMap<string, KeptMark>,
  wish: WorklistView,
): MarkedPerson[] {
  const all = list.people.map((person) => ({ person, mark: marks.get(person.id) ?? null }));
  const sought = wish.find.toLowerCase();
  const found = sought === "" ? all : all.filter((each) => textOf(each).toLowerCase().includes(sought));
  return found.sort((a, b) => before(wish.sort)(a, b) || byPatient(a, b));
}

/** What can be looked for in a person's row. */
function textOf({ person, mark }: MarkedPerson): string {
  return [
    person.patient,
    ...person.facts.map(factWords),
    mark ? Object.values(markWords(mark)).join("\n") : "",
  ].join("\n");
}

function before(sort: Sort): (a: MarkedPerson, b: MarkedPerson) => number {
  switch (sort) {
    case "patient":
      return byPatient;
    case "oldest-entry":
      return (a, b) => compare(newestEntry(a), newestEntry(b));
    case "oldest":
      return (a, b) => (b.person.age ?? -1) - (a.person.age ?? -1);
    case "marked":
      return (a, b) => Number(a.mark !== null) - Number(b.mark !== null);
  }
}

function byPatient(a: MarkedPerson, b: MarkedPerson): number {
  return a.person.patient.localeCompare(b.person.patient, "en", { numeric: true });
}

/** The day of the newest entry that decided; "" where there is none, which is longest ago. */
function newestEntry({ person }: MarkedPerson): string {
  return person.facts.reduce((newest, { date }) => (date !== null && date > newest ? date : newest), "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Shown {
  readonly practice: string | null;
  readonly query: Query;
  readonly date: string;
  readonly chosen: ChosenList;
  readonly list: Worklist;
  readonly marks: ReadonlyMap<string, KeptMark>;
  readonly wish: WorklistView;
  /** The token of its forms. */
  readonly token: string;
}

export function worklistModel(shown: Shown): PracticeWorklist {
  const { practice, query, date, chosen, list, marks, wish, token } = shown;
  const typed = wish.typed ?? { why: "", mark: "seen", ticked: new Set() };
  const same = { date, list: chosen.list, sort: wish.sort };
  return {
    practice,
    query: query.query,
    title: query.title,
    date,
    question: query.question,
    heading: headingLines(query, chosen),
    notes: list.optedOut > 0 ? [optedOutWords(list.optedOut)] : [],
    lists: listOptions(query, chosen.list),
    sorts: SORTS.map((value) => ({ value, words: SORT_WORDS[value], isChosen: value === wish.sort })),
    find: wish.find,
    facts: Object.entries(query.facts).map(([name, fact]) => factLabel(name, fact)),
    people: wished(list, marks, wish).map((each) => rowOf(query, each)),
    onTheList: list.people.length,
    csv: `/questions/${encodeURIComponent(query.query)}/people.csv?${new URLSearchParams(same).toString()}`,
    typed,
    same: new URLSearchParams(same).toString(),
    token,
    marks: MARK_CHOICES.map((choice) => ({ ...choice, isChosen: choice.value === typed.mark })),
    hidden: { ...same, find: wish.find },
  };
}

/** The two lists, for a reader who chooses. */
export function listOptions(query: Query, chosen: List | null): WorklistChoice[] {
  return LISTS.map((value) => ({ value, words: whoWords(query, value), isChosen: value === chosen }));
}

function rowOf({ facts }: Query, { person, mark }: MarkedPerson): WorklistRow {
  return {
    patient: person.patient,
    id: person.id,
    age: person.age === null ? "not known" : String(person.age),
    sex: person.sex === "unknown" ? "not known" : person.sex,
    facts: person.facts.map((decided) => noneIn(decided, facts[decided.fact]) ?? factWords(decided)),
    mark: markWords(mark),
  };
}

/** "61 mmol/mol, 3 January 2025" */
function factWords({ value, unit, date }: DecidingFact): string {
  const said = value === null ? "none" : typeof value === "boolean" ? (value ? "yes" : "no") : `${value}`;
  if (date !== null && date === said) return longDate(date);
  const measured = unit === null || value === null ? said : `${said} ${unit}`;
  return date === null ? measured : `${measured}, ${longDate(date)}`;
}

function markWords(mark: KeptMark | null): WorklistRow["mark"] {
  if (mark === null) return { words: "none yet", more: null };
  const why = mark.mark === "not-suitable" ? `because ${mark.why}; ` : "";
  return { words: MARK_WORDS[mark.mark], more: `${why}${mark.by}, ${longDate(mark.at)}` };
}

/** A fact's name as the head of a column: "Last HbA1c". */
function factLabel(name: string, { form }: Fact): string {
  if (form === "pair") return "Blood pressure";
  const words = name
    .replaceAll("_", " ")
    .replace(/\bhba1c\b/, "HbA1c")
    .replace(/\begfr\b/, "eGFR");
  return /^eGFR/.test(words) ? words : words.replace(/^./, (letter) => letter.toUpperCase());
}

/** "none in 12 months", of a reading that there is not in the fact's window; null of everything else. */
function noneIn({ value }: DecidingFact, fact: Fact | undefined): string | null {
  if (value !== null || !fact || !("window" in fact)) return null;
  const { from, to } = fact.window;
  return from === null || to !== null ? null : `none in ${spanWords(from)}`;
}
