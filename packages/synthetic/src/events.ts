/**
 * One patient's events as columns, reused from patient to patient: fifteen million objects would cost more
 * than the story they tell. Numbers are kept as whole numbers with a count of decimals, so that they print
 * the same everywhere.
 */
export const UNITS = [
  "", "mmHg", "mmol/mol", "%", "mmol/L", "umol/L", "mL/min/1.73m2", "kg", "cm", "m", "kg/m2", "g/L", "10*9/L",
  "10*12/L", "U/L", "mU/L", "mg/mmol", "nmol/L", "ug/L", "mg/dL", "lb", "in",
] as const; // prettier-ignore
export type Unit = (typeof UNITS)[number];
export const COMPARATORS = ["", "<", "<=", ">", ">=", "~"] as const;

const NO_VALUE = -2147483648;

export class Events {
  count = 0;
  day = new Int32Array(4096);
  code = new Uint16Array(4096);
  /** The value times ten to the power of its decimals; `NO_VALUE` where there is none. */
  value = new Int32Array(4096);
  decimals = new Uint8Array(4096);
  unit = new Uint8Array(4096);
  comparator = new Uint8Array(4096);
  quantity = new Uint16Array(4096);
  /** Position in the practice's list of clinicians, from 1; 0 where none is recorded. */
  clinician = new Uint8Array(4096);
  private keys = new Float64Array(4096);

  clear(): void {
    this.count = 0;
  }

  add(day: number, code: number, clinician: number): number {
    if (this.count === this.day.length) this.grow();
    const at = this.count++;
    this.day[at] = day;
    this.code[at] = code;
    this.value[at] = NO_VALUE;
    this.decimals[at] = 0;
    this.unit[at] = 0;
    this.comparator[at] = 0;
    this.quantity[at] = 0;
    this.clinician[at] = clinician;
    return at;
  }

  hasValue(at: number): boolean {
    return this.value[at] !== NO_VALUE;
  }

  /** Positions by day, and within a day in the order in which they were written. */
  order(): Uint32Array {
    const keys = this.keys.subarray(0, this.count);
    for (let i = 0; i < this.count; i++) keys[i] = (this.day[i] ?? 0) * 1_048_576 + i;
    keys.sort();
    const order = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) {
      const key = keys[i] ?? 0;
      order[i] = key - Math.floor(key / 1_048_576) * 1_048_576;
    }
    return order;
  }

  private grow(): void {
    const size = this.day.length * 2;
    this.day = copied(this.day, new Int32Array(size));
    this.code = copied(this.code, new Uint16Array(size));
    this.value = copied(this.value, new Int32Array(size));
    this.decimals = copied(this.decimals, new Uint8Array(size));
    this.unit = copied(this.unit, new Uint8Array(size));
    this.comparator = copied(this.comparator, new Uint8Array(size));
    this.quantity = copied(this.quantity, new Uint16Array(size));
    this.clinician = copied(this.clinician, new Uint8Array(size));
    this.keys = new Float64Array(size);
  }
}

function copied<T extends Int32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
