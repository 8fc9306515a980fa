/**
 * The codes of an extract. SNOMED CT or dm+d is the code where the extract gives one; else the Read v2 or EMIS local
 * code. Those that events use are kept in the store, so that a later delta can use them without naming them again.
 */
import type { CodeSystem, EthnicGroup } from "@cairn/query-library";
import { type Coding, ownCopy, paddedRead } from "@cairn/records";
import type { Intake } from "../importer.js";
import { idIn } from "../number-column.js";
import type { SourceFile } from "../source-file.js";
import { skipBad } from "../table.js";
import { ethnicGroupOf } from "./ethnic-codes.js";
import { type At, readRows } from "./rows.js";

export type Kind = "clinical" | "drug";
interface Code {
  readonly system: CodeSystem;
  readonly code: string;
}

const PREFIX = { clinical: "emis clinical ", drug: "emis drug " } as const;
const ETHNIC = "emis ethnic ";
const NO_ID = skipBad("CodeId is empty");

export class Codes {
  readonly #intake: Intake;
  /** By the extract's id: the code behind the first letter of its system. A practice's extract names a million. */
  readonly #given: Record<Kind, Map<string, string>> = { clinical: new Map(), drug: new Map() };
  readonly #codings: Record<Kind, Map<string, Coding>> = { clinical: new Map(), drug: new Map() };
  #unknown = 0;
  #otherwise = 0;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  async readClinical(file: SourceFile): Promise<void> {
    await readRows(this.#intake, file, "Coding_ClinicalCode", (at: At) => (row) => {
      const id = idIn(row, at.codeid!);
      if (id === "") return NO_ID;
      const recorded = recordedCode(row.trimmed(at.readtermid!));
      const snomed = idIn(row, at.snomedctconceptid!);
      const code: Code = snomed !== "" && snomed !== "0" ? { system: "snomed", code: snomed } : recorded;
      if (code.code !== "") this.#given.clinical.set(ownCopy(id), ownCopy(packed(code)));
      const group = ethnicGroupOf(recorded.code);
      if (group !== null) this.#intake.load.keptCodes.put(`${ETHNIC}${group} ${id}`, code);
      return null;
    });
  }

  async readDrugs(file: SourceFile): Promise<void> {
    await readRows(this.#intake, file, "Coding_DrugCode", (at: At) => (row) => {
      const id = idIn(row, at.codeid!);
      if (id === "") return NO_ID;
      const dmd = idIn(row, at.dmdproductcodeid!);
      const code: Code =
        dmd !== "" && dmd !== "0" ? { system: "dmd", code: dmd } : { system: "local", code: id };
      this.#given.drug.set(ownCopy(id), ownCopy(packed(code)));
      return null;
    });
  }

  /** The code of an event, by the extract's id of it. */
  coding(kind: Kind, id: string): Coding {
    const known = this.#codings[kind].get(id);
    if (known !== undefined) return known;
    const { system, code } = this.#find(kind, ownCopy(id));
    const coding = this.#intake.load.codes.coding(system, code);
    this.#codings[kind].set(ownCopy(id), coding);
    return coding;
  }

  /** Tells the load which codes say people's ethnic groups, and notes what is odd about codes. */
  finish(): void {
    const { load, note } = this.#intake;
    const groups = new Map<number, EthnicGroup>();
    for (const { rest, system, code } of load.keptCodes.beginning(ETHNIC))
      groups.set(load.codes.coding(system, code).code, rest.slice(0, rest.indexOf(" ")) as EthnicGroup);
    if (groups.size > 0) load.ethnicGroupsBy(groups);
    if (this.#unknown > 0)
      note(
        `${this.#unknown} codes that events use are named neither in this extract nor in an earlier one; their events were kept with local codes, which no codelist holds`,
      );
    if (this.#otherwise > 0)
      note(
        `${this.#otherwise} codes stand for another SNOMED CT, dm+d or Read code than in an earlier extract; events of earlier extracts keep the code that they had then: a new bulk extract with --whole gives all the new one`,
      );
  }

  #find(kind: Kind, id: string): Code {
    const kept = this.#intake.load.keptCodes;
    const text = this.#given[kind].get(id);
    const before = id === "" ? undefined : kept.get(PREFIX[kind] + id);
    if (text === undefined) {
      if (before === undefined && id !== "") this.#unknown++;
      return before ?? { system: "local", code: id };
    }
    const given = unpacked(text);
    if (before?.system === given.system && before.code === given.code) return given;
    if (before !== undefined) this.#otherwise++;
    kept.put(PREFIX[kind] + id, given);
    return given;
  }
}

/**
 * A code that EMIS Web keeps as an entry's original: Read v2 where it is one of up to five characters, without its
 * padding dots and with the number of a synonym behind it (`G20-1` is `G20..`); else one of EMIS's own.
 */
export function recordedCode(text: string): Code {
  const read = /^([0-9A-Za-z]{1,5}\.{0,4})(-\d+)?$/.exec(text)?.[1];
  if (read === undefined || read.length > 5) return { system: "local", code: text };
  return { system: "read2", code: paddedRead(read.replace(/\.+$/, "")) };
}

const SYSTEMS: Readonly<Record<string, CodeSystem>> = { s: "snomed", d: "dmd", r: "read2", l: "local" };

function packed({ system, code }: Code): string {
  return system[0]! + code;
}

function unpacked(text: string): Code {
  return { system: SYSTEMS[text[0]!]!, code: text.slice(1) };
}
