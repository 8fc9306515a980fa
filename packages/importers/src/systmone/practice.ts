/**
 * Whose extract it is: every table says it in IDOrganisationVisibleTo. Rows of another practice's extract are in no file of
 * this one, so that where there are any, files were mixed.
 */
import type { CsvRow } from "../csv.js";
import type { Intake } from "../importer.js";
import { requireOnePractice } from "../one-practice.js";
import { textIn } from "./fields.js";
import { ownCopy } from "@cairn/records";

export class Practice {
  readonly #intake: Intake;
  /** By practice, the first file that names it. */
  readonly #files = new Map<string, string>();
  #last = "\n";

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Notes the practice that a row names. Nearly all rows name the one before them. */
  see(row: CsvRow, column: number, file: string): void {
    if (column < 0) return;
    const start = row.start[column]!;
    const length = row.end[column]! - start;
    if (length === this.#last.length && row.text.startsWith(this.#last, start)) return;
    this.#last = ownCopy(row.get(column));
    const practice = textIn(row, column);
    if (practice !== "" && !this.#files.has(practice)) this.#files.set(ownCopy(practice), file);
  }

  /** @throws ImportError where the rows name two practices, or another than that whose records the store holds */
  require(): void {
    const files = [...new Set(this.#files.values())].join(", ");
    requireOnePractice(this.#intake.load, new Set(this.#files.keys()), files, "IDOrganisationVisibleTo");
  }
}
