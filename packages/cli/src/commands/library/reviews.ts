/** What nobody has reviewed, in the same words before it is signed and once it is published. */
import { plural } from "../../say.js";

/** The queries of some of a library: their number with the first five names, or that it is all. @param all how many it holds */
export function whichQueries(some: readonly string[], all: number): string {
  return some.length === all && some.length > 5
    ? `all ${some.length} queries`
    : `${plural(some.length, "query", "queries")} (${some.slice(0, 5).join(", ")}${some.length > 5 ? ", ..." : ""})`;
}

/** That no clinician has reviewed these queries, on one line; no line where there are none. @param all how many the library holds */
export function unreviewedLines(unreviewed: readonly string[], all: number): string[] {
  if (unreviewed.length === 0) return [];
  return [
    `Not yet reviewed by a clinician: ${whichQueries(unreviewed, all)}. Each says so wherever it is explained; whoever reads one through writes their name as reviewed_by in its file, and cairn library add --queries FOLDER takes it to be signed.`,
  ];
}
