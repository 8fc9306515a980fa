import type { PatientSet } from "@cairn/tables";

/** The sums of each cell in the tables of several dates: totals, the largest of one person, and the contributors. */
export class SumCells {
  readonly #cells: number;
  readonly #words: number; // of a set
  readonly #denominator: Totals;
  readonly #numerator: Totals;

  constructor(cells: number, dates: number, size: number) {
    this.#cells = cells;
    this.#words = (size + 31) >>> 5;
    this.#denominator = totals(cells * dates, this.#words);
    this.#numerator = totals(cells * dates, this.#words);
  }

  /** Adds one person's sums on date k; to be called once for each cell that the person is in. */
  add(k: number, cell: number, patient: number, denominator: number, numerator: number): void {
    const at = k * this.#cells + cell;
    addTo(this.#denominator, at, this.#words, patient, denominator);
    addTo(this.#numerator, at, this.#words, patient, numerator);
  }

  at(k: number, cell: number) {
    const at = k * this.#cells + cell;
    const [denominator, numerator] = [this.#denominator, this.#numerator];
    return {
      denominator: denominator.sum[at]!,
      numerator: numerator.sum[at]!,
      largestDenominator: denominator.largest[at]!,
      largestNumerator: numerator.largest[at]!,
      denominatorSet: this.#setOf(denominator, at),
      numeratorSet: this.#setOf(numerator, at),
    };
  }

  /** The contributors of one cell, as a copy: a part that is sent to another process takes the whole buffer along. */
  #setOf({ sets }: Totals, at: number): PatientSet {
    return sets.slice(at * this.#words, (at + 1) * this.#words);
  }
}

interface Totals {
  readonly sum: Float64Array;
  readonly largest: Float64Array;
  readonly sets: Uint32Array; // those who add more than nothing
}

function totals(cells: number, words: number): Totals {
  return {
    sum: new Float64Array(cells),
    largest: new Float64Array(cells),
    sets: new Uint32Array(cells * words),
  };
}

function addTo({ sum, largest, sets }: Totals, at: number, words: number, patient: number, amount: number) {
  if (amount === 0) return;
  sum[at]! += amount;
  if (amount > largest[at]!) largest[at] = amount;
  if (amount > 0) sets[at * words + (patient >>> 5)]! |= 1 << (patient & 31);
}
