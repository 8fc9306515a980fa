/** Whether records say what a query asks: one that they cannot answer is turned down, and never answered with noughts. */
import { CairnError } from "@cairn/errors";
import { needsOf, type Query, type RecordFact } from "@cairn/query-library";
import { factWords, type Holding, lackedBy } from "./format-coverage.js";

/** The query asks for something that these records do not say. */
export class UnanswerableError extends CairnError<"facts-unavailable"> {
  readonly kind = "refused";
}

/** Throws `UnanswerableError`, in words for the practice, where the query's counts would mean nothing. */
export function requireAnswerable(query: Query, records: Holding): void {
  const lacking = lackedBy(records, needsOf(query).toAnswer);
  if (lacking.length === 0) return;
  throw new UnanswerableError(
    "facts-unavailable",
    `${query.query} asks what these records do not say (${factWords(lacking)}), so it is not answered; take in an extract that says it`,
  );
}

/** The keys by which the query splits and of which these records say nothing: everybody is in their `unknown`. */
export function unsplittable(query: Query, records: Holding): RecordFact[] {
  return lackedBy(records, needsOf(query).toSplit);
}
