/**
 * Rows of events whose ProcessingId cannot be read: each stands behind all others of its file, whatever night that is
 * loaded in. One that says that somebody opted out holds all the same; any other is bad, and what it corrects goes.
 */
import type { CsvRow } from "../csv.js";
import type { Intake } from "../importer.js";
import type { SourceFile } from "../source-file.js";
import { LATER, type Skip } from "../table.js";
import { nameOf } from "./names.js";
import { NO_ORDER } from "./rows.js";

/** Above every ProcessingId, with room for a moment in digits: an opt-out of a file in which no row has an order. */
const ABOVE_ALL = 2 ** 52;

export class UnplacedRows {
  readonly #moment: number;
  readonly #optOuts: (readonly [row: CsvRow, id: number])[] = [];
  readonly #others: number[] = [];
  #highest = -1;

  constructor(file: SourceFile) {
    this.#moment = Number((nameOf(file)?.taken ?? "").replace(/\D/g, ""));
  }

  /** Notes the order of a row that has one. */
  see(order: number): void {
    if (order > this.#highest) this.#highest = order;
  }

  /** Puts a row off until the file is read. @param id from `rowId` */
  put(row: CsvRow, id: number, isOptOut: boolean): Skip | typeof LATER {
    if (isOptOut) this.#optOuts.push([row.copy(), id]);
    else this.#others.push(id);
    return isOptOut ? LATER : NO_ORDER;
  }

  /** Takes what was put off, and counts it. @param take gets a row, its id and the order that it has now */
  settle(
    { load, tally }: Intake,
    table: string,
    file: string,
    take: (row: CsvRow, id: number, order: number) => Skip,
  ): void {
    const isPlaced = this.#highest >= 0;
    if (isPlaced) for (const id of this.#others) load.noEvent(0, id, this.#highest + 1);
    for (const [row, id] of this.#optOuts) {
      const left = take(row, id, isPlaced ? this.#highest + 1 : ABOVE_ALL + this.#moment);
      if (left === null) tally.taken(table);
      else tally.skipped(table, left.kind, left.reason, file, row.line);
    }
  }
}
