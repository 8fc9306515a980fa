/**
 * Whether sums over members, put together, tell of one or two of them.
 *
 * A reader adds and subtracts what is shown. Each sum is a vector over (member, quantity): the quantity's
 * coordinates at every member that is in it. A combination that is not zero and lies on one or two members only is
 * what nobody may find. There is one for the members {a, b} exactly if leaving their coordinates away lowers the
 * rank of what is shown, so a further sum may be shown exactly if it adds to the rank without {a, b} what it adds
 * to the rank with them, for every such pair.
 *
 * Members that are in the same sums stand for each other: of three or more none can be told by leaving two away.
 * So only those that have at most one double are looked at. Vectors are shortened by a random matrix to a little
 * more than the number of sums, which keeps ranks but for one time in millions, and then errs towards hiding.
 */
import { modulo, PRIME, Span } from "./span.js";

/** A sum: a quantity, as coordinates such that quantities which add up have coordinates that add up; and over whom. */
export interface MemberSum {
  readonly quantity: readonly number[]; // whole numbers
  readonly members: readonly string[];
}

export class ShownSums {
  readonly #kinds: readonly Kind[];
  readonly #length: number;
  readonly #all = new Span();
  readonly #without: { readonly kinds: readonly Kind[]; readonly span: Span }[];

  /** @param sums every one that will be shown, or may be */
  constructor(sums: readonly MemberSum[]) {
    this.#kinds = kindsOf(sums);
    this.#length = new Set(sums.map(keyOf)).size + 2;
    const singles = this.#kinds.filter(({ size }) => size === 1);
    const left = [
      ...this.#kinds.filter(({ size }) => size === 2).map((kind) => [kind]),
      ...(singles.length === 1 ? [singles] : []),
      ...singles.flatMap((one, i) => singles.slice(0, i).map((other) => [other, one])),
    ];
    this.#without = left.map((kinds) => ({ kinds, span: new Span() }));
  }

  /** Shows these as well, all or none: none where they would tell of one or two members. @returns whether they are */
  showIfSafe(sums: readonly MemberSum[]): boolean {
    return this.#show(sums, true);
  }

  /** What is shown whatever it tells: it has been seen. */
  show(sums: readonly MemberSum[]): void {
    this.#show(sums, false);
  }

  #show(sums: readonly MemberSum[], onlyIfSafe: boolean): boolean {
    const parts = sums.map((sum) => this.#parts(sum));
    const all = this.#all.growth(parts.map((each) => addUp(each, this.#length)));
    if (all.rows.length === 0) return true; // it follows from what is shown
    const growths = [];
    for (const { kinds, span } of this.#without) {
      const growth = span.growth(parts.map((each) => addUp(each, this.#length, kinds)));
      if (onlyIfSafe && growth.rows.length < all.rows.length) return false;
      growths.push({ span, growth });
    }
    this.#all.grow(all);
    for (const { span, growth } of growths) span.grow(growth);
    return true;
  }

  /** The sum's vector in pieces, one for each kind of member that is in it. */
  #parts({ quantity, members }: MemberSum): Map<Kind, Float64Array> {
    const among = new Set(members);
    const parts = new Map<Kind, Float64Array>();
    for (const kind of this.#kinds) {
      if (!among.has(kind.member)) continue;
      const part = new Float64Array(this.#length);
      quantity.forEach((times, coordinate) => {
        if (times === 0) return;
        const random = column(kind.nth, coordinate, this.#length);
        for (let i = 0; i < part.length; i++)
          part[i] = modulo((part[i] as number) + times * (random[i] as number));
      });
      parts.set(kind, part);
    }
    return parts;
  }
}

function addUp(
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
interface Kind {
  readonly nth: number;
  readonly member: string; // one of them
  readonly size: number;
}

function kindsOf(sums: readonly MemberSum[]): Kind[] {
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

function keyOf({ quantity, members }: MemberSum): string {
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
