/**
 * Checks that there is one release for a query version and date, unless the log has a withdrawal and one correction.
 */
import type { Findings, ProblemCode } from "../findings.js";
import type { PracticeLine, PracticeSide } from "../sides.js";

/** The entries of the practice's log on one query version and date so far. */
interface Told {
  releases: number; // 0 to 2: the first, and the corrected one
  withdrawn: number; // how many of them
  corrections: number; // allowed
}

/** @returns the number of releases that the practice withdrew. */
export function checkCorrections(found: Findings, { name, log }: PracticeSide): number {
  const told = new Map<string, Told>();
  const about = new Map<string, string>(); // run: the query version and date that its entries are about
  let withdrawn = 0;
  for (const entry of log.entries) {
    if (entry.kind === null || !("run" in entry.body)) continue;
    const { run } = entry.body;
    if ("query_digest" in entry.body) about.set(run, `${entry.body.query_digest} ${entry.body.date}`);
    const key = about.get(run) ?? run;
    const so = told.get(key) ?? { releases: 0, withdrawn: 0, corrections: 0 };
    told.set(key, so);
    const problem = take(entry, so);
    if (problem !== null) found.problem(problem.code, name, problem.words, { entry: entry.position, run });
    if (entry.kind === "withdrawn" || entry.kind === "withdrawal-given-back") withdrawn += 1;
  }
  return withdrawn;
}

function take(entry: PracticeLine, told: Told): { code: ProblemCode; words: string } | null {
  switch (entry.kind) {
    case "released":
    case "release-given-back": {
      const second = told.releases !== told.corrections;
      told.releases += 1;
      return second
        ? {
            code: "release-twice",
            words: "this is a second release for a query version and date, without a logged correction",
          }
        : null;
    }
    case "withdrawn":
    case "withdrawal-given-back": {
      const none = told.withdrawn >= told.releases;
      told.withdrawn += 1;
      return none ? { code: "withdrawal-unknown", words: "this withdraws what was not released" } : null;
    }
    case "correction-allowed":
    case "correction-given-back": {
      const wrong = told.corrections > 0 || told.withdrawn === 0;
      told.corrections += 1;
      return wrong
        ? { code: "withdrawal-unknown", words: "this allows a correction that follows no withdrawal" }
        : null;
    }
    default:
      return null;
  }
}
