/** Whether records can answer a query: one that they cannot answer is refused, and never answered with zeros. */
import { CairnError } from "@cairn/errors";
import { needsOf, type Query, type RecordFact } from "@cairn/query-library";
import { factWords, type RecordHoldings, lackedBy } from "./format-coverage.js";

/** The query needs a fact that these records do not hold. */
export class UnanswerableError extends CairnError<"facts-unavailable"> {
  readonly kind = "refused";
}

/** Checks that the query's counts would mean something. @throws UnanswerableError in words for the practice */
export function requireAnswerable(query: Query, records: RecordHoldings): void {
  const lacking = lackedBy(records, needsOf(query).toAnswer);
  if (lacking.length === 0) return;
  throw new UnanswerableError(
    "facts-unavailable",
    `${query.query} asks what these records do not say (${factWords(lacking)}), so it is not answered; take in an extract that says it`,
  );
}

/** The split keys of the query that these records do not hold: everybody is in their `unknown`. */
export function unsplittable(query: Query, records: RecordHoldings): RecordFact[] {
  return lackedBy(records, needsOf(query).toSplit);
}
