/** A set of patients, as a bit for each key. */
export class PatientSet {
  #bits = new Uint8Array(64);

  static fromText(text: string): PatientSet {
    const set = new PatientSet();
    set.#bits = new Uint8Array(Buffer.from(text, "base64"));
    return set;
  }

  toText(): string {
    return Buffer.from(this.#bits).toString("base64");
  }

  add(patient: number): void {
    const at = patient >> 3;
    if (at >= this.#bits.length) {
      const larger = new Uint8Array(2 * (at + 1));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[at]! |= 1 << (patient & 7);
  }

  /** Adds or removes the patient. */
  put(patient: number, isIn: boolean): void {
    if (isIn) this.add(patient);
    else if (patient >> 3 < this.#bits.length) this.#bits[patient >> 3]! &= ~(1 << (patient & 7));
  }

  get size(): number {
    return this.#bits.reduce((sum, byte) => sum + BITS_OF[byte]!, 0);
  }
}

const BITS_OF = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);
