/** Words on who is left out of what would leave at each date, for the practice's own screen. */
import type { PreviewDates } from "@cairn/agent/practice-records";

/** Numbers of people of the records who are left out. They are for this screen: with the result they could be sent on. */
interface LeftOut {
  /** On the practice's own list or marked as confidential, or with a type 1 opt-out in their record. */
  readonly all: number;
  /** On the practice's own list or marked as confidential: left out whatever is chosen. */
  readonly always: number;
}

/**
 * Says who is left out of a preview, each date by what holds at it.
 * @param dates with whether people with a type 1 opt-out are counted at each
 */
export function leftOutWords(dates: PreviewDates["made"], { all, always }: LeftOut): string[] {
  const at = (choice: "left-out" | "counted"): string =>
    dates.flatMap(({ date, optOuts }) => (optOuts === choice ? date : [])).join(", ");
  const [leftOut, counted] = [at("left-out"), at("counted")];
  const words: string[] = [];
  if (leftOut !== "")
    words.push(
      `At ${leftOut} people with a type 1 opt-out in their record, on the practice's own list, or marked as confidential in the extract, are in no number that leaves: ${peopleWords(all)}.`,
    );
  if (counted !== "")
    words.push(
      `At ${counted} people with a type 1 opt-out in their record are counted: the practice, the charter of each of its groups and every question that they may ask let them be, now or when the first numbers of that date left.`,
      `At ${counted} people on the practice's own list, or marked as confidential in the extract, are in no number that leaves: ${peopleWords(always)}.`,
    );
  return words;
}

function peopleWords(people: number): string {
  if (people === 0) return "nobody of these records";
  return people === 1 ? "1 person" : `${people} people`;
}
