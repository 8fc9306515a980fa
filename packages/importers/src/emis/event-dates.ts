/** Dates as far as EMIS Web knows them: a year, a month, a day, or none. */
import type { CsvRow } from "../csv.js";
import { dayAt, dayOfParts, dayOfText } from "../fields.js";
import { KnownField } from "../known-field.js";

type Precision = "none" | "year" | "month" | "day" | "unknown";
const PRECISIONS: Readonly<Record<string, Precision>> = { U: "none", Y: "year", YM: "month", YMD: "day", YMDT: "day", "": "day" }; // prettier-ignore

export class EventDates {
  readonly #date: number;
  readonly #precision: KnownField<Precision>;

  /** @param date the column of the dates @param precision that of how far each is known */
  constructor(date: number, precision: number) {
    this.#date = date;
    this.#precision = new KnownField(precision, (text) => {
      const word = text.toUpperCase();
      return Object.hasOwn(PRECISIONS, word) ? PRECISIONS[word]! : "unknown";
    });
  }

  /**
   * The day of the row, as far as it is known: a month counts as its first day, a year as its 1 July. Null where it
   * has none, NaN where it is no date, undefined where its precision is not known.
   */
  in(row: CsvRow): number | null | undefined {
    const at = this.#date;
    const precision = this.#precision.of(row);
    if (precision === "none" || row.isEmpty(at)) return null;
    if (precision === "unknown") return undefined;
    const day = dayAt(row.text, row.start[at]!, row.end[at]!);
    if (precision === "day" && !Number.isNaN(day)) return day;
    const text = row.trimmed(at);
    if (text === "") return null;
    const whole = dayOfText(text);
    if (precision === "day" || Number.isNaN(whole)) return whole;
    const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
    return precision === "year" ? dayOfParts(year, 7, 1) : dayOfParts(year, month, 1);
  }
}
