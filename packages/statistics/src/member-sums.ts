/**
 * Sums over members as vectors: the quantity's coordinates at every member that is in the sum.
 *
 * Members that are in the same sums are one kind. Vectors are shortened by a random matrix to a little more than the
 * number of sums, which keeps ranks but for one time in millions.
 */
import { modulo, PRIME } from "./span.js";

/** A sum over members of a quantity, whose coordinates add up where quantities do. */
export interface MemberSum {
  readonly quantity: readonly number[]; // whole numbers
  readonly members: readonly string[];
}

/** The sum's vector in pieces, one for each kind of member that is in it. */
export function partsOf(
  { quantity, members }: MemberSum,
  kinds: readonly Kind[],
  length: number,
): Map<Kind, Float64Array> {
  const among = new Set(members);
  const parts = new Map<Kind, Float64Array>();
  for (const kind of kinds) {
    if (!among.has(kind.member)) continue;
    const part = new Float64Array(length);
    quantity.forEach((times, coordinate) => {
      if (times === 0) return;
      const random = column(kind.nth, coordinate, length);
      for (let i = 0; i < part.length; i++)
        part[i] = modulo((part[i] as number) + times * (random[i] as number));
    });
    parts.set(kind, part);
  }
  return parts;
}

export function addUp(
  parts: ReadonlyMap<Kind, Float64Array>,
  length: number,
  away: readonly Kind[] = [],
): Float64Array {
  const all = new Float64Array(length);
  for (const [kind, part] of parts) {
    if (!away.includes(kind))
      for (let i = 0; i < length; i++) all[i] = (all[i] as number) + (part[i] as number);
  }
  return all.map(modulo);
}

/** Members that are in the same sums. */
export interface Kind {
  readonly nth: number;
  readonly member: string; // one of them
  readonly size: number;
}

export function kindsOf(sums: readonly MemberSum[]): Kind[] {
  const sets = new Map(sums.map(({ members }) => [[...members].sort().join("\n"), new Set(members)]));
  const kinds = new Map<string, { member: string; size: number }>();
  for (const member of [...new Set(sums.flatMap(({ members }) => members))].sort()) {
    const key = [...sets.values()].map((set) => (set.has(member) ? "1" : "0")).join("");
    const kind = kinds.get(key);
    if (kind) kind.size++;
    else kinds.set(key, { member, size: 1 });
  }
  return [...kinds.values()].map((kind, nth) => ({ ...kind, nth }));
}

export function keyOf({ quantity, members }: MemberSum): string {
  return `${quantity.join()} ${[...members].sort().join("\n")}`;
}

const columns = new Map<string, Float64Array>();

/** Numbers in 1..PRIME-1, the same at every run (xorshift32, Marsaglia 2003): what is shown does not depend on luck. */
function column(kind: number, coordinate: number, length: number): Float64Array {
  const key = `${kind} ${coordinate} ${length}`;
  const known = columns.get(key);
  if (known) return known;
  let state = (Math.imul(kind + 1, 0x9e3779b1) ^ Math.imul(coordinate + 1, 0x85ebca6b)) | 0 || 1;
  const made = Float64Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return 1 + (modulo(state >>> 0) % (PRIME - 1));
  });
  if (columns.size > 10_000) columns.clear();
  columns.set(key, made);
  return made;
}
