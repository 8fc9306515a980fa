import type { CodeSystem } from "@cairn/query-library";
import { ownCopy } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { skipBad, type Skip, readTable } from "../table.js";
import { TABS, textIn } from "./fields.js";

interface Code {
  readonly system: CodeSystem;
  readonly code: string;
}
type Kind = "medical" | "product" | "unit";

const COLUMNS = {
  medical: ["medcodeid", "snomedctconceptid", "cleansedreadcode", "originalreadcode"],
  product: ["prodcodeid", "dmdid"],
  unit: ["numunitid", "description"],
} as const;

const NAMED_TWICE =
  "its id was given before with another code; the last counts: a spreadsheet may have mangled the ids";

function dmdOf(field: (name: string) => string): Code | null {
  return field("dmdid") === "" ? null : { system: "dmd", code: field("dmdid") };
}

function medicalOf(field: (name: string) => string): Code | null {
  const snomed = field("snomedctconceptid");
  if (snomed !== "") return { system: "snomed", code: snomed };
  const read = field("cleansedreadcode") || field("originalreadcode");
  return read === "" ? null : { system: "read2", code: read };
}

/** Meanings of CPRD's own codes. A code that no dictionary names is kept, as a local one. */
export class Dictionaries {
  readonly #medical = new Map<string, Code>();
  readonly #product = new Map<string, Code>();
  readonly #units = new Map<string, string>();
  #unknown = 0;

  async read(intake: Intake, file: SourceFile, kind: Kind): Promise<void> {
    const [id] = COLUMNS[kind];
    const begin = (at: Record<string, number>) => (row: CsvRow) => this.#take(intake, file, kind, at, row);
    await readTable(intake, file, `${kind} dictionary`, COLUMNS[kind], [id], begin, {
      format: TABS,
      quietly: true,
    });
  }

  medical(id: string): Code {
    return this.#medical.get(id) ?? this.#local(id);
  }

  product(id: string): Code {
    return this.#product.get(id) ?? this.#local(id);
  }

  /** The name of a unit. One without a name keeps its number as its name: no question could convert it. */
  unit(id: string): string {
    return id === "" ? "" : (this.#units.get(id) ?? `numunit ${id}`);
  }

  say(intake: Intake): void {
    if (this.#unknown === 0) return;
    intake.note(
      `${this.#unknown} rows have codes that no dictionary names; they were kept as local codes, which no codelist holds. Put CPRD's medical and product dictionaries into the folder`,
    );
  }

  #local(id: string): Code {
    if (id !== "") this.#unknown++;
    return { system: "local", code: id };
  }

  #take(intake: Intake, file: SourceFile, kind: Kind, at: Record<string, number>, row: CsvRow): Skip {
    const field = (name: string): string => ownCopy(textIn(row, at[name]!));
    const id = field(COLUMNS[kind][0]);
    if (id === "") return skipBad("it has no id");
    if (kind === "unit") {
      this.#units.set(id, field("description"));
      return null;
    }
    const code = kind === "product" ? dmdOf(field) : medicalOf(field);
    if (code === null) return null;
    const codes = kind === "product" ? this.#product : this.#medical;
    const before = codes.get(id);
    if (before !== undefined && (before.system !== code.system || before.code !== code.code))
      intake.tally.doubted(`${kind} dictionary`, NAMED_TWICE, file.shown, row.line);
    codes.set(id, code);
    return null;
  }
}
