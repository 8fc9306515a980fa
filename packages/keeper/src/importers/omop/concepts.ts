/**
 * Concepts met in events, and the codes that CONCEPT gives them. A vocabulary has millions of concepts and an
 * extract some thousands: so events are read first, with a slot in place of a code, and CONCEPT is read for the
 * concepts that were met.
 */
import type { CodeSystem } from "@cairn/query-library";
import { ownCopy } from "../../records/dictionary.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { readTable } from "../table.js";
import { CDM, idIn } from "./fields.js";

interface Slot {
  readonly source: string; // concept ids; "" where none
  readonly standard: string;
  readonly text: string; // as the source wrote it
  readonly first: Met;
  rows: number;
}
/** Where a row stands that names concepts. */
interface Met {
  readonly table: string;
  readonly file: string;
  readonly line: number;
}
interface Code {
  readonly system: CodeSystem;
  readonly code: string;
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

/** Read codes and those of a practice's own keep their spaces. */
function codeIn(text: string, system: CodeSystem): string {
  return system === "read2" || system === "ctv3" || system === "local" ? text : text.trim();
}

export class Concepts {
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
        const system = VOCABULARIES[row.trimmed(at.vocabulary_id)] ?? "local";
        this.#codes.set(ownCopy(id), { system, code: ownCopy(codeIn(row.get(at.concept_code), system)) });
        return null;
      },
      { quietly: true, format: CDM },
    );
  }

  /** Puts codes in the places of the slots: of SNOMED CT or dm+d where one of the two is, else the source's. */
  resolve(intake: Intake): void {
    const codes = intake.load.codes;
    intake.load.replaceCodes(
      this.#slots.map((slot) => {
        if (this.#isUnnamed(slot)) {
          const { table, file, line } = slot.first;
          intake.tally.doubted(table, UNNAMED, file, line, slot.rows);
        }
        const { system, code } = this.#codeOf(slot);
        return codes.coding(system, code);
      }),
    );
  }

  /** Whether it has concepts, and CONCEPT has none of them. */
  #isUnnamed({ source, standard }: Slot): boolean {
    const concepts = [source, standard].filter((concept) => concept !== "");
    return concepts.length > 0 && concepts.every((concept) => this.#codes.get(concept) == null);
  }

  #codeOf({ source, standard, text }: Slot): Code {
    const found = [source, standard]
      .map((concept) => this.#codes.get(concept))
      .filter((code) => code != null);
    const first = found.find(({ system }) => system === "snomed" || system === "dmd") ?? found[0];
    return first ?? { system: "local", code: text.length > LONGEST_CODE ? "" : text };
  }
}
