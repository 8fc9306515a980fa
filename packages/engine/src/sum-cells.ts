import type { PatientSet } from "@cairn/tables";

/** What is added up in each cell of the tables of several dates: sums, the largest of one person, and who adds. */
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

  /** One person's sums on date k, once for each cell that the person is in. */
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

  /** A copy, since a part that is sent to another process takes the whole along. */
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
