/** Was each use under a charter that asks for witnesses given after the publication of its query had been proved? */
import type { BesideContent } from "../../beside.js";
import type { PracticeEntryOf } from "../../practice-log.js";
import type { Findings } from "../findings.js";
import type { PracticeSide } from "../sides.js";

/** The answer where it hangs on a charter or a library that is beside neither log. */
const CANNOT_TELL = null;

/**
 * Names each use under a charter that says `witness: required`, before which no `publication-witnessed` stands of a
 * library that holds the query's version; and notes how many uses could not be judged.
 */
export function checkUseWitnesses(found: Findings, { name, log }: PracticeSide, beside: BesideContent): void {
  const proved = new Set<string>(); // libraries
  let untold = 0;
  for (const entry of log.entries) {
    if (entry.kind === "publication-witnessed") proved.add(entry.body.digest);
    if (entry.kind !== "use") continue;
    const isProved = wasProved(entry, proved, beside);
    if (isProved === CANNOT_TELL) untold += 1;
    if (isProved !== false) continue;
    const { group, query, version, run } = entry.body;
    const words = `it gives ${group} a use of ${query} ${version} under a charter that asks for witnesses, and nothing before it says that they countersigned the publication of this version`;
    found.problem("use-unwitnessed", name, words, { entry: entry.position, run });
  }
  if (untold > 0)
    found.note(
      `Not checked: whether witnesses had countersigned before ${untold === 1 ? "1 use" : `${untold} uses`} of ${name}: a charter or a library that its log names is beside neither log.`,
    );
}

/** Whether a use needed no witness, or had it; null where that cannot be told. */
function wasProved(
  { body }: PracticeEntryOf<"use">,
  proved: ReadonlySet<string>,
  beside: BesideContent,
): boolean | null {
  if (body.charter === "") return true; // the group has none
  const charter = beside.charters.get(body.charter);
  if (!charter) return CANNOT_TELL;
  if (charter.witness === "not-required") return true;
  const libraries = [...proved].map((digest) => beside.library(digest));
  if (libraries.some((library) => library?.queries.has(body.query_digest))) return true;
  return libraries.includes(null) ? CANNOT_TELL : false;
}
