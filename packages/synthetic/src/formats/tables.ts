/** Writes delimited text tables, and the words and numbers in them. */
import { TextFile } from "../bytes.js";
import { textOf } from "../days.js";
import { COMPARATORS, UNITS } from "../events.js";
import type { Events } from "../events.js";
import type { Span } from "../population/person.js";

/** A table that is written row by row, in one file. */
export class Table {
  private readonly file: TextFile;

  private readonly columns: readonly string[];
  private readonly separator: string;
  private readonly ending: string;

  constructor(path: string, gzip: boolean, columns: readonly string[], separator = ",", ending = "\n") {
    this.columns = columns;
    this.separator = separator;
    this.ending = ending;
    this.file = new TextFile(path, gzip);
    this.file.text(columns.join(separator) + ending);
  }

  /** Writes a row: fields in the order of the columns; missing ones at the end stay empty. */
  row(...fields: readonly (string | number | null)[]): void {
    let line = "";
    for (let i = 0; i < this.columns.length; i++) {
      const field = fields[i] ?? "";
      line += i === 0 ? field : this.separator + field;
    }
    this.file.text(line + this.ending);
  }

  breathe(): Promise<void> {
    return this.file.breathe();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** A field of a CSV, quoted where necessary. */
export function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface Reading {
  readonly number: string;
  readonly unit: string;
  readonly comparator: string;
}

/** The value of an event as text, or null where it has none. */
export function readingOf(events: Events, at: number): Reading | null {
  if (!events.hasValue(at)) return null;
  return {
    number: decimalText(events.value[at] ?? 0, events.decimals[at] ?? 0),
    unit: UNITS[events.unit[at] ?? 0] ?? "",
    comparator: COMPARATORS[events.comparator[at] ?? 0] ?? "",
  };
}

function decimalText(scaled: number, decimals: number): string {
  if (decimals === 0) return String(scaled);
  const digits = String(Math.abs(scaled)).padStart(decimals + 1, "0");
  return `${scaled < 0 ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The days of the records as text, by days since the first. */
export function dayTexts(span: Span, text: (day: number) => string = textOf): string[] {
  return Array.from({ length: span.until - span.from + 1 }, (_, i) => text(span.from + i));
}
