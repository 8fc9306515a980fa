/** The codelists of opt-outs from whatever leaves the practice, and of their withdrawal. */
import { canonicalJson, sha256Hex } from "./canonical.js";
import { openCodelists } from "./library.js";
import type { Problem } from "./problem.js";
import type { Codelist } from "./query.js";

/** The codelists that SPECIFICATION.md, "People with a type 1 opt-out in their record", names; one list a system. */
export interface OptOutCodes {
  readonly optedOut: readonly Codelist[];
  readonly withdrawn: readonly Codelist[];
}

const REFS = {
  optedOut: ["opted-out-snomed@2025-09", "opted-out-read2@2025-09", "opted-out-ctv3@2025-09"],
  withdrawn: [
    "opt-out-withdrawn-snomed@2025-09",
    "opt-out-withdrawn-read2@2025-09",
    "opt-out-withdrawn-ctv3@2025-09",
  ],
} as const;

/** The lists by `name@version`: no query reads them, both engines do. */
export const OPT_OUT_LISTS: readonly string[] = [...REFS.optedOut, ...REFS.withdrawn];

/** The digest of the lists: another one where a code comes or goes. SHA-256, hex. */
export function digestOfOptOuts({ optedOut, withdrawn }: OptOutCodes): string {
  const digests = (lists: readonly Codelist[]): string[] => lists.map(({ digest }) => digest);
  return sha256Hex(canonicalJson({ optedOut: digests(optedOut), withdrawn: digests(withdrawn) }));
}

/**
 * Reads the lists of opt-outs.
 * @param files of a library: path to text, relative to its folder, `codelists/` in front, in folders or not
 * @throws Error where a list is missing or does not check: without it nobody could be left out
 */
export function openOptOuts(files: Readonly<Record<string, string>>): OptOutCodes {
  const problems: Problem[] = [];
  const { codelists } = openCodelists(files, problems);
  const list = (ref: string): Codelist => {
    const found = codelists.get(ref);
    if (found === undefined) throw new Error(`codelist ${ref} is missing or does not check`);
    return found;
  };
  return { optedOut: REFS.optedOut.map(list), withdrawn: REFS.withdrawn.map(list) };
}
