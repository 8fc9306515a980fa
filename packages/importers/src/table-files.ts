/** Finds the table of a file, whole or in part, by the file's name. */
import { basename, dirname } from "node:path";
import type { SourceFile } from "./source-file.js";

/** The end of a name where a table was exported in parts: `_1`, `-2024-01`, `.part-003`, ` (2)`. */
const PART = /^[-_. ]*(\(\d+\)|(part|chunk|file|p)?[-_. ]*\d[\w.-]*)$/;
/** Names that engines give the files in a folder of the table's name. */
const PART_FILE = /^(part|chunk|data|file)?[-_.]?\d[\w.-]*$/;

/**
 * The one of `tables` that the file is, whole or a part; null where it is none. A folder named as a table may hold
 * its parts: `measurement/part-00000.csv`.
 */
export function tableOf<Table extends string>(file: SourceFile, tables: readonly Table[]): Table | null {
  const stem = stemOf(file.name);
  if (stem === null) return null;
  const found = partOf(stem, tables);
  if (found !== null || !PART_FILE.test(stem)) return found;
  const place = file.entry === undefined ? file.path : file.shown;
  return partOf(stemOf(basename(dirname(place)).toLowerCase()) ?? "", tables, true);
}

function stemOf(name: string): string | null {
  const stem = name.replace(/\.(csv|tsv)$/, "");
  return stem !== name || !name.includes(".") ? stem : null;
}

/** The table that a name is a part of. The longest name wins: `observation_period_2` is no part of `observation`. */
function partOf<Table extends string>(stem: string, tables: readonly Table[], whole = false): Table | null {
  let best: Table | null = null;
  for (const table of tables) {
    const fits = stem === table || (!whole && stem.startsWith(table) && PART.test(stem.slice(table.length)));
    if (fits && table.length > (best?.length ?? 0)) best = table;
  }
  return best;
}
