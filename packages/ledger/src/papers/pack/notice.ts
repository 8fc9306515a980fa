/** A privacy notice for patients, to be read and finished by a person. */
import { gap, heading, type PaperItem } from "../paper.js";
import { byProgram, type GroupFacts } from "./group-facts.js";
import * as say from "./statements.js";

export function privacyNotice(facts: GroupFacts): PaperItem[] {
  return [
    heading(2, `${facts.group}: privacy notice`),
    heading(3, "What your practice does"),
    gap("the name of the practice, and of the group as patients know it"),
    byProgram(
      "A computer at your practice counts how many patients have something in their record, such as a measurement or a medicine. Only these counts leave the practice. Your name, your NHS number, your date of birth and what is written in your record do not. Small counts are withheld before they leave.",
      "H2",
    ),
    ...say.floor(facts),
    heading(3, "What for"),
    ...say.purpose(facts),
    heading(3, "Who answers for it, and why it is lawful"),
    say.controller(facts),
    say.lawfulBasis(facts),
    heading(3, "Who sees the counts"),
    ...say.whoReceives(facts),
    heading(3, "How long they are kept"),
    ...say.kept(facts),
    heading(3, "If you do not want to be counted"),
    byProgram(
      facts.charter?.optOuts === "counted"
        ? "If your practice has put you on its list, you are in no count that leaves the practice after that. If you have a type 1 opt-out, you are in none either, unless your practice has chosen to count you: ask it. This does not affect your care."
        : "If you have a type 1 opt-out, or your practice has put you on its list, you are in no count that leaves the practice for this group after that is in its records. This does not affect your care.",
      "H13",
    ),
    byProgram(
      "If you live in England and have the national data opt-out, the program does not know of it: you are counted unless your practice puts you on its list.",
      "docs/disclosure.md",
    ),
    gap("how a patient tells the practice, and whom to ask"),
    heading(3, "Your rights"),
    gap(
      "the patient's rights here, the data protection officer's contact, and how to complain to the Information Commissioner",
    ),
  ];
}
