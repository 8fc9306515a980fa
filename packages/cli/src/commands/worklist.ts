/** cairn worklist: the practice's own patients to look at behind a query's number, on the practice's own screen. */
import type { Command } from "commander";
import {
  ageAt,
  decidingFacts,
  type DecidingFact,
  optedOut,
  patientsOf,
  type CountedPatients,
} from "@cairn/engine";
import { has, keysIn, OPT_OUTS_COUNTED } from "@cairn/tables";
import { optOutCodes, type Records, requireAnswerable } from "@cairn/records";
import type { Query } from "@cairn/query-library";
import { isolated } from "../isolated.js";
import { assertMayAsk, logLook, withRecords } from "@cairn/agent/practice-records";
import { loadQuery } from "@cairn/authoring";
import { aligned, doubtsOf, type Flags, onRecords, printBasis } from "../query-screen.js";
import { say } from "../say.js";
import { chooseList, headingLines, type List } from "../worklist.js";

interface WorklistFlags extends Flags {
  readonly numerator?: boolean;
  readonly rest?: boolean;
}

export function register(program: Command): void {
  onRecords(
    program,
    "worklist",
    "your own patients to look at: where lower is better those in the numerator, where higher is better the others",
  )
    .option("--numerator", "the people in the numerator, whatever the query's direction")
    .option(
      "--rest",
      "the people in the denominator and not in the numerator, whatever the query's direction",
    )
    .action((file: string, flags: WorklistFlags) => isolated(() => worklist(file, flags)));
}

async function worklist(file: string, flags: WorklistFlags): Promise<void> {
  const query = loadQuery(file, flags.library);
  assertMayAsk(flags.data, query, say.note);
  const chosen = chooseList(query, flags);
  await withRecords(flags.data, (records) => {
    requireAnswerable(query, records);
    const source = records.source();
    const found = patientsOf(source, query, flags.at, OPT_OUTS_COUNTED);
    const listed = found.map((at) => ({ date: at.date, keys: keysOn(chosen.list, at) }));
    const people = listed.flatMap(({ date, keys }) => keys.map((key) => personOf(records, key, query, date)));
    const out = optedOut(source, optOutCodes());
    const leftOut = new Set(listed.flatMap(({ keys }) => keys).filter((key) => has(out, key))).size;
    const heading = headingLines(query, chosen);
    logLook(flags.data, query, flags.at);
    if (flags.json) {
      const { query: name, version, digest } = query;
      const doubts = doubtsOf(query, records, flags.at);
      say.json({
        query: name,
        version,
        digest,
        ...chosen,
        heading,
        opted_out: leftOut,
        ...doubts,
        patients: people,
      });
    } else {
      const rows = people.map((each) => [each.date, each.patient, ageWords(each), each.sex, factsText(each)]);
      say.result([...heading, "", ...aligned(rows), countWords(people.length)].join("\n"));
    }
    if (leftOut > 0) say.note(optedOutWords(leftOut));
    printBasis(query, records, flags.at);
  });
}

/** The store keys on a list at a date. Of sums, everyone who adds to them is in them. */
export function keysOn(list: List, { denominatorSet, numeratorSet }: CountedPatients): number[] {
  return keysIn(denominatorSet).filter((key) => has(numeratorSet, key) === (list === "numerator"));
}

function optedOutWords(people: number): string {
  return people === 1
    ? "1 of them has opted out: on this list, because it is for their care, and in nothing that leaves."
    : `${people} of them have opted out: on this list, because it is for their care, and in nothing that leaves.`;
}

interface Listed {
  readonly date: string;
  readonly patient: string; // the practice's own identifier
  readonly age: number | null; // completed years at the date
  readonly sex: string;
  readonly facts: readonly DecidingFact[];
}

function personOf(records: Records, key: number, query: Query, date: string): Listed {
  const person = records.person(key);
  const { id, sex } = person;
  return { date, patient: id, age: ageAt(person, date), sex, facts: decidingFacts(person, query, date) };
}

function ageWords({ age }: Listed): string {
  return age === null ? "age not known" : `${age}`;
}

/** `last hba1c 61 mmol/mol 2025-01-03; declined no`. */
function factsText({ facts }: Listed): string {
  return facts.map(factText).join("; ");
}

function factText({ fact, value, unit, date }: DecidingFact): string {
  const said = value === null ? "none" : typeof value === "boolean" ? (value ? "yes" : "no") : `${value}`;
  const measured = unit === null || value === null ? said : `${said} ${unit}`;
  const when = date === null || date === said ? "" : ` ${date}`;
  return `${fact.replaceAll("_", " ")} ${measured}${when}`;
}

function countWords(people: number): string {
  return people === 1 ? "1 person" : `${people} people`;
}
