/**
 * Postings kept as blobs beside the store, in a file of their own that may be deleted at any time. A blob is good
 * for one store at one version; anything that does not fit is read from the events again.
 */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import type { Columns, Postings } from "@cairn/engine";
import type { Codelist } from "@cairn/query-library";
import { type Database, openDatabase } from "@cairn/sqlite";

const MIGRATIONS = new URL("../../migrations/postings/", import.meta.url);

/** Which store, as a text that no other state of any store shares. */
type StoreState = string;

export class PostingsCache {
  readonly #path: string;
  #db: Database | null;

  constructor(path: string) {
    this.#path = path;
    this.#db = this.#open();
  }

  /** The postings, from the blob if it is this state's, else from `read`, which are then kept. */
  through(state: StoreState, list: Codelist, columns: Columns, read: () => Postings): Postings {
    const key = keyOf(list, columns);
    const kept = this.#try((db) => {
      const row = db
        .prepare<[string], { state: string; body: Buffer }>("SELECT state, body FROM postings WHERE key = ?")
        .get(key);
      return row === undefined || row.state !== state ? null : unpacked(row.body);
    });
    if (kept) return kept;
    const fresh = read();
    this.#try((db) => {
      db.prepare("INSERT OR REPLACE INTO postings (key, state, body) VALUES (?, ?, ?)").run(
        key,
        state,
        packed(fresh),
      );
    });
    return fresh;
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }

  #open(): Database | null {
    try {
      return openDatabase(this.#path, { migrations: MIGRATIONS, check: false });
    } catch {
      // Damaged or of another version: nothing is lost by beginning again, nor by doing without.
      for (const end of ["", "-wal", "-shm"]) rmSync(this.#path + end, { force: true });
      try {
        return openDatabase(this.#path, { migrations: MIGRATIONS, check: false });
      } catch {
        return null;
      }
    }
  }

  /** A cache that fails is left alone for the rest of this process: the events themselves still answer. */
  #try<T>(work: (db: Database) => T): T | null {
    if (this.#db === null) return null;
    try {
      return work(this.#db);
    } catch {
      this.close();
      return null;
    }
  }
}

function keyOf(list: Codelist, columns: Columns): string {
  const wanted = [columns.value, columns.quantity, columns.clinician, columns.origin].map((each) =>
    each ? "1" : "0",
  );
  const codes = createHash("sha256")
    .update(JSON.stringify([list.system, list.codes]))
    .digest("hex");
  return `${codes}-${wanted.join("")}`;
}

type Column =
  | "patient"
  | "offset"
  | "day"
  | "value"
  | "comparator"
  | "unit"
  | "quantity"
  | "clinician"
  | "system"
  | "mapped";
const KINDS = {
  patient: Uint32Array,
  offset: Uint32Array,
  day: Int32Array,
  value: Float64Array,
  comparator: Uint8Array,
  unit: Uint16Array,
  quantity: Float64Array,
  clinician: Int32Array,
  system: Uint8Array,
  mapped: Uint8Array,
} as const;
const COLUMNS = Object.keys(KINDS) as Column[];

interface Header {
  readonly units: readonly string[];
  readonly lengths: Record<Column, number | null>; // in elements
}

/** Layout: length of the header (4 bytes), header as JSON, then each column at a multiple of 8 bytes. */
function packed(postings: Postings): Buffer {
  const lengths = Object.fromEntries(COLUMNS.map((name) => [name, postings[name]?.length ?? null]));
  const header = Buffer.from(JSON.stringify({ units: postings.units, lengths }));
  const parts: Uint8Array[] = [];
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  parts.push(size, header, padding(4 + header.length));
  for (const name of COLUMNS) {
    const column = postings[name];
    if (column === null) continue;
    parts.push(
      new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
      padding(column.byteLength),
    );
  }
  return Buffer.concat(parts);
}

function unpacked(body: Buffer): Postings | null {
  const headerLength = body.readUInt32LE(0);
  const header = JSON.parse(body.toString("utf8", 4, 4 + headerLength)) as Header;
  // Columns need their alignment; the driver's buffers have it unless they come out of a pool.
  const buffer = (body.byteOffset % 8 === 0 ? body : Uint8Array.from(body)).buffer as ArrayBuffer;
  const base = body.byteOffset % 8 === 0 ? body.byteOffset : 0;
  let at = padded(4 + headerLength);
  const columns: Partial<Record<Column, unknown>> = {};
  for (const name of COLUMNS) {
    const length = header.lengths[name];
    columns[name] = length === null ? null : new KINDS[name](buffer, base + at, length);
    at += padded((length ?? 0) * KINDS[name].BYTES_PER_ELEMENT);
  }
  return at === body.length ? ({ ...columns, units: header.units } as unknown as Postings) : null;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array(padded(bytes) - bytes);
}
