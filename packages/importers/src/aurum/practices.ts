import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { skipBad, readTable } from "../table.js";
import { dayIn, TABS } from "./fields.js";

const COLUMNS = ["pracid", "lcd"] as const;

/** The day up to which the extract is complete: the earliest last collection date of its practices. */
export async function readPractices(intake: Intake, files: readonly SourceFile[]): Promise<number | null> {
  let earliest: number | null = null;
  for (const file of files) {
    await readTable(
      intake,
      file,
      "Practice",
      COLUMNS,
      COLUMNS,
      (at) => (row) => {
        const day = dayIn(row, at.lcd);
        if (Number.isNaN(day)) return skipBad("lcd is not a date");
        if (day !== null) earliest = Math.min(earliest ?? day, day);
        return null;
      },
      { format: TABS, quietly: true },
    );
  }
  return earliest;
}
