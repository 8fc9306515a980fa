/**
 * The code map in force: one for the whole store, kept in it. A load that brings another one gives every event the
 * code that the new map makes of its recorded one, so that what a code means never depends on when it arrived.
 */
import { createHash } from "node:crypto";
import type { CodeSystem } from "@cairn/query-library";
import type { Database } from "@cairn/sqlite";
import type { CodeMap, Codes } from "./dictionary.js";

/** The present meaning of one recorded code. */
export interface MapEntry {
  readonly system: CodeSystem;
  readonly code: string;
  /** A code of SNOMED CT; null where the map names several, or none that anyone vouches for. */
  readonly to: string | null;
}

/** A map as a load brings it; each recorded code once. Without entries it maps nothing. */
export type GivenMap = readonly MapEntry[];

/** Puts the map in force. @returns false where the store holds this very map already. */
export function putInForce(db: Database, map: GivenMap): boolean {
  const digest = map.length === 0 ? null : digestOf(map);
  if (db.prepare("SELECT code_map FROM store").pluck().get() === digest) return false;
  db.prepare("UPDATE store SET code_map = ?").run(digest);
  db.exec("DELETE FROM code_map");
  const add = db.prepare("INSERT INTO code_map (system, code, to_code) VALUES (?, ?, ?)");
  for (const { system, code, to } of map) add.run(system, code, to);
  return true;
}

/** A digest of the map's content, whatever the order of its rows or the layout of its file. */
function digestOf(map: GivenMap): string {
  const rows = map.map((entry) => JSON.stringify([entry.system, entry.code, entry.to]));
  return createHash("sha256").update(rows.sort().join("\n")).digest("hex");
}

/**
 * The map in force. Codes of the old systems count as unmapped where it does not have them; others stay as recorded.
 */
export function mapInForce(db: Database): CodeMap {
  const find = db
    .prepare<[string, string], string | null>("SELECT to_code FROM code_map WHERE system = ? AND code = ?")
    .pluck();
  return (system, code) => {
    const padded = isRead(system) ? paddedRead(code) : code;
    const found = find.get(system, code);
    const to = found === undefined && padded !== code ? find.get(system, padded) : found;
    if (to === undefined) {
      return isRead(system) ? { system, code, state: "unmapped" } : null;
    }
    return to === null
      ? { system, code, state: "ambiguous" }
      : { system: "snomed", code: to, state: "mapped" };
  };
}

function isRead(system: CodeSystem): boolean {
  return system === "read2" || system === "ctv3";
}

/** Pads a Read code to five characters with dots, which systems leave out. */
export function paddedRead(code: string): string {
  return /^[0-9A-Za-z]{1,4}$/.test(code) ? code.padEnd(5, ".") : code;
}

type Stored = [code: number, origin: number, system: CodeSystem, recorded: string];

/**
 * Gives each stored event the code that the map makes of its recorded one, unless its extract gave both. @returns how many events changed
 */
export function recodeEvents(db: Database, codes: Codes, version: number): number {
  const stored = db
    .prepare<[], Stored>(
      `SELECT e.code, e.origin, c.system, c.code FROM (SELECT DISTINCT code, origin FROM event) AS e
       LEFT JOIN origin AS o ON o.key = e.origin JOIN code AS c ON c.key = coalesce(o.code, e.code)
       WHERE coalesce(o.by_extract, 0) = 0`,
    )
    .raw()
    .all();
  const touch = db.prepare(
    "INSERT OR IGNORE INTO touched (version, patient, day, code) SELECT DISTINCT ?, patient, 0, 0 FROM event WHERE code = ? AND origin = ?",
  );
  const recode = db.prepare("UPDATE event SET code = ?, origin = ? WHERE code = ? AND origin = ?");
  let changed = 0;
  for (const [code, origin, system, recorded] of stored) {
    const now = codes.coding(system, recorded);
    if (now.code === code && now.origin === origin) continue;
    touch.run(version, code, origin);
    changed += recode.run(now.code, now.origin, code, origin).changes;
  }
  return changed;
}
