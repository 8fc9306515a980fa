/** The report of a bulk export: when it was made, how much there should be, and what went wrong with it. */
import { dayOfText } from "../fields.js";
import type { Intake } from "../importer.js";
import { type Json, listAt, numberAt, textAt } from "./json.js";
import type { Place } from "./waiting.js";

export class ExportReport {
  readonly #intake: Intake;
  readonly #announced = new Map<string, number>();
  readonly #met = new Map<string, number>();
  #errorFiles = 0;
  #errors = 0;
  /** Day number of the export's time: the newest, where there are several. */
  #day: number | null = null;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  get day(): number | null {
    return this.#day;
  }

  /** Counts a resource, whether or not it is of a kind that is read. */
  count(type: string): void {
    this.#met.set(type, (this.#met.get(type) ?? 0) + 1);
  }

  /** Reads an export's manifest. @returns false where it is none */
  takeManifest(said: Json, file: string): boolean {
    const time = textAt(said, "transactionTime");
    if (time === null || !Array.isArray(said.output)) return false;
    const day = dayOfText(time);
    if (Number.isNaN(day))
      this.#intake.note(
        `${file}: its transactionTime is not a date, so it does not say to which day it is complete`,
      );
    else this.#day = Math.max(this.#day ?? day, day);
    for (const each of listAt(said, "output")) {
      const [type, count] = [textAt(each, "type"), numberAt(each, "count")];
      if (type === null || count === null) continue;
      this.#announced.set(type, (this.#announced.get(type) ?? 0) + count);
    }
    this.#errorFiles += listAt(said, "error").length;
    return true;
  }

  /** Reads an outcome that the export reports. Not a word of it is repeated: an error can quote a record. */
  takeOutcome(outcome: Json, at: Place): void {
    const failed = listAt(outcome, "issue").some(
      ({ severity }) => severity === "error" || severity === "fatal",
    );
    if (failed) this.#errors++;
    const reason = failed
      ? "the export reports an error here, so it may be incomplete"
      : "it is a message and no record";
    this.#intake.tally.skipped("OperationOutcome", "left-out", reason, at.file, at.line);
  }

  /** Notes where the export is not whole. */
  tell(): void {
    const what =
      this.#errors > 0
        ? counted(this.#errors, "error")
        : counted(this.#errorFiles, "file of errors", "files of errors");
    if (this.#errors > 0 || this.#errorFiles > 0)
      this.#intake.note(
        `This export is incomplete by its own word: it reports ${what}. Export it again, or ask who made it what failed.`,
      );
    for (const [type, count] of this.#announced) {
      const met = this.#met.get(type) ?? 0;
      if (met !== count && isName(type))
        this.#intake.note(
          `This export is not whole: its manifest says ${count} resources ${type}, and the files hold ${met}. Copy it again.`,
        );
    }
  }
}

function isName(type: string): boolean {
  return /^[A-Za-z]{1,64}$/.test(type);
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
