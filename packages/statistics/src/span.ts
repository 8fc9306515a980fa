/**
 * The span of vectors: those that adding and multiplying can make. Row echelon form modulo a prime, so that it is
 * exact.
 */

/** The largest prime below 2^26: a product is below 2^52 and exact as a double. */
export const PRIME = 67_108_859;

interface Growth {
  readonly rows: readonly Row[];
}

export interface Row {
  readonly pivot: number;
  readonly values: Float64Array;
}

/** The span of the vectors that were added. All have one length; entries are whole numbers in 0..PRIME-1. */
export class Span {
  readonly #rows: Row[] = [];

  /** The pivot columns: one for each dimension, and together they distinguish every vector of the span. */
  get pivots(): number[] {
    return this.#rows.map(({ pivot }) => pivot);
  }

  /** The rows by which these vectors would enlarge the span, one for each new dimension. Nothing is added yet. */
  growth(vectors: readonly Float64Array[]): Growth {
    return { rows: this.#fresh(vectors) };
  }

  /** @param growth of this span, with nothing added since */
  grow({ rows }: Growth): void {
    this.#rows.push(...rows);
  }

  #fresh(vectors: readonly Float64Array[]): Row[] {
    const fresh: Row[] = [];
    for (const vector of vectors) {
      const values = Float64Array.from(vector);
      for (const row of this.#rows) subtract(values, row);
      for (const row of fresh) subtract(values, row);
      const pivot = values.findIndex((value) => value !== 0);
      if (pivot === -1) continue;
      const scale = inverse(values[pivot] as number);
      for (let i = pivot; i < values.length; i++) values[i] = modulo((values[i] as number) * scale);
      fresh.push({ pivot, values });
    }
    return fresh;
  }
}

export function modulo(x: number): number {
  const rest = x - Math.floor(x / PRIME) * PRIME;
  return rest < 0 ? rest + PRIME : rest >= PRIME ? rest - PRIME : rest;
}

/** Subtracts the multiple of the row that makes `from` zero at its pivot. */
export function subtract(from: Float64Array, { pivot, values }: Row): void {
  const times = from[pivot] as number;
  if (times === 0) return;
  for (let i = pivot; i < from.length; i++) {
    const value = values[i] as number;
    if (value !== 0) from[i] = modulo((from[i] as number) - times * value);
  }
}

/** 1 / x by Fermat's little theorem; x is not 0. */
function inverse(x: number): number {
  let result = 1;
  let square = modulo(x);
  for (let power = PRIME - 2; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = modulo(result * square);
    square = modulo(square * square);
  }
  return result;
}
