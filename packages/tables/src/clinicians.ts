/** Clinicians as numbers in postings: a form asks whether two contacts were with the same one, never with whom. */
import { at } from "./at.js";

export const NO_CLINICIAN = 0xffff;

/**
 * Numbers each patient's clinicians from 0, the one seen last first, so that a walk back from the newest contact
 * meets 0, 1, 2 in turn. `keys` has a number below zero where the clinician is not known.
 * @throws RangeError for a patient with 65,535 clinicians or more, which no record has.
 */
export function numberClinicians(offset: Uint32Array, keys: Int32Array): Uint16Array {
  const numbers = new Uint16Array(keys.length);
  const known = new Map<number, number>(); // of this patient
  for (let p = 0; p + 1 < offset.length; p++) {
    known.clear();
    for (let i = at(offset, p + 1) - 1; i >= at(offset, p); i--) {
      const key = at(keys, i);
      let number = key < 0 ? NO_CLINICIAN : known.get(key);
      if (number === undefined) {
        known.set(key, (number = known.size));
        if (number >= NO_CLINICIAN)
          throw new RangeError("a patient has more clinicians than can be numbered");
      }
      numbers[i] = number;
    }
  }
  return numbers;
}
