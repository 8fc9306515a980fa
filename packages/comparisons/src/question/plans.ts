/** What a group set out to do about a question: aims and tests of change, open until the group has looked again. */
import { longDate, percent } from "@cairn/text";
import type { GroupNote } from "../document.js";

/** Those that the group has yet to look at, the earliest due first: they come first when it next looks. */
export function openPlans<N extends GroupNote>(notes: readonly N[]): N[] {
  return notes
    .filter(({ kind, outcome }) => kind !== "note" && outcome === null)
    .sort((a, b) => order(a.until ?? "", b.until ?? "") || order(a.date, b.date));
}

/** Those open plans of which it can be asked what came of them: the day by which they were to be done has come. @param today ISO */
export function duePlans<N extends GroupNote>(notes: readonly N[], today: string): N[] {
  return openPlans(notes).filter(({ until, date }) => (until ?? date) <= today);
}

/** The last tests of change that were looked at again, newest first. */
export function triedPlans<N extends GroupNote>(notes: readonly N[], most = 2): N[] {
  return notes
    .filter(({ kind, outcome }) => kind !== "note" && outcome !== null)
    .sort((a, b) => order(b.outcome?.date ?? "", a.outcome?.date ?? ""))
    .slice(0, most);
}

/** A note, aim or test of change in words, as one who was not there reads it. */
export function noteWords({ kind, text, share, measured_by, until, outcome }: GroupNote): string {
  const by = until === null ? "" : ` by ${longDate(until)}`;
  const said = {
    note: text,
    aim: `Aim: ${share === null ? "" : percent(share)}${by}: ${text}`,
    "test-of-change": `We try${by}: ${text}${measured_by === null ? "" : ` (measured by: ${measured_by})`}`,
  }[kind];
  return outcome === null ? said : `${said} (${outcome.what} on ${longDate(outcome.date)})`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
