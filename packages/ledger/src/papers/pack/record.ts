/** A record of processing activities: what UK GDPR article 30(1) asks, letter by letter. */
import { gap, heading, text, type PaperItem } from "../paper.js";
import type { GroupFacts } from "./group-facts.js";
import * as say from "./statements.js";

export function recordOfProcessing(facts: GroupFacts): PaperItem[] {
  return [
    heading(2, `${facts.group}: record of processing (article 30)`),
    heading(3, "(a) Controller"),
    say.controller(facts),
    gap("names and contact details of the controller, any joint controller, and the data protection officer"),
    heading(3, "(b) Purposes"),
    ...say.purpose(facts),
    heading(3, "(c) People and data"),
    text(
      "People: patients of the practices; who exactly is counted stands in each question.",
      "the signed library",
    ),
    say.kindsOfData(facts),
    ...say.staysAtPractice(),
    heading(3, "(d) Recipients"),
    ...say.whoReceives(facts),
    heading(3, "(e) Transfers to other countries"),
    gap("where the hub's machine and its backups stand, and any transfer: no log says it"),
    heading(3, "(f) Time limits"),
    ...say.kept(facts),
    heading(3, "(g) Security measures"),
    say.noNetwork(),
    ...say.onlyCounts(),
    ...say.smallCounts(facts),
    ...say.inTheLog(),
    gap("measures at the machines themselves: disks, doors, updates, backups, and who holds the passwords"),
  ];
}
