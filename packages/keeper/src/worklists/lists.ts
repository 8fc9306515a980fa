/** The two lists behind a query's number, which of them is the one to look at, and who is on it in words. */
import { conditionsInWords, type Query } from "@cairn/query-library";

/** The list: the people of the denominator in the numerator, or the rest of them. */
export const LISTS = ["numerator", "rest"] as const;
export type List = (typeof LISTS)[number];

export interface ChosenList {
  readonly list: List;
  /** Because of the query's direction, or because the reader asked for it. */
  readonly because: "direction" | "asked";
}

/** Chooses the list: the one that was asked for, else the query's own. Null where neither says which. */
export function chooseList(query: Query, asked: List | null): ChosenList | null {
  const usual = usualList(query);
  const list = asked ?? usual;
  return list === null ? null : { list, because: list === usual ? "direction" : "asked" };
}

/** The list to look at. Lower is better: those in the numerator. Higher: those who are not. Null: the reader chooses. */
export function usualList({ direction }: Query): List | null {
  switch (direction) {
    case "lower is usually better":
      return "numerator";
    case "higher is usually better":
      return "rest";
    case "none":
      return null;
  }
}

/** Names the people on a list by the query's own title: "people without “Asthma review”", "people on the asthma register". */
export function whoWords({ title }: Query, list: List): string {
  const register = /^On (the .+ register)$/.exec(title)?.[1];
  if (register !== undefined) return `people ${list === "numerator" ? "on" : "not on"} ${register}`;
  return `people ${list === "numerator" ? "with" : "without"} “${title}”`;
}

/** The words beside the list to look at. */
export const WORTH_A_LOOK = "perhaps worth a look";

/** The heading: who is on the list and why, whom the question is about, who is counted, and that it stays here; a line each. */
export function headingLines(query: Query, { list, because }: ChosenList): string[] {
  return [
    `${capital(whoWords(query, list))}${whyWords(query, because)}.`,
    ...conditionsInWords(query).map(
      ({ part, words }) =>
        `${part === "denominator" ? "Whom the question is about" : capital(whoWords(query, "numerator"))}: ${words}.`,
    ),
    "For this practice only: this list never leaves it.",
  ];
}

function whyWords({ direction }: Query, because: ChosenList["because"]): string {
  if (because === "direction") return `: ${WORTH_A_LOOK} (${direction})`;
  if (direction === "none") return ", as asked (neither higher nor lower is better by itself)";
  return `, as asked (${direction}, so the other list is usually the one worth a look)`;
}

function capital(words: string): string {
  return words.replace(/^./, (letter) => letter.toUpperCase());
}

/** The words for people on a list who opted out of what leaves. */
export function optedOutWords(people: number): string {
  return people === 1
    ? "1 of them has a type 1 opt-out in the record, is on the practice's own list or is marked as confidential: on this list, because it is for their care."
    : `${people} of them have a type 1 opt-out in the record, are on the practice's own list or are marked as confidential: on this list, because it is for their care.`;
}
