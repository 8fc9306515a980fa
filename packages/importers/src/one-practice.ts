/** Checks that records are of one practice alone: the one whose records are here already. */
import { ImportError } from "./errors.js";
import type { Load } from "@cairn/records";

/** Prefix of CPRD's numbers for practices: practices are compared within one scheme only. */
const CPRD = "CPRD ";

/**
 * Checks the practices that an extract names.
 * @param files and `column`: where it is named
 * @param cprd whether the names are CPRD's numbers
 * @throws ImportError where the extract, or the extract and the store, name two
 */
export function requireOnePractice(
  load: Load,
  practices: ReadonlySet<string>,
  files: string,
  column: string,
  { cprd = false } = {},
): void {
  const [first, other] = practices;
  if (other !== undefined) {
    throw new ImportError(
      "two-practices",
      `${files}: the column ${column} names ${practices.size} practices; export one practice alone; nothing was kept`,
    );
  }
  if (first === undefined) return;
  const practice = cprd ? `${CPRD}${first}` : first;
  const known = load.practice();
  if (known?.startsWith(CPRD) === !cprd) return;
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
