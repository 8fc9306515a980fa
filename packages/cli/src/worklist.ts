/** The people on a query's worklist, and the words for them: those to look at follow from the query's direction. */
import { CairnError } from "@cairn/errors";
import { conditionsInWords, type Query } from "@cairn/query-library";

/** The list: the people of the denominator in the numerator, or the rest of them. */
export type List = "numerator" | "rest";

interface Chosen {
  readonly list: List;
  /** Because of the query's direction, or because the reader asked for it. */
  readonly because: "direction" | "asked";
}

/** The reader has to say which list is meant, or said two. */
class WhichListError extends CairnError<"which-list"> {
  readonly kind = "wrong-use";
}

/**
 * Chooses the list.
 * @throws WhichListError where neither the direction nor the reader decides, and where both lists are asked for
 */
export function chooseList(
  query: Query,
  asked: { readonly numerator?: boolean; readonly rest?: boolean },
): Chosen {
  if (asked.numerator && asked.rest)
    throw new WhichListError("which-list", "give --numerator or --rest, not both: they are two lists");
  const usual = usualList(query);
  const list = asked.numerator ? "numerator" : asked.rest ? "rest" : usual;
  if (list === null) {
    throw new WhichListError(
      "which-list",
      `${query.query} does not say whether higher or lower is better: say --numerator for the people in its numerator, or --rest for the others of its denominator`,
    );
  }
  return { list, because: list === usual ? "direction" : "asked" };
}

/** Lower is better: those in the numerator. Higher: those who are not. */
function usualList({ direction }: Query): List | null {
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
  numerator: "people in the numerator",
  rest: "people in the denominator and not in the numerator",
};

/**
 * The heading: who is on the list and why, what the numerator and the denominator are, and that it stays here; a line
 * each.
 */
export function headingLines(query: Query, { list, because }: Chosen): string[] {
  return [
    `${query.title}: ${WHO[list]}${whyWords(query, list, because)}.`,
    ...conditionsInWords(query).map(({ part, words }) => `In the ${part}: ${words}.`),
    "For this practice only: this list never leaves it.",
  ];
}

function whyWords({ direction }: Query, list: List, because: Chosen["because"]): string {
  if (because === "direction") return ` (${direction})`;
  if (direction === "none") return ", as asked (neither higher nor lower is better by itself)";
  const usual = list === "numerator" ? "rest" : "numerator";
  return `, as asked (${direction}, so those to look at are usually the ${WHO[usual]})`;
}
