/** Postings as one run of bytes, read back without copying. */
import type { Postings } from "@cairn/tables";

const KINDS = {
  patient: Uint32Array,
  offset: Uint32Array,
  day: Int32Array,
  value: Float64Array,
  comparator: Uint8Array,
  unit: Uint16Array,
  quantity: Float64Array,
  clinician: Uint16Array,
  system: Uint8Array,
  mapped: Uint8Array,
  coded: Uint8Array,
  count: Uint32Array,
} as const;
type Column = keyof typeof KINDS;
const COLUMNS = Object.keys(KINDS) as Column[];

interface Header {
  readonly units: readonly string[];
  readonly lengths: Record<Column, number | null>; // in elements
}

/** Packs postings: length of the header (4 bytes), header as JSON, then each column at a multiple of 8 bytes. */
export function packed(postings: Postings): Buffer {
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

/** Unpacks postings; null where the bytes are not as long as their header says. */
export function unpacked(body: Buffer): Postings | null {
  const headerLength = body.readUInt32LE(0);
  const header = JSON.parse(body.toString("utf8", 4, 4 + headerLength)) as Header;
  // Columns need their alignment; the driver's buffers have it unless they come out of a pool.
  const buffer = (body.byteOffset % 8 === 0 ? body : Uint8Array.from(body)).buffer as ArrayBuffer;
  const base = body.byteOffset % 8 === 0 ? body.byteOffset : 0;
  let at = padded(4 + headerLength);
  const columns: Partial<Record<Column, unknown>> = {};
  for (const name of COLUMNS) {
    const length = header.lengths[name] ?? null; // a column that came later is in no blob of before
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
