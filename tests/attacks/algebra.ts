/** Adding and subtracting sets of people, modulo a prime of 61 bits: written without the guard's code. */
const PRIME = (1n << 61n) - 1n;

type People = ReadonlySet<number>;

/** What follows from counts of `known`, asked of sets that `known` and `asked` make out together. */
export class Algebra {
  readonly #kinds = new Map<string, number>();
  readonly #kindOf = new Map<number, number>();
  readonly #rows: { readonly pivot: number; readonly row: bigint[] }[] = [];

  constructor(known: readonly People[], asked: readonly People[]) {
    const sets = new Map<number, string>();
    [...known, ...asked].forEach((set, nth) => {
      for (const person of set) sets.set(person, `${sets.get(person) ?? ""} ${nth}`);
    });
    for (const [person, signature] of sets) {
      const kind = this.#kinds.get(signature) ?? this.#kinds.size;
      this.#kinds.set(signature, kind);
      this.#kindOf.set(person, kind);
    }
    for (const set of known) {
      const row = this.#rest(set);
      const pivot = row.findIndex((x) => x !== 0n);
      if (pivot === -1) continue;
      const scale = inverse(row[pivot] as bigint);
      this.#rows.push({ pivot, row: row.map((x) => (x * scale) % PRIME) });
    }
  }

  /** Whether the number of `people` is a linear combination of the known numbers. Of nobody it is not asked. */
  gives(people: People): boolean {
    return people.size > 0 && this.#rest(people).every((x) => x === 0n);
  }

  #rest(set: People): bigint[] {
    let rest = new Array<bigint>(this.#kinds.size).fill(0n);
    for (const person of set) rest[this.#kindOf.get(person) as number] = 1n;
    for (const { pivot, row } of this.#rows) {
      const times = rest[pivot] as bigint;
      if (times !== 0n) rest = rest.map((x, i) => (x + (PRIME - times) * (row[i] as bigint)) % PRIME);
    }
    return rest;
  }
}

function inverse(x: bigint): bigint {
  let [result, square] = [1n, x];
  for (let power = PRIME - 2n; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}
