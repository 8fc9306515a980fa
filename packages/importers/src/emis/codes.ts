/**
 * The codes of an extract. SNOMED CT or dm+d is the code where the extract gives one, and the Read v2 or EMIS local code
 * beside it stays as what was recorded; where it gives none, that is the code. All are kept in the store, whether events
 * use them yet or not: a later delta uses them without naming them again.
 */
import type { CodeSystem } from "@cairn/query-library";
import { type Coding, ownCopy, paddedRead } from "@cairn/records";
import { isProtected } from "../code-lists.js";
import type { Intake } from "../importer.js";
import { idIn } from "../number-column.js";
import type { SourceFile } from "../source-file.js";
import { skipBad } from "../table.js";
import { type RowColumns, readRows } from "./rows.js";

export type Kind = "clinical" | "drug";
interface Code {
  readonly system: CodeSystem;
  readonly code: string;
}
/** What the extract means by an id: the code that counts, and the one that was recorded where it is another. */
interface Meaning {
  readonly counts: Code;
  readonly recorded: Code | null;
}

const COUNTS = { clinical: "emis clinical ", drug: "emis drug " } as const;
const RECORDED = "emis recorded ";
/** Stands in the store for the code recorded where a later extract names none. */
const NOT_RECORDED: Code = { system: "local", code: "" };
/** Behind these an id that nothing explains is a local code. */
const AWAITED = { clinical: "emis-clinical-", drug: "emis-drug-" } as const;
const NO_ID = skipBad("CodeId is empty");

