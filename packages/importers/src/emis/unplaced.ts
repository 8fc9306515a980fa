/**
 * Rows whose ProcessingId cannot be read: each stands right behind all others of its file, whatever night that is loaded
 * in. Of events, one that may say that somebody opted out holds all the same; any other is bad, and what it corrects goes.
 */
import type { CsvRow } from "../csv.js";
import type { Intake } from "../importer.js";
import type { SourceFile } from "../source-file.js";
import { LATER, type Skip } from "../table.js";
import { nameOf } from "./names.js";
import { NO_ORDER } from "./rows.js";

/** Above every ProcessingId, with room for a moment in digits: the end of a file in which no row has an order. */
const ABOVE_ALL = 2 ** 52;

export class FileOrder {
  readonly #moment: number;
  #highest = -1;

  constructor(file: SourceFile) {
    this.#moment = Number((nameOf(file)?.taken ?? "").replace(/\D/g, ""));
  }

  /** Notes the order of a row that has one. */
  see(order: number): void {
    if (order > this.#highest) this.#highest = order;
  }

  get isPlaced(): boolean {
    return this.#highest >= 0;
  }

  /** The order of what stands behind all that was seen: that of the last, since of two with one order the later counts. */
  get order(): number {
    return this.isPlaced ? this.#highest : ABOVE_ALL + this.#moment;
  }
}

export class UnplacedRows {
  readonly #end: FileOrder;
  readonly #optOuts: (readonly [row: CsvRow, id: number])[] = [];
  readonly #others: number[] = [];

  constructor(file: SourceFile) {
    this.#end = new FileOrder(file);
  }

  /** Notes the order of a row that has one. */
  see(order: number): void {
    this.#end.see(order);
  }

  /** Puts a row off until the file is read. @param id from `rowId` @param mayHold whether it is, or may prove to be, an opt-out */
  put(row: CsvRow, id: number, mayHold: boolean): Skip | typeof LATER {
    if (mayHold) this.#optOuts.push([row.copy(), id]);
    else this.#others.push(id);
    return mayHold ? LATER : NO_ORDER;
  }

  /** Takes what was put off, and counts it. @param take gets a row, its id and the order that it has now */
  settle(
    { load, tally }: Intake,
    table: string,
    file: string,
    take: (row: CsvRow, id: number, order: number) => Skip,
  ): void {
    const { isPlaced, order } = this.#end;
    if (isPlaced) for (const id of this.#others) load.noEvent(0, id, order);
    for (const [row, id] of this.#optOuts) {
      const left = take(row, id, order);
      if (left === null) tally.taken(table);
      else tally.skipped(table, left.kind, left.reason, file, row.line);
    }
  }
}
