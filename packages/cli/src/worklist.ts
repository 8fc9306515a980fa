/** The practice's own patients to look at behind a query's number. */
import type { DecidingFact } from "@cairn/engine";
import { CairnError } from "@cairn/errors";
import {
  chooseList,
  type ChosenList,
  headingLines,
  type ListedPerson,
  optedOutWords,
  worklistOf,
} from "@cairn/keeper";
import type { Query } from "@cairn/query-library";
import { logLook, withRecords } from "@cairn/agent/practice-records";
import type { Flags } from "./record-options.js";
import { aligned, doubtsOf, printBasis, queryToAsk } from "./query-screen.js";
import { say } from "./say.js";

export interface WorklistFlags extends Flags {
  readonly numerator?: boolean;
  readonly rest?: boolean;
  readonly as?: string;
}

export async function worklist(file: string, flags: WorklistFlags): Promise<void> {
  const query = queryToAsk(file, flags);
  const chosen = chosenList(query, flags);
  await withRecords(flags.data, (records) => {
    const { people, optedOut } = worklistOf(records, query, flags.at, chosen.list);
    const heading = headingLines(query, chosen);
    logLook(flags.data, query, flags.at, flags.as);
    if (flags.json) {
      const { query: name, version, digest } = query;
      const doubts = doubtsOf(query, records, flags.at);
      say.json({
        query: name,
        version,
        digest,
        ...chosen,
        heading,
        opted_out: optedOut,
        ...doubts,
        patients: people,
      });
    } else {
      const rows = people.map((each) => [each.date, each.patient, ageWords(each), each.sex, factsText(each)]);
      say.result([...heading, "", ...aligned(rows), countWords(people.length)].join("\n"));
    }
    if (optedOut > 0) say.note(optedOutWords(optedOut));
    printBasis(query, records, flags.at);
  });
}

/** The reader has to say which list is meant, or said two. */
class WhichListError extends CairnError<"which-list"> {
  readonly kind = "wrong-use";
}

/** @throws WhichListError where neither the direction nor the reader decides, and where both lists are asked for */
function chosenList(query: Query, { numerator, rest }: WorklistFlags): ChosenList {
  if (numerator && rest)
    throw new WhichListError("which-list", "give --numerator or --rest, not both: they are two lists");
  const chosen = chooseList(query, numerator ? "numerator" : rest ? "rest" : null);
  if (chosen !== null) return chosen;
  throw new WhichListError(
    "which-list",
    `${query.query} does not say whether higher or lower is better: say --numerator for the people in its numerator, or --rest for the others of its denominator`,
  );
}

function ageWords({ age }: ListedPerson): string {
  return age === null ? "age not known" : `${age}`;
}

/** `last hba1c 61 mmol/mol 2025-01-03; declined no`. */
function factsText({ facts }: ListedPerson): string {
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