export class Codes {
  readonly #intake: Intake;
  /** Meanings by the extract's ids, as text: an extract names a million codes, whether they are used or not. */
  readonly #given: Record<Kind, Map<string, string>> = { clinical: new Map(), drug: new Map() };
  readonly #codings: Record<Kind, Map<string, Coding | null>> = { clinical: new Map(), drug: new Map() };
  /** The ids that events of this extract use and nothing explains, behind the name of their table. */
  readonly #unknown = new Set<string>();
  #explained = 0;
  #otherwise = 0;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  async readClinical(file: SourceFile): Promise<void> {
    await readRows(this.#intake, file, "Coding_ClinicalCode", (at: RowColumns) => (row) => {
      const id = idIn(row, at.codeid!);
      if (id === "") return NO_ID;
      const text = row.trimmed(at.readtermid!);
      const snomed = idIn(row, at.snomedctconceptid!);
      const counts = snomed === "" || snomed === "0" ? "" : `s${snomed}`;
      if (text !== "" || counts !== "")
        this.#given.clinical.set(
          ownCopy(id),
          ownCopy(`${counts}\n${text === "" ? "" : packed(recordedCode(text))}`),
        );
      return null;
    });
  }

  async readDrugs(file: SourceFile): Promise<void> {
    await readRows(this.#intake, file, "Coding_DrugCode", (at: RowColumns) => (row) => {
      const id = idIn(row, at.codeid!);
      if (id === "") return NO_ID;
      const dmd = idIn(row, at.dmdproductcodeid!);
      this.#given.drug.set(ownCopy(id), ownCopy(dmd === "" || dmd === "0" ? `\nl${id}` : `d${dmd}\n`));
      return null;
    });
  }

  /** The code of an event, by the extract's id of it; null where events of that code are never kept. */
  coding(kind: Kind, id: string): Coding | null {
    const known = this.#codings[kind].get(id);
    if (known !== undefined) return known;
    const coding = this.#made(kind, ownCopy(id));
    this.#codings[kind].set(ownCopy(id), coding);
    return coding;
  }

  /** The coding of an event that is confidential, where its id is explained by nothing: it may prove to be an opt-out. */
  confidential(kind: Kind, id: string): Coding {
    return this.#intake.load.awaitedCodes.coding(AWAITED[kind] + id, true);
  }

  /** Whether nothing explains the id; known once its coding was asked for. */
  isUnknown(kind: Kind, id: string): boolean {
    return this.#unknown.has(AWAITED[kind] + id);
  }

  /** Keeps what the extract names, explains ids that events of earlier extracts use, and notes what is odd about codes. */
  finish(): void {
    const { note } = this.#intake;
    for (const kind of ["clinical", "drug"] as const)
      for (const [id, text] of this.#given[kind]) this.#keep(kind, id, unpacked(text));
    this.#explain("clinical");
    this.#explain("drug");
    if (this.#unknown.size > 0)
      note(
        `${this.#unknown.size} codes that events use are named neither in this extract nor in an earlier one; their events were kept with local codes, which no codelist holds, until an extract names them`,
      );
    if (this.#explained > 0)
      note(
        `${this.#explained} codes that events of earlier extracts use are named in this one: the events have their codes now`,
      );
    if (this.#otherwise > 0)
      note(
        `${this.#otherwise} codes stand for another SNOMED CT, dm+d or Read code than in an earlier extract; events of earlier extracts keep the code that they had then: a new bulk extract with --whole gives all the new one`,
      );
  }

  #explain(kind: Kind): void {
    const { awaitedCodes } = this.#intake.load;
    for (const id of awaitedCodes.ids(AWAITED[kind])) {
      const bare = id.slice(AWAITED[kind].length);
      if (!this.#given[kind].has(bare)) continue;
      awaitedCodes.explain(id, this.coding(kind, bare));
      this.#explained++;
    }
  }

  #made(kind: Kind, id: string): Coding | null {
    const meaning = this.#find(kind, id);
    if (meaning !== null) return this.#codingOf(meaning);
    if (!/^\d{1,18}$/.test(id)) return this.#intake.load.codes.coding("local", id);
    this.#unknown.add(AWAITED[kind] + id);
    return this.#intake.load.awaitedCodes.coding(AWAITED[kind] + id, false);
  }

  #codingOf({ counts, recorded }: Meaning): Coding | null {
    if (isProtected(counts.system, counts.code)) return null;
    const { codes } = this.#intake.load;
    if (recorded === null) return codes.coding(counts.system, counts.code);
    if (isProtected(recorded.system, recorded.code)) return null;
    return codes.codingBeside(counts.system, counts.code, recorded.system, recorded.code);
  }

  /** What the extract, or one before it, means by an id; null where none explains it. */
  #find(kind: Kind, id: string): Meaning | null {
    const text = this.#given[kind].get(id);
    if (text !== undefined) return unpacked(text);
    const kept = this.#intake.load.keptCodes;
    const counts = id === "" ? undefined : kept.get(COUNTS[kind] + id);
    return counts === undefined ? null : { counts, recorded: this.#recordedBefore(kind, id) };
  }

  #recordedBefore(kind: Kind, id: string): Code | null {
    const recorded = kind === "drug" ? undefined : this.#intake.load.keptCodes.get(RECORDED + id);
    return recorded === undefined || recorded.code === "" ? null : recorded;
  }

  #keep(kind: Kind, id: string, { counts, recorded }: Meaning): void {
    const kept = this.#intake.load.keptCodes;
    const before = kept.get(COUNTS[kind] + id);
    if (before === undefined || !isSame(before, counts)) {
      if (before !== undefined) this.#otherwise++;
      kept.put(COUNTS[kind] + id, counts);
    }
    const wasRecorded = before === undefined ? null : this.#recordedBefore(kind, id);
    if (!isSame(wasRecorded, recorded)) kept.put(RECORDED + id, recorded ?? NOT_RECORDED);
  }
}

/**
 * A code that EMIS Web keeps as an entry's original: Read v2 where it is one of up to five characters, without its
 * padding dots and with the number of a synonym behind it (`G20-1` is `G20..`); else one of EMIS's own.
 */
function recordedCode(text: string): Code {
  const read = /^([0-9A-Za-z]{1,5}\.{0,4})(-\d+)?$/.exec(text)?.[1];
  if (read === undefined || read.length > 5) return { system: "local", code: text };
  return { system: "read2", code: paddedRead(read.replace(/\.+$/, "")) };
}

function isSame(a: Code | null, b: Code | null): boolean {
  return a?.system === b?.system && a?.code === b?.code;
}

const SYSTEMS: Readonly<Record<string, CodeSystem>> = { s: "snomed", d: "dmd", r: "read2", l: "local" };

/** A code behind the first letter of its system. */
function packed({ system, code }: Code): string {
  return system[0]! + code;
}

function codeOf(text: string): Code {
  return { system: SYSTEMS[text[0]!]!, code: text.slice(1) };
}

/** The meaning of a text: the packed code that counts, if any, a line end, and the packed one recorded, if any. */
function unpacked(text: string): Meaning {
  const [counts = "", recorded = ""] = text.split("\n");
  if (counts === "") return { counts: codeOf(recorded), recorded: null };
  return { counts: codeOf(counts), recorded: recorded === "" ? null : codeOf(recorded) };
}
