/** The newest quality measurement, for a screen that also works where the records cannot be opened. */
import { existsSync } from "node:fs";
import { SqliteError } from "@cairn/sqlite";
import { recordsFile } from "./file.js";
import { openRecords } from "./store.js";
import type { Quality } from "./quality/quality.js";

export interface NewestQuality {
  /** The quality measured by the newest import; null where none has measured it. No record is read for it. */
  readonly quality: Quality | null;
  /** Why the records cannot be opened; null where they can, or where there are none yet. */
  readonly recordsProblem: string | null;
}

/** @param folder the keeper's @param madeBefore whether there were records: a missing store is then a problem */
export function newestQuality(folder: string, madeBefore: boolean): NewestQuality {
  if (!madeBefore && !existsSync(recordsFile(folder))) return { quality: null, recordsProblem: null };
  try {
    const records = openRecords(folder, { check: false, madeBefore });
    try {
      return { quality: records.quality(), recordsProblem: null };
    } finally {
      records.close();
    }
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    return { quality: null, recordsProblem: error.message };
  }
}
