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

const WHO: Readonly<Record<List, string>> = {
  numerator: "people for whom it holds",
  rest: "people for whom it does not hold",
};

const PARTS = { denominator: "Whom it is about", numerator: "For whom it holds" } as const;

/** The heading: who is on the list and why, whom it is about, for whom it holds, and that it stays here; a line each. */
export function headingLines(query: Query, { list, because }: ChosenList): string[] {
  return [
    `${query.title}: ${WHO[list]}${whyWords(query, list, because)}.`,
    ...conditionsInWords(query).map(({ part, words }) => `${PARTS[part]}: ${words}.`),
    "For this practice only: this list never leaves it.",
  ];
}

function whyWords({ direction }: Query, list: List, because: ChosenList["because"]): string {
  if (because === "direction") return ` (${direction})`;
  if (direction === "none") return ", as asked (neither higher nor lower is better by itself)";
  const usual = list === "numerator" ? "rest" : "numerator";
  return `, as asked (${direction}, so those to look at are usually the ${WHO[usual]})`;
}

/** The words for people on a list who opted out of what leaves. */
export function optedOutWords(people: number): string {
  return people === 1
    ? "1 of them has opted out: on this list, because it is for their care, and in nothing that leaves."
    : `${people} of them have opted out: on this list, because it is for their care, and in nothing that leaves.`;
}
