/** Texts that many events share, each kept once: codes, units, clinicians. Keys are handed out here and nowhere else. */
import type { CodeSystem } from "@cairn/query-library";
import type { Database, Statement } from "@cairn/sqlite";
import { isSnomedId } from "./snomed-id.js";
import { noClinician, noCode, TextTally, noUnit } from "./typed-text.js";

/** A column of text with its integer key, wholly in memory: for clinicians and patients' own identifiers. */
export class Names {
  readonly #keys = new Map<string, number>();
  readonly #add: Statement<[number, string]>;
  #last: number;
  readonly #notKept = new TextTally();

  constructor(db: Database, table: "clinician") {
    for (const row of db.prepare<[], { key: number; practice_id: string }>(`SELECT * FROM ${table}`).all()) {
      this.#keys.set(row.practice_id, row.key);
    }
    this.#last = Math.max(0, ...this.#keys.values());
    this.#add = db.prepare(`INSERT INTO ${table} (key, practice_id) VALUES (?, ?)`);
  }

  /** Which names were not kept, and why. */
  notKept(): string[] {
    return this.#notKept.words("names of clinicians were");
  }

  /** The key of a name, made at its first use; 0 for an empty name, and for text that names no clinician. */
  key(name: string): number {
    if (name === "") return 0;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    if (this.#notKept.note(noClinician(name))) return 0;
    const key = ++this.#last;
    this.#keys.set(ownCopy(name), key);
    this.#add.run(key, name);
    return key;
  }
}

/** In the place of text that is no unit: a number beside it is in a unit that nobody knows, and not in the usual one. */
const NO_UNIT = "(not kept)";

/** Units together with their comparator, as one key; 0 is neither. */
export class Measures {
  readonly #notKept = new TextTally();
  readonly #keys = new Map<string, Map<string, number>>();
  readonly #add: Statement<[number, string, string]>;
  #last = 0;

  constructor(db: Database) {
    const rows = db.prepare<[], { key: number; unit: string; comparator: string }>("SELECT * FROM measure");
    for (const row of rows.all()) this.#remember(row.unit, row.comparator, row.key);
    this.#add = db.prepare("INSERT INTO measure (key, unit, comparator) VALUES (?, ?, ?)");
  }

  /** Which units were not kept, and why. */
  notKept(): string[] {
    return this.#notKept.words("units were");
  }

  key(unit: string, comparator: string): number {
    if (unit === "" && comparator === "") return 0;
    const known = this.#keys.get(comparator)?.get(unit);
    if (known !== undefined) return known;
    if (this.#notKept.note(noUnit(unit))) return this.key(NO_UNIT, comparator);
    const key = this.#last + 1;
    this.#remember(ownCopy(unit), comparator, key);
    this.#add.run(key, unit, comparator);
    return key;
  }

  #remember(unit: string, comparator: string, key: number): void {
    let units = this.#keys.get(comparator);
    if (units === undefined) this.#keys.set(comparator, (units = new Map<string, number>()));
    units.set(unit, key);
    this.#last = Math.max(this.#last, key);
  }
}

type MapState = "mapped" | "unmapped" | "ambiguous";

/** A code as an event carries it: the key after mapping, and its map state (0: as recorded). */
export interface Coding {
  readonly code: number;
  readonly origin: number;
  /** The doubt about the code as recorded; null where there is none. */
  readonly doubt: string | null;
  /** Whether an event of this code counts without a date: an opt-out. */
  readonly holdsUndated: boolean;
}

/** The doubt about a code as text; null for an empty code, and for systems whose codes have no form. */
function doubtOf(system: CodeSystem, code: string): string | null {
  if (code === "") return null;
  if ((system === "snomed" || system === "dmd") && !isSnomedId(code))
    return "its code is no SNOMED CT or dm+d id (6 to 18 digits, the last a check digit); a spreadsheet may have mangled it: export codes as text";
  if ((system === "read2" || system === "ctv3") && code !== code.trim())
    return "its Read code begins or ends with a space, so it is in no codelist";
  return null;
}

/** Maps a recorded code, and says how sure the result is. */
export type CodeMap = (
  system: CodeSystem,
  code: string,
) => { readonly system: CodeSystem; readonly code: string; readonly state: MapState } | null;

export type CodeCheck = (system: CodeSystem, code: string) => boolean;

/** Codes, told apart by system and kept as exact text. A map is asked once for each distinct code. */
export class Codes {
  readonly #holdsUndated: CodeCheck;
  readonly #codings = new Map<CodeSystem, Map<string, Coding>>();
  /** Keys of the codes, as mapped, whose events are never kept. */
  readonly withheld = new Set<number>();
  readonly #isProtected: CodeCheck;
  /** By the code that counts and the one recorded beside it. A format has one system for each. */
  readonly #beside = new Map<string, Map<string, Coding>>();
  readonly #map: CodeMap;
  readonly #find: Statement<[string, string], number>;
  readonly #add: Statement<[string, string], number>;
  readonly #stored: Statement<[number, number], [CodeSystem, string]>;
  readonly #findOrigin: Statement<[number, string, number], number>;
  readonly #addOrigin: Statement<[number, string, number], number>;

