/** Updates postings for the patients whose events changed; the others' are copied as they are. */
import type { Postings } from "@cairn/tables";

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
const OF_EVENTS = [
  "day",
  "value",
  "comparator",
  "unit",
  "quantity",
  "clinician",
  "system",
  "mapped",
  "coded",
  "count",
] as const satisfies (keyof Postings)[];

/** Patients `from` up to `to` of the old or the fresh postings, by place in its `patient`. */
interface Piece {
  readonly of: Postings;
  readonly from: number;
  readonly to: number;
}

/**
 * Splices `fresh` into `old` in place of the changed patients: `fresh` is all that the store holds of them now.
 * `changed` is ascending. Null where the two do not go together: other columns, or units that the store numbers
 * otherwise.
 */
export function splice(old: Postings, fresh: Postings, changed: readonly number[]): Postings | null {
  if (old.units.some((unit, i) => fresh.units[i] !== unit)) return null;
  if (OF_EVENTS.some((name) => (old[name] === null) !== (fresh[name] === null))) return null;
  const pieces = piecesOf(old, fresh, changed);
  const patients = pieces.reduce((sum, { from, to }) => sum + to - from, 0);
  const patient = new Uint32Array(patients);
  const offset = new Uint32Array(patients + 1);
  let p = 0;
  let events = 0;
  for (const { of, from, to } of pieces) {
    patient.set(of.patient.subarray(from, to), p);
    const shift = events - of.offset[from]!;
    for (let i = from; i < to; i++) offset[p++] = of.offset[i]! + shift;
    events += of.offset[to]! - of.offset[from]!;
  }
  offset[patients] = events;
  const columns = OF_EVENTS.map((name) => [name, joined(old[name], pieces, name, events)]);
  return { ...(Object.fromEntries(columns) as Postings), patient, offset, units: fresh.units };
}

/** Runs of old patients between the changed ones, who come from `fresh`, each in its place. */
function piecesOf(old: Postings, fresh: Postings, changed: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let next = 0;
  for (const key of changed) {
    const at = firstFrom(old.patient, key, from);
    if (at > from) pieces.push({ of: old, from, to: at });
    from = old.patient[at] === key ? at + 1 : at;
    if (fresh.patient[next] === key) pieces.push({ of: fresh, from: next, to: ++next });
  }
  if (from < old.patient.length) pieces.push({ of: old, from, to: old.patient.length });
  return pieces;
}

/** The first place from `low` on whose patient is not below the key. */
function firstFrom(patients: Uint32Array, key: number, low: number): number {
  let high = patients.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (patients[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined(
  like: Numbers | null,
  pieces: readonly Piece[],
  name: (typeof OF_EVENTS)[number],
  events: number,
): Numbers | null {
  if (like === null) return null;
  const column = new (like.constructor as new (length: number) => Numbers)(events);
  let at = 0;
  for (const { of, from, to } of pieces) {
    const part = (of[name] as Numbers).subarray(of.offset[from], of.offset[to]);
    column.set(part, at);
    at += part.length;
  }
  return column;
}
