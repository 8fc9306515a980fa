/**
 * A fact over all dates at once: for each patient, disjoint sets of reference dates and what the fact is on them.
 * A date that no run of a patient holds is one on which the fact is missing.
 */
export interface Runs {
  readonly length: number;
  readonly patient: Int32Array; // ascending
  readonly bits: Int32Array;
  readonly value: Float64Array; // a number, a day, or for means a sum in millionths
  readonly shape: Uint8Array; // of a value: index into COMPARATORS; of a mean: which ends are open
  readonly n: Int32Array | null; // of a mean: how many readings
}

/** A measurement of any form. */
export type AnyFact =
  | { readonly form: "date"; readonly runs: Runs }
  | { readonly form: "value"; readonly runs: Runs }
  | { readonly form: "pair"; readonly systolic: Runs; readonly diastolic: Runs };

export class RunsBuilder {
  #length = 0;
  #patient: Int32Array;
  #bits: Int32Array;
  #value: Float64Array;
  #shape: Uint8Array;

  constructor(capacity: number) {
    this.#patient = new Int32Array(capacity);
    this.#bits = new Int32Array(capacity);
    this.#value = new Float64Array(capacity);
    this.#shape = new Uint8Array(capacity);
  }

  add(patient: number, bits: number, value: number, shape: number): void {
    const i = this.#length++;
    if (i === this.#patient.length) this.#grow();
    this.#patient[i] = patient;
    this.#bits[i] = bits;
    this.#value[i] = value;
    this.#shape[i] = shape;
  }

  done(n: readonly number[] | null = null): Runs {
    return {
      length: this.#length,
      patient: this.#patient,
      bits: this.#bits,
      value: this.#value,
      shape: this.#shape,
      n: n === null ? null : Int32Array.from(n),
    };
  }

  #grow(): void {
    const capacity = this.#patient.length * 2 + 64;
    this.#patient = copyInto(new Int32Array(capacity), this.#patient);
    this.#bits = copyInto(new Int32Array(capacity), this.#bits);
    this.#value = copyInto(new Float64Array(capacity), this.#value);
    this.#shape = copyInto(new Uint8Array(capacity), this.#shape);
  }
}

function copyInto<T extends Int32Array | Float64Array | Uint8Array>(target: T, from: T): T {
  target.set(from);
  return target;
}
