/** The store's codes that a codelist names, and the small dictionaries. Read once for each snapshot. */
import { COMPARATORS } from "@cairn/tables";
import { MAP_STATES, CODE_SYSTEMS, type Codelist, type CodeSystem } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";

interface CodeRow {
  readonly key: number;
  readonly system: CodeSystem;
  readonly code: string;
}

export class CodeIndex {
  readonly #keys = new Map<CodeSystem, Map<string, number[]>>();
  readonly units: readonly string[];
  readonly unitOf: Uint16Array; // by measure key
  readonly comparatorOf: Uint8Array; // by measure key
  readonly systemOf: Uint8Array; // by code key
  readonly coded: Uint8Array; // by code key: 0 for the empty code
  readonly originSystem: Uint8Array; // by origin key; 0 is not used
  readonly originState: Uint8Array;
  readonly originCoded: Uint8Array; // 0 where the empty code was recorded

  constructor(db: Database) {
    const codes = db.prepare<[], CodeRow>("SELECT key, system, code FROM code").all();
    const lastCode = codes.reduce((last, row) => Math.max(last, row.key), 0);
    this.systemOf = new Uint8Array(lastCode + 1);
    this.coded = new Uint8Array(lastCode + 1);
    for (const row of codes) {
      this.systemOf[row.key] = CODE_SYSTEMS.indexOf(row.system);
      this.coded[row.key] = row.code === "" ? 0 : 1;
      if (row.code !== "") this.#remember(row);
    }
    const measures = db
      .prepare<[], { key: number; unit: string; comparator: (typeof COMPARATORS)[number] }>(
        "SELECT * FROM measure",
      )
      .all();
    const lastMeasure = measures.reduce((last, row) => Math.max(last, row.key), 0);
    this.units = ["", ...new Set(measures.map((row) => row.unit).filter((unit) => unit !== ""))];
    this.unitOf = new Uint16Array(lastMeasure + 1);
    this.comparatorOf = new Uint8Array(lastMeasure + 1);
    for (const row of measures) {
      this.unitOf[row.key] = this.units.indexOf(row.unit);
      this.comparatorOf[row.key] = COMPARATORS.indexOf(row.comparator);
    }
    const origins = db
      .prepare<[], { key: number; code: number; state: (typeof MAP_STATES)[number] }>("SELECT * FROM origin")
      .all();
    const lastOrigin = origins.reduce((last, row) => Math.max(last, row.key), 0);
    this.originSystem = new Uint8Array(lastOrigin + 1);
    this.originState = new Uint8Array(lastOrigin + 1);
    this.originCoded = new Uint8Array(lastOrigin + 1);
    for (const row of origins) {
      this.originSystem[row.key] = this.systemOf[row.code]!;
      this.originState[row.key] = MAP_STATES.indexOf(row.state);
      this.originCoded[row.key] = this.coded[row.code]!;
    }
  }

  /** The store's keys of the list's codes. */
  keysOf(list: Codelist): number[] {
    const ofSystem = this.#keys.get(namespace(list.system));
    return ofSystem === undefined ? [] : list.codes.flatMap((code) => ofSystem.get(code) ?? []);
  }

  #remember(row: CodeRow): void {
    const name = namespace(row.system);
    let ofSystem = this.#keys.get(name);
    if (ofSystem === undefined) this.#keys.set(name, (ofSystem = new Map<string, number[]>()));
    const keys = ofSystem.get(row.code);
    if (keys === undefined) ofSystem.set(row.code, [row.key]);
    else keys.push(row.key);
  }
}

/** The namespace of a code system: dm+d ids are SNOMED CT ids, so the two match as one. */
function namespace(system: CodeSystem): CodeSystem {
  return system === "dmd" ? "snomed" : system;
}