  /**
   * @param holdsUndated of which codes, as recorded or as mapped, an event without a date counts
   * @param isProtected of which codes events are never kept
   */
  constructor(db: Database, map: CodeMap, holdsUndated: CodeCheck, isProtected: CodeCheck) {
    this.#isProtected = isProtected;
    this.#map = map;
    this.#holdsUndated = holdsUndated;
    this.#find = db
      .prepare<[string, string], number>("SELECT key FROM code WHERE system = ? AND code = ?")
      .pluck();
    this.#add = db
      .prepare<[string, string], number>("INSERT INTO code (system, code) VALUES (?, ?) RETURNING key")
      .pluck();
    this.#stored = db
      .prepare<[number, number], [CodeSystem, string]>(
        "SELECT system, code FROM code WHERE key IN (?, (SELECT code FROM origin WHERE key = ?))",
      )
      .raw();
    this.#findOrigin = db
      .prepare<[number, string, number], number>(
        "SELECT key FROM origin WHERE code = ? AND state = ? AND by_extract = ?",
      )
      .pluck();
    this.#addOrigin = db
      .prepare<[number, string, number], number>(
        "INSERT INTO origin (code, state, by_extract) VALUES (?, ?, ?) RETURNING key",
      )
      .pluck();
  }

  coding(system: CodeSystem, code: string): Coding {
    const known = this.#codings.get(system)?.get(code);
    return known ?? this.#learn(system, ownCopy(code));
  }

  /** The coding of an event whose extract gives the code that counts beside the older one that was recorded. */
  codingBeside(system: CodeSystem, code: string, recordedSystem: CodeSystem, recorded: string): Coding {
    const known = this.#beside.get(code)?.get(recorded);
    if (known !== undefined) return known;
    if (noCode(recordedSystem, recorded) !== null) return this.coding(system, code);
    if (noCode(system, code) !== null) return this.coding(recordedSystem, recorded);
    return this.#learnBeside(system, ownCopy(code), recordedSystem, ownCopy(recorded));
  }

  /** Whether an event of a stored code holds without a date. @param origin of it, 0 where it is as recorded */
  stored(code: number, origin: number): Pick<Coding, "holdsUndated"> {
    const codes = this.#stored.all(code, origin);
    return { holdsUndated: codes.some(([system, text]) => this.#holdsUndated(system, text)) };
  }

  #learnBeside(system: CodeSystem, code: string, recordedSystem: CodeSystem, recorded: string): Coding {
    const older = this.#key(recordedSystem, recorded);
    const coding: Coding = {
      code: this.#key(system, code),
      origin: this.#origin(older, "mapped", true),
      doubt: doubtOf(system, code),
      holdsUndated: this.#holdsUndated(system, code) || this.#holdsUndated(recordedSystem, recorded),
    };
    if (this.#isProtected(system, code) || this.#isProtected(recordedSystem, recorded))
      this.withheld.add(coding.code);
    let ofCode = this.#beside.get(code);
    if (ofCode === undefined) this.#beside.set(code, (ofCode = new Map<string, Coding>()));
    ofCode.set(recorded, coding);
    return coding;
  }

  #learn(system: CodeSystem, code: string): Coding {
    const typed = noCode(system, code);
    if (typed !== null)
      return this.#withoutCode(`its code is none and was not kept, so it has no code: ${typed}`);
    const mapped = this.#map(system, code);
    const recorded = this.#key(system, code);
    const coding: Coding = {
      code: mapped === null ? recorded : this.#key(mapped.system, mapped.code),
      origin: mapped === null ? 0 : this.#origin(recorded, mapped.state),
      doubt: doubtOf(system, code),
      holdsUndated:
        this.#holdsUndated(system, code) ||
        (mapped !== null && this.#holdsUndated(mapped.system, mapped.code)),
    };
    if (this.#isProtected(system, code) || (mapped !== null && this.#isProtected(mapped.system, mapped.code)))
      this.withheld.add(coding.code);
    let ofSystem = this.#codings.get(system);
    if (ofSystem === undefined) this.#codings.set(system, (ofSystem = new Map<string, Coding>()));
    ofSystem.set(code, coding);
    return coding;
  }

  /** Not remembered: text that was typed differs from entry to entry. */
  #withoutCode(doubt: string): Coding {
    return { code: this.#key("local", ""), origin: 0, doubt, holdsUndated: false };
  }

  #key(system: CodeSystem, code: string): number {
    return this.#find.get(system, code) ?? this.#add.get(system, code)!;
  }

  #origin(code: number, state: MapState, byExtract = false): number {
    const by = byExtract ? 1 : 0;
    return this.#findOrigin.get(code, state, by) ?? this.#addOrigin.get(code, state, by)!;
  }
}

/** A copy of a text with memory of its own: a slice keeps the whole file's text alive. */
export function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
