/** Of whom a query asks, and who is left out of what leaves: the same words in explanations, on pages and in an officer's papers. */
import type { Query } from "../query.js";

export function peopleWords({ people }: Query): string {
  return people === "everyone"
    ? "everyone whose record the practice holds"
    : "everyone registered with the practice and alive at D";
}

/**
 * Says who is left out.
 * @param by whose text fixes that nobody with a type 1 opt-out is counted, "charter" also where there is none; null where
 * neither the query's nor the charter's does.
 */
export function leftOutWords(by: "query" | "charter" | null): string {
  return `people on the practice's own list or marked as confidential; and people with a type 1 opt-out in their record when it is answered, ${UNLESS[by ?? "nobody"]}`;
}

const UNLESS = {
  query: "whatever charters and practice choose",
  charter: "whatever the practice chooses",
  nobody:
    "unless the practice, the charter of each of its groups and every question that they may ask let them be counted",
} as const;
