/** Checks that records are of one practice alone: the one whose records are here already. */
import { ImportError } from "./errors.js";
import type { Load } from "@cairn/records";

/** Prefixes of names of practices that are none of the health service's own: compared within one scheme only. */
const SCHEMES = ["CPRD ", "EMIS "] as const;
type Scheme = (typeof SCHEMES)[number];

/**
 * Checks the practices that an extract names.
 * @param files and `column`: where it is named
 * @param scheme of which the names are; empty for the health service's own codes
 * @throws ImportError where the extract, or the extract and the store, name two
 */
export function requireOnePractice(
  load: Load,
  practices: ReadonlySet<string>,
  files: string,
  column: string,
  scheme: Scheme | "" = "",
): void {
  const [first, other] = practices;
  if (other !== undefined) {
    throw new ImportError(
      "two-practices",
      `${files}: the column ${column} names ${practices.size} practices; export one practice alone; nothing was kept`,
    );
  }
  if (first === undefined) return;
  const practice = scheme + first;
  const known = load.practice();
  if (known !== null && (SCHEMES.find((each) => known.startsWith(each)) ?? "") !== scheme) return;
  if (known !== null && known !== practice) {
    throw new ImportError(
      "two-practices",
      [practice, known].every(looksLikeACode)
        ? `these are records of practice ${practice}, and this store holds those of ${known}; give each practice an agent's folder (--data) of its own; nothing was kept`
        : "these are records of another practice than those that this store holds; give each practice an agent's folder (--data) of its own; nothing was kept",
    );
  }
  if (known === null) load.setPractice(practice);
}

/**
 * Whether a text looks like a practice's code. Only such a text is repeated: where a column slipped, this one could
 * hold anything.
 */
function looksLikeACode(practice: string): boolean {
  return /^[A-Z]\d[A-Z0-9]{0,8}$/.test(practice);
}
