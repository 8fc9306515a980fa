/** A data protection impact assessment, by the steps of the Information Commissioner's template. */
import { longDate } from "@cairn/text";
import { consentWords, sealedConsentWords, type GroupConsents } from "../named.js";
import { gap, heading, table, text, type PaperItem } from "../paper.js";
import { byCharter, byProgram, NO_CHARTER, type GroupFacts } from "./group-facts.js";
import * as say from "./statements.js";

export function assessment(facts: GroupFacts): PaperItem[] {
  return [
    heading(2, `${facts.group}: data protection impact assessment`),
    heading(3, "1. Why an assessment is made"),
    gap("why this is assessed: what is new, whose health data it is made from, at which scale"),
    heading(3, "2. The processing"),
    ...say.onlyCounts(),
    ...say.staysAtPractice(),
    say.noNetwork(),
    gap("what cairn agent doctor said at each practice, and on which day"),
    byProgram(
      "Cairn does not encrypt its files itself: extract, record store, hub and their backups stand on disks that somebody else encrypts.",
      "README.md, the practice's first day",
    ),
    gap(
      "on which machines and disks hub and practices keep them, who can open those, and where the backups are",
    ),
    say.kindsOfData(facts),
    questions(facts),
    ...say.kept(facts),
    gap(
      "how many people that concerns, in which area, and whether children or others who need particular care are among them",
    ),
    gap("what patients expect of it, how they were told, and what worries there were before"),
    ...say.purpose(facts),
    heading(3, "3. Who was asked"),
    gap("which patients, practices and processors were asked for their view, when, and what they said"),
    heading(3, "4. Is it necessary, and in proportion"),
    say.lawfulBasis(facts),
    gap("the condition of article 9 for health data, and how the duty of confidence is met"),
    ...say.practiceDecides(facts),
    ...say.smallCounts(facts),
    ...say.optedOut(facts),
    gap("how people's rights are met, the contracts with processors, and any transfer abroad"),
    heading(3, "5. Risks, and what is done about each"),
    ...risks(facts),
    gap(
      "for each risk how likely and how severe it is, and risks that are not of the program: people, buildings, suppliers",
    ),
    heading(3, "6. Further measures"),
    gap("what else is done to lower a risk, who does it and by when"),
    heading(3, "7. Who agreed"),
    gap("the data protection officer's advice, who accepted what remains, and the day of the next review"),
    byCharter(
      facts,
      ({ review }) => `The group looks at its charter again by ${longDate(review)}.`,
      "when the group looks at this again",
    ),
  ];
}

/** Who is named now and who was before; of a sealed export only what it tells. */
function named({ named, charter }: GroupFacts): PaperItem[] {
  if (named === null) return [];
  const words = (is: (span: GroupConsents["spans"][number]) => boolean): string =>
    named.spans.filter(is).map(consentWords).join("; ");
  const now = words(({ ended }) => ended === null);
  const before = words(({ ended }) => ended !== null);
  const untold = sealedConsentWords(named, charter);
  const said = [
    now === "" ? (untold === null ? "No practice consents to be named now." : []) : `Named now: ${now}.`,
    before === "" ? [] : `Named before: ${before}.`,
    untold === null ? [] : `${untold.replace(/^w/, "W")}.`,
  ].flat();
  return said.map((each) => text(each, "the hub's log"));
}

function questions({ rows }: GroupFacts): PaperItem {
  return table(
    ["Question", "Asked since", "Releases", "First", "Last"],
    rows.map((row) => [
      `${row.title} (${row.query} ${row.version})`,
      row.askedFrom,
      String(row.releases),
      row.firstRelease,
      row.lastRelease,
    ]),
    "No question is in the logs that were given.",
  );
}

function risks(facts: GroupFacts): PaperItem[] {
  return [
    text("Risk: a small count shows something of a person."),
    ...say.floor(facts),
    byProgram(
      "Not covered: people with outside knowledge, staff of a practice who work together, combinations across questions beyond pairs, what the pattern of withheld cells shows by itself, and reconstruction from very many cells.",
      "docs/disclosure.md, what is not promised",
    ),
    text("Risk: a practice is recognised among its peers."),
    byCharter(
      facts,
      ({ contributors, peers }) =>
        `A figure of the group needs ${contributors} practices or more; peers show: ${peers}.`,
      "how practices show to one another, and from how many practices a figure is made",
    ),
    byProgram(
      "A practice is named to others only by its own consent, which it signs for a group's charter up to a day and can take back at once; on the page of a question alone, and nowhere where one practice without a name could be told by that.",
      "docs/sign-in.md",
    ),
    ...named(facts),
    byProgram(
      facts.source === NO_CHARTER
        ? "This group has no charter, so cairn hub comparison names each practice beside its numbers to whoever holds the hub's machine."
        : "Under a charter cairn hub comparison asks who looks (--as NAME), and names no practice; whoever holds the hub's machine can read in its files whose numbers are whose.",
      "docs/hub.md",
    ),
    byProgram(
      "Not covered: who joins or leaves a group can be worked out from dots of two dates more often than by chance.",
      "docs/disclosure.md, what peers learn of a practice",
    ),
    text("Risk: the hub is taken over."),
    byProgram(
      "It cannot ask a question that is not signed, lower a floor, or reach a record.",
      "promises H1, H3 and H4, docs/promises.md",
    ),
    byProgram(
      "It can show to others what it already holds: releases, with small counts withheld.",
      "docs/hub.md",
    ),
    text("Risk: somebody looks who should not."),
    say.beforeAccounts(),
    byProgram(
      "Pages show a group's figures to whoever its charter lets see them, and each look is in a log. Who holds a machine can read its files without a page.",
      "promises H14 and H6, docs/promises.md",
    ),
  ];
}
