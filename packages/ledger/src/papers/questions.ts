/** Query versions in plain words, with who wrote, reviewed and signed them. */
import { conditionsInWords, leftOutWords, peopleWords } from "@cairn/query-library";
import { longDate } from "@cairn/text";
import type { QueryName } from "../report/lines.js";
import type { GivenFiles, NamedLibrary } from "./given.js";
import { heading, list, text, type PaperItem } from "./paper.js";

/** @param queries each once */
export function questionBlocks(given: GivenFiles, queries: readonly QueryName[]): PaperItem[] {
  const sorted = queries.toSorted((a, b) => (`${a.query} ${a.version}` < `${b.query} ${b.version}` ? -1 : 1));
  return [
    heading(2, "The questions in plain words"),
    ...(sorted.length === 0
      ? [text("No question was asked, answered or looked at in this period.")]
      : [text("D stands for the date that is asked for: the last day of a period.")]),
    ...sorted.flatMap((name) => questionOf(given, name)),
  ];
}

function questionOf(given: GivenFiles, { query: name, version, digest }: QueryName): PaperItem[] {
  const found = given.query(digest);
  const called = `${name} ${version}`;
  if (!found)
    return [
      heading(3, called),
      text(
        "Its text is in no export that was given: export both logs with this version of cairn or a newer one.",
      ),
    ];
  const { query, libraries } = found;
  const { writtenBy, reviewedBy } = query.review;
  const [counted, ofThese] = conditionsInWords(query);
  return [
    heading(3, `${query.title} (${called})`),
    text(query.question),
    list([
      `Purpose: ${query.purpose}`,
      ...(query.why === null ? [] : [`Why: ${query.why}`]),
      `People: ${peopleWords(query)}`,
      `Who is counted: ${plain(counted?.words)}`,
      `Of these, how many: ${plain(ofThese?.words)}`,
      `Left out: ${leftOutWords(query.optOuts === undefined ? null : "query")}`,
      `Written by: ${writtenBy ?? "it does not say"}`,
      `Reviewed by: ${reviewedBy ?? "no clinician yet"}`,
      `Signed: ${libraries.map(signedWords).join("; ")}`,
      `Digest (SHA-256): ${digest}`,
    ]),
  ];
}

/** Names of codelists stand between backquotes in a terminal. */
function plain(words = ""): string {
  return words.replaceAll("`", "");
}

function signedWords({ version, signers, time }: NamedLibrary): string {
  return `library ${version}, by ${signers ?? "names that the logs do not have"}, first in these logs on ${longDate(time.slice(0, 10))}`;
}
