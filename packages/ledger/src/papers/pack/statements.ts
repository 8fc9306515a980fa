/** Statements that several forms ask for, in one place so that they say the same in each. */
import { floorWords, recipients } from "@cairn/charters";
import { gap, list, text, type PaperItem } from "../paper.js";
import { byCharter, byLogs, byProgram, type GroupFacts } from "./group-facts.js";

export const purpose = (facts: GroupFacts): PaperItem[] => [
  byCharter(facts, (charter) => `Purpose: ${charter.purpose}`, "what the group's figures are for"),
  facts.charter?.notFor === null
    ? gap(`what the figures may not be used for (${facts.source}, does not say)`)
    : byCharter(facts, ({ notFor }) => `Not for: ${notFor}`, "what the figures may not be used for"),
];

export const controller = (facts: GroupFacts): PaperItem =>
  byCharter(facts, (charter) => `Who answers for it: ${charter.controller}`, "who the controller is");

export const lawfulBasis = (facts: GroupFacts): PaperItem =>
  byCharter(facts, (charter) => `Lawful basis: ${charter.lawfulBasis}`, "the lawful basis");

export const whoReceives = (facts: GroupFacts): PaperItem[] => [
  byCharter(
    facts,
    (charter) => `Who sees what: ${recipients(charter).join("; ")}.`,
    "who receives the group's figures, and what each sees",
  ),
  byCharter(
    facts,
    ({ lead, supporter, provider }) => {
      const named = [
        ["led by", lead],
        ["supported by", supporter],
        ["provider", provider],
      ].flatMap(([what, who]) => (who ? `${what} ${who}` : []));
      return named.length > 0 ? `As they are called: ${named.join("; ")}.` : "The charter names no body.";
    },
    "the bodies that lead, support or provide",
  ),
  byProgram(
    "Whoever holds the hub's machine can read the releases in its files; their small counts were withheld before, at the practice.",
    "docs/hub.md",
  ),
];

export const kept = (facts: GroupFacts): PaperItem[] => [
  byCharter(
    facts,
    ({ keepFor }) =>
      `To be deleted after ${keepFor} months by whoever runs the hub; the program deletes nothing by itself.`,
    "how long the figures are kept, and who deletes them then: the program deletes nothing by itself",
  ),
  byProgram("The logs hold digests and decisions, and are not shortened.", "docs/audit.md"),
];

/** The kinds of data, each once, with the questions that they are of. */
export function kindsOfData({ rows }: GroupFacts): PaperItem {
  const of = new Map<string, string[]>();
  for (const { data, query, version } of rows) of.set(data, [...(of.get(data) ?? []), `${query} ${version}`]);
  const items = [...of].map(([data, queries]) => `${data} (the signed library, ${queries.join(", ")})`);
  return byLogs(items, "which data are asked for: no question is in the logs that were given");
}

/** By the charter, and as the logs say that it was done. */
export const floor = (facts: GroupFacts): PaperItem[] => [
  ...(facts.charter || facts.floors.length === 0
    ? [
        byCharter(
          facts,
          (charter) => `Before anything leaves a practice, ${floorWords(charter.floor)}, or more strictly.`,
          "below which number a count is withheld",
        ),
      ]
    : []),
  ...facts.floors.map(({ words, from }) => text(words, from)),
];

export const smallCounts = (facts: GroupFacts): PaperItem[] => [
  ...floor(facts),
  byProgram(
    "None and all are numbers like others: 0 of 40 and 40 of 40 may leave, and tell of everybody in the group, unless the question is marked sensitive.",
    "docs/disclosure.md",
  ),
  byProgram("A hub can ask for a higher floor, and never for a lower one.", "H4"),
  byProgram("Each release is checked against everything that the practice released before.", "H5"),
];

export const optedOut = (facts: GroupFacts): PaperItem[] => [
  byProgram(
    "Who is on the practice's own list, or is marked confidential in the records that it loads, is in no number that leaves, whatever a charter says. Who has a type 1 opt-out in the record is in none either, unless the practice, the charter of every group that it is in and the question all let them be counted. Their own care is not affected.",
    "H13",
  ),
  byCharter(
    facts,
    ({ optOuts }) =>
      optOuts === "left-out"
        ? "This charter leaves them out: no number that counts them is used under it."
        : "This charter lets them be counted where a practice chooses it; beside each comparison stands how many practices do.",
    "what the group decided about people with a type 1 opt-out in their record",
  ),
  ...facts.optOuts.map(({ words, from }) => text(words, from)),
  byProgram(
    "England's national data opt-out concerns identifiable data. The program does not look for it: a practice that applies it here puts those people on its own list (cairn agent left-out --file FILE).",
    "docs/disclosure.md",
  ),
  gap("whether the national data opt-out is applied to these counts, and who decided that"),
];

export const onlyCounts = (): PaperItem[] => [
  byProgram(
    "What leaves a practice about patients is whole numbers by their place in the table of a signed question: no text, no date and no identifier from a record.",
    "H2",
  ),
  byProgram(
    "Besides, the hub has from a practice its name, which groups and questions it accepted, the state of each run with its id and date, versions of its programs, and heads of its log with digests and signatures.",
    "docs/hub.md",
  ),
];

export const staysAtPractice = (): PaperItem[] => [
  byProgram(
    "At the practice, and sent nowhere: the record store on the agent's machine holds coded records over years, with dates of birth and the practice's identifiers of people.",
    "docs/records.md",
  ),
  byProgram(
    "Worklists at the practice show people, by identifier, to clinicians and quality leads; each opening is in the practice's log.",
    "docs/keeper.md",
  ),
  gap("how long each practice keeps the record store, extracts and backups: that is the practice's to set"),
];

export const noNetwork = (): PaperItem =>
  byProgram(
    "The process that reads records has no network. On Linux the operating system enforces it; where it cannot, cairn agent doctor says so.",
    "H1",
  );

export const practiceDecides = ({ decisions, reviews }: GroupFacts): PaperItem[] => [
  byProgram(
    "A practice answers a question only if two people, one with a clinical and one with a governance key, signed the library that holds it, for a date of the question's own, once that version was accepted there by the practice's rule, and while it is not paused.",
    "H3",
  ),
  text(
    "That two people signed a library is not a clinical review of each question. Who reviewed each, by its own text:",
    "the signed library",
  ),
  reviews.length > 0
    ? list(reviews)
    : gap("who reviewed each question: its text is in no export that was given"),
  text("What practices had decided, as far as their logs were given:"),
  byLogs(
    decisions,
    "which practices take part, who accepted at each, and by which rule: no log of theirs was given",
  ),
];

export const inTheLog = (): PaperItem[] => [
  byProgram(
    "Every decision, use and look is in a log, the practice's own before the bytes leave. The hub's log and practices' can be held against each other, offline, by someone who trusts neither.",
    "H6",
  ),
  byProgram(
    "A log's name for who acted by a command is the system's user, or what was typed (--as NAME): names without a sign-in were not checked.",
    "docs/hub.md",
  ),
];

export const beforeAccounts = (): PaperItem =>
  byProgram(
    "Until the hub has its first account, its pages are shown to whoever sits at its machine, and each look is in its log without a person.",
    "docs/sign-in.md",
  );
