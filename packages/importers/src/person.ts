/** Puts people into a load, and notes what is odd about them. */
import type { PatientFacts } from "@cairn/records";
import type { Intake } from "./importer.js";
import type { Place } from "./tally.js";

const GIVEN_TWICE = "the person was given before in this extract, with other facts; the last counts";
const MANGLED =
  "the person's id is a number with an exponent; a spreadsheet may have mangled it: export ids as text";

/** A long number as spreadsheets show it: `9.99001E+11`. */
const EXPONENT = /^\d(\.\d+)?E\+?\d+$/i;

/** Puts a person into the load. `table` and `at` are the place of their row, for messages. */
export function putPerson(intake: Intake, table: string, id: string, facts: PatientFacts, at: Place): void {
  const doubt = (words: string): void => intake.tally.doubted(table, words, at.file, at.line);
  if (EXPONENT.test(id)) doubt(MANGLED);
  if (intake.load.people.put(id, facts)) doubt(GIVEN_TWICE);
}
