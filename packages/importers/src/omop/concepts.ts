/**
 * Resolves the concepts of events to the codes that CONCEPT gives them. A vocabulary has millions of concepts and an
 * extract some thousands: so events are read first, with a slot in place of a code, and CONCEPT is read for the
 * concepts that occurred.
 */
import type { CodeSystem } from "@cairn/query-library";
import { type Coding, ownCopy } from "@cairn/records";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { systemOfUri } from "../code-systems.js";
import { idIn } from "../number-column.js";
import { type Skip, readTable } from "../table.js";
import { dayFrom, HELD_UNDATED } from "../undated.js";
import { CDM } from "./fields.js";

interface Slot {
  readonly source: string; // concept ids; "" where none
  readonly standard: string;
  readonly text: string; // as the source wrote it
  readonly first: Met;
  rows: number;
}
/** The place of a row that names concepts. */
interface Met {
  readonly table: string;
  readonly file: string;
  readonly line: number;
}
interface Code {
  readonly system: CodeSystem;
  readonly code: string;
  /** The vocabulary's name, where it is unknown. */
  readonly unknown?: string;
}
/** A row without a date: its concept decides whether it holds without one. */
interface Undated extends Met {
  readonly patient: number;
  readonly slot: number;
  readonly entry: number;
  readonly left: NonNullable<Skip>;
}

const VOCABULARIES: Readonly<Record<string, CodeSystem>> = {
  SNOMED: "snomed",
  "dm+d": "dmd",
  Read: "read2",
  CTV3: "ctv3", // of no vocabulary that OHDSI gives out: British extracts add it
  LOINC: "loinc",
  ICD10: "icd10",
  ICD10CM: "icd10",
  RxNorm: "rxnorm",
  "RxNorm Extension": "rxnorm",
  ATC: "atc",
  CVX: "cvx",
};

const COLUMNS = ["concept_id", "vocabulary_id", "concept_code"] as const;
const LONGEST_CODE = 64;
const UNNAMED =
  "its concepts are not in CONCEPT, so it is kept under the source's own word, which no codelist holds; export the whole vocabulary";

/** The code of a text. Read codes and a practice's own codes keep their spaces. */
function codeIn(text: string, system: CodeSystem): string {
  return system === "read2" || system === "ctv3" || system === "local" ? text : text.trim();
}

/** Vocabularies of concepts without a code. */
const NO_VOCABULARY: ReadonlySet<string> = new Set(["None", ""]);

function unknownVocabulary(name: string): string {
  const shown = /^[\w+ .-]{1,40}$/.test(name) || /^https?:\/\/[\w./-]{1,80}$/.test(name) ? ` ${name}` : "";
  return `its vocabulary${shown} is not known here; kept as a local code, which no codelist holds`;
}

export class Concepts {
  readonly #undated: Undated[] = [];
  readonly #slots: Slot[] = [];
  readonly #slotOf = new Map<string, number>();
  readonly #codes = new Map<string, Code | null>(); // null: met, and not found yet

  /** A slot for these two concepts and what the source wrote: the same for the same three in one table. */
  slot(source: string, standard: string, text: string, table: string, file: string, line: number): number {
    const key = `${table} ${source} ${standard} ${text}`;
    const known = this.#slotOf.get(key);
    if (known !== undefined) {
      this.#slots[known]!.rows++;
      return known;
    }
    const none = (concept: string): string => (concept === "0" ? "" : ownCopy(concept));
    const first = { table, file, line };
    const slot = { source: none(source), standard: none(standard), text: ownCopy(text), first, rows: 1 };
    for (const concept of [slot.source, slot.standard]) if (concept !== "") this.#codes.set(concept, null);
    this.#slotOf.set(ownCopy(key), this.#slots.length);
    return this.#slots.push(slot) - 1;
  }

  async read(intake: Intake, file: SourceFile): Promise<void> {
    await readTable(
      intake,
      file,
      "concept",
      COLUMNS,
      COLUMNS,
      (at) => (row) => {
        const id = idIn(row, at.concept_id);
        if (this.#codes.get(id) !== null) return null;
        const vocabulary = row.trimmed(at.vocabulary_id);
        const system = VOCABULARIES[vocabulary] ?? systemOfUri(vocabulary);
        const code = ownCopy(codeIn(row.get(at.concept_code), system));
        this.#codes.set(ownCopy(id), {
          system,
          code,
          ...(system === "local" ? { unknown: ownCopy(vocabulary) } : {}),
        });
        return null;
      },
      { quietly: true, format: CDM },
    );
  }

  /** Keeps a row without a date, which `resolve` takes or skips by its concept. */
  keepUndated(row: Undated): void {
    this.#undated.push(row);
  }

  /** Puts codes in place of the slots: of SNOMED CT or dm+d where one of the two is, else the source's. */
  resolve(intake: Intake): void {
    const codings = this.#slots.map((slot) => {
      const { table, file, line } = slot.first;
      const doubt = (words: string): void => intake.tally.doubted(table, words, file, line, slot.rows);
      const { system, code, unknown } = this.#codeOf(slot);
      const coding = intake.load.codes.coding(system, code);
      if (this.#isUnnamed(slot)) doubt(UNNAMED);
      else if (unknown !== undefined && !NO_VOCABULARY.has(unknown)) doubt(unknownVocabulary(unknown));
      if (coding.doubt !== null) doubt(coding.doubt);
      return coding;
    });
    for (const row of this.#undated) this.#takeUndated(intake, row, codings[row.slot]!);
    intake.load.replaceCodes(codings);
  }

  #takeUndated(intake: Intake, row: Undated, coding: Coding): void {
    const { patient, slot, entry, left, table, file, line } = row;
    const day = dayFrom(intake.load, patient, null, coding);
    if (day === null) return intake.tally.skipped(table, left.kind, left.reason, file, line);
    intake.load.event(patient, day, slot, 0, NaN, 0, NaN, 0, entry, false);
    intake.tally.doubted(table, HELD_UNDATED, file, line);
    intake.tally.taken(table);
  }

  /** Whether a slot has concepts, and CONCEPT has none of them. */
  #isUnnamed({ source, standard }: Slot): boolean {
    const concepts = [source, standard].filter((concept) => concept !== "");
    return concepts.length > 0 && concepts.every((concept) => this.#codes.get(concept) == null);
  }

  #codeOf({ source, standard, text }: Slot): Code {
    const found = [source, standard]
      .map((concept) => this.#codes.get(concept))
      .filter((code) => code != null);
    const first =
      found.find(({ system }) => system === "snomed" || system === "dmd") ??
      found.find(({ system }) => system !== "local") ??
      found[0];
    return first ?? { system: "local", code: text.length > LONGEST_CODE ? "" : text };
  }
}
