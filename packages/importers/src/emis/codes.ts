/**
 * The codes of an extract. Of an id the newest table that was taken from the system counts, and in it the last row: their
 * tables come whole, and have no order of rows across files. Stored events get the code that it says. SNOMED CT or dm+d is the code where the extract gives one, and the Read v2 or EMIS local code
 * beside it stays as what was recorded; where it gives none, that is the code. All are kept in the store, whether events
 * use them yet or not: a later delta uses them without naming them again.
 */
import type { CodeSystem } from "@cairn/query-library";
import { type Coding, ownCopy, paddedRead } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { isProtected } from "../code-lists.js";
import type { Intake } from "../importer.js";
import { idIn } from "../number-column.js";
import type { SourceFile } from "../source-file.js";
import { skipBad } from "../table.js";
import { nameOf } from "./names.js";
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

/** The code of an event, by the extract's id of it. */
interface EventCode {
  /** Null where events of that code are never kept. */
  readonly coding: Coding | null;
  /** Key of the id, by which its events are found where it comes to mean something else; 0 where it is none. */
  readonly source: number;
  /** Whether nothing explains the id. */
  readonly isUnknown: boolean;
}

const TABLES = { clinical: "Coding_ClinicalCode", drug: "Coding_DrugCode" } as const;
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
  readonly #ofEvents: Record<Kind, Map<string, EventCode>> = { clinical: new Map(), drug: new Map() };
  readonly #hold: Record<Kind, Map<string, boolean>> = { clinical: new Map(), drug: new Map() };
  /** When the newest table of each kind that has rows was taken from the system. */
  readonly #newest: Record<Kind, string> = { clinical: "", drug: "" };
  /** The ids that events of this extract use and nothing explains, behind the name of their table. */
  readonly #unknown = new Set<string>();
  #explained = 0;
  #otherwise = 0;
  #counts = 0;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  readClinical(file: SourceFile): Promise<void> {
    return this.#readTable("clinical", file, (at) => (row) => {
      const text = row.trimmed(at.readtermid!);
      const snomed = idIn(row, at.snomedctconceptid!);
      const counts = snomed === "" || snomed === "0" ? "" : `s${snomed}`;
      if (text === "" && counts === "") return null;
      return `${counts}\n${text === "" ? "" : packed(recordedCode(text))}`;
    });
  }

  readDrugs(file: SourceFile): Promise<void> {
    return this.#readTable("drug", file, (at) => (row, id) => {
      const dmd = idIn(row, at.dmdproductcodeid!);
      return dmd === "" || dmd === "0" ? `\nl${id}` : `d${dmd}\n`;
    });
  }

  async #readTable(
    kind: Kind,
    file: SourceFile,
    begin: (at: RowColumns) => (row: CsvRow, id: string) => string | null,
  ): Promise<void> {
    const { keptCodes } = this.#intake.load;
    const given = this.#given[kind];
    const moment = nameOf(file)?.taken ?? "";
    const isLate = moment < keptCodes.newest(TABLES[kind]);
    await readRows(this.#intake, file, TABLES[kind], (at: RowColumns) => {
      const meaningIn = begin(at);
      return (row) => {
        const id = idIn(row, at.codeid!);
        if (id === "") return NO_ID;
        const text = meaningIn(row, id);
        if (text === null || (isLate && keptCodes.get(COUNTS[kind] + id) !== undefined)) return null;
        given.set(ownCopy(id), ownCopy(text));
        this.#newest[kind] = moment;
        return null;
      };
    });
  }

  of(kind: Kind, id: string): EventCode {
    let code = this.#ofEvents[kind].get(id);
    if (code === undefined) this.#ofEvents[kind].set(ownCopy(id), (code = this.#made(kind, ownCopy(id))));
    return code;
  }

  /** Whether an event of that code may count whatever else its row says: where it is an opt-out, or nothing explains the id yet. */
  mayBeOptOut(kind: Kind, id: string): boolean {
    let holds = this.#hold[kind].get(id);
    if (holds === undefined) {
      const meaning = this.#find(kind, id);
      holds = meaning === null ? isId(id) : this.#codingOf(meaning)?.holdsUndated === true;
      this.#hold[kind].set(ownCopy(id), holds);
    }
    return holds;
  }

  /** The coding of an event that is kept only if it proves to be an opt-out, where its id is explained by nothing. */
  onlyIfOptOut(kind: Kind, id: string): Coding {
    return this.#intake.load.awaitedCodes.coding(AWAITED[kind] + id, true);
  }

  /** Keeps what the extract names, explains ids that events of earlier extracts use, and notes what is odd about codes. */
  finish(): void {
    const { note } = this.#intake;
    const { keptCodes } = this.#intake.load;
    for (const kind of ["clinical", "drug"] as const) {
      for (const [id, text] of this.#given[kind]) this.#keep(kind, id, unpacked(text));
      if (this.#newest[kind] !== "") keptCodes.putNewest(TABLES[kind], this.#newest[kind]);
    }
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
    this.#noteOtherwise();
  }

  #noteOtherwise(): void {
    const { load, note } = this.#intake;
    if (this.#otherwise > 0)
      note(
        `${this.#otherwise} codes stand for another SNOMED CT, dm+d or Read code than in an earlier extract: events of earlier extracts have the new one now`,
      );
    if (this.#otherwise > 0 && load.lacksSourceCodes())
      note(
        "those events that came in with an earlier version of Cairn have no new code, since it did not keep by which id of a code they came: take a bulk extract in once with cairn agent import BULK --format emis --whole",
      );
    if (this.#counts > 0)
      note(
        `${this.#counts} codes that stand for another code now say that somebody opted out, or are no longer for names, addresses or numbers of people: their entries of earlier extracts that were left out for it (without a date, confidential, or of such a code) are not here: take a bulk extract in once with cairn agent import BULK --format emis --whole`,
      );
  }

  #explain(kind: Kind): void {
    const { awaitedCodes } = this.#intake.load;
    for (const id of awaitedCodes.ids(AWAITED[kind])) {
      const bare = id.slice(AWAITED[kind].length);
      if (!this.#given[kind].has(bare)) continue;
      awaitedCodes.explain(id, this.of(kind, bare).coding);
      this.#explained++;
    }
  }

  #made(kind: Kind, id: string): EventCode {
    const { awaitedCodes, codes, sourceCodes } = this.#intake.load;
    const meaning = this.#find(kind, id);
    if (meaning === null && !isId(id))
      return { coding: codes.coding("local", id), source: 0, isUnknown: false };
    const coding =
      meaning === null ? awaitedCodes.coding(AWAITED[kind] + id, false) : this.#codingOf(meaning);
    if (meaning === null) this.#unknown.add(AWAITED[kind] + id);
    const source = coding === null ? 0 : sourceCodes.key(COUNTS[kind] + id);
    return { coding, source, isUnknown: meaning === null };
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

  #keep(kind: Kind, id: string, meaning: Meaning): void {
    const kept = this.#intake.load.keptCodes;
    const { counts, recorded } = meaning;
    const before = kept.get(COUNTS[kind] + id);
    const wasRecorded = before === undefined ? null : this.#recordedBefore(kind, id);
    const isOther = before === undefined || !isSame(before, counts);
    if (isOther) kept.put(COUNTS[kind] + id, counts);
    if (!isSame(wasRecorded, recorded)) kept.put(RECORDED + id, recorded ?? NOT_RECORDED);
    if (before !== undefined && (isOther || !isSame(wasRecorded, recorded)))
      this.#recode(kind, id, { counts: before, recorded: wasRecorded }, meaning);
  }

  /** Gives the events of earlier extracts what an id means now. */
  #recode(kind: Kind, id: string, before: Meaning, meaning: Meaning): void {
    this.#otherwise++;
    const { sourceCodes } = this.#intake.load;
    const [was, now] = [this.#codingOf(before), this.#codingOf(meaning)];
    if (now !== null && (was === null || (now.holdsUndated && !was.holdsUndated))) this.#counts++;
    const source = sourceCodes.find(COUNTS[kind] + id);
    if (was !== null && source !== 0) sourceCodes.recode(source, was, now);
  }
}

/**
 * A code that EMIS Web keeps as an entry's original: Read v2 where it is one of up to five characters, without its
 * padding dots and with the number of a synonym behind it (`G20-1` is `G20..`), or with all five and a term code (`G20..00`,
 * kept whole as Read's maps and lists have it); else one of EMIS's own, which begin with more letters.
 */
function recordedCode(text: string): Code {
  const read = /^([0-9A-Za-z]{1,5}\.{0,4})(-\d+)?$/.exec(text)?.[1];
  if (text.length === 7 && /^(?![A-Za-z]{5})[0-9A-Za-z]+\.*(00|1[0-9A-Za-z])$/.test(text))
    return { system: "read2", code: text };
  if (read === undefined || read.length > 5) return { system: "local", code: text };
  return { system: "read2", code: paddedRead(read.replace(/\.+$/, "")) };
}

/** Whether the text can be an id of a table of codes, which a later extract may name. */
function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
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
