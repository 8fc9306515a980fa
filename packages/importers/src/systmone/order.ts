/**
 * The order of an extract's rows: its moment, and within it their place. Rows of SystmOne have no order of their own, so
 * that an older extract's word would undo a newer one's where extracts come out of their order.
 */
import { dayNumber } from "@cairn/query-library";
import { dayOfMoment } from "../moments.js";

/** Rows that an extract may have: with a minute of this century they make a whole number below 2^53. */
const MOST_ROWS = 2 ** 28;
const FIRST_DAY = dayNumber("2000-01-01");

export class RowOrder {
  #next: number;

  /** @param moment of the extract; null where it says none: its rows have no order, and what comes later counts */
  constructor(moment: string | null) {
    this.#next = moment === null ? 0 : Math.max(1, minuteOf(moment)) * MOST_ROWS;
  }

  /** The order of the next row; undefined where it has none. */
  next(): number | undefined {
    return this.#next === 0 ? undefined : this.#next++;
  }
}

/** Minutes since the beginning of the century; of a day alone its last. */
function minuteOf(moment: string): number {
  const [hours = "23", minutes = "59"] = moment.length > 10 ? moment.slice(11, 16).split(":") : [];
  return (dayOfMoment(moment) - FIRST_DAY) * 1440 + Number(hours) * 60 + Number(minutes);
}
