/** The five safes: projects, people, settings, data and outputs. */
import { gap, heading, text, type PaperItem } from "../paper.js";
import { byCharter, byLogs, byProgram, type GroupFacts } from "./group-facts.js";
import * as say from "./statements.js";

export function fiveSafes(facts: GroupFacts): PaperItem[] {
  return [
    heading(2, `${facts.group}: the five safes`),
    heading(3, "Safe projects"),
    ...say.purpose(facts),
    ...say.practiceDecides(facts),
    gap("how the use serves the public, and who approved it outside of this program"),
    heading(3, "Safe people"),
    ...say.whoReceives(facts),
    text("Accounts at the hub that may be concerned with the group, by its log:"),
    byLogs(
      facts.accounts,
      facts.hasHub
        ? "who uses the hub's pages: its log has no account for this group"
        : "who has an account at the hub: its log was not given",
    ),
    gap("what these people were taught and signed, and who checks that"),
    heading(3, "Safe settings"),
    say.noNetwork(),
    byProgram(
      "A page is shown to whoever may see it, and to nobody else; from other desks nobody is let in without a one-time code.",
      "H14",
    ),
    say.beforeAccounts(),
    ...say.inTheLog(),
    gap("where the machines stand, and who can reach them"),
    heading(3, "Safe data"),
    ...say.onlyCounts(),
    ...say.staysAtPractice(),
    say.kindsOfData(facts),
    ...say.optedOut(facts),
    heading(3, "Safe outputs"),
    ...say.smallCounts(facts),
    byCharter(
      facts,
      ({ contributors }) => `A figure of the group is made from ${contributors} practices or more.`,
      "from how many practices a figure is made",
    ),
    byProgram(
      "Of a peer no exact denominator is shown, and nothing that could be followed from page to page.",
      "H8",
    ),
    gap("who looks at what is published outside of the group, before it is"),
  ];
}
