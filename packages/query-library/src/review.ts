/** The reviews of queries: statements about a query, which its digest does not cover. */
import type { Query, Review } from "./query.js";

const UNREVIEWED =
  "not yet reviewed by a clinician: it follows the source that it names, and no clinician has put a name to having read it; who does is written as reviewed_by in its file, which two people sign with the library";

/** `by Dr Ann Example`, or that nobody has reviewed it, what that means and who changes it. */
export function reviewWords({ reviewedBy }: Review): string {
  return reviewedBy === null ? UNREVIEWED : `by ${reviewedBy}`;
}

export interface Reviews {
  readonly unreviewed: readonly string[]; // names of queries that nobody has reviewed
  readonly overdue: readonly string[]; // names of queries whose review date has passed
  readonly undated: readonly string[]; // names of queries that give no review date, or no author
}

/**
 * Which queries somebody should look at before they are published.
 *
 * @param today ISO date
 */
export function reviewsOf(queries: Iterable<Query>, today: string): Reviews {
  const all = [...queries].map(({ query, review }) => ({ query, ...review }));
  const names = (some: typeof all): string[] => some.map(({ query }) => query).sort();
  return {
    unreviewed: names(all.filter(({ reviewedBy }) => reviewedBy === null)),
    overdue: names(all.filter(({ due }) => due !== null && due < today)),
    undated: names(all.filter(({ due, writtenBy }) => due === null || writtenBy === null)),
  };
}
