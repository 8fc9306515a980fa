import { addPlane } from "../counters.js";
import { bitsOn } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

/**
 * Usual provider of care (Breslau and Reeb 1975): the share of contacts with the clinician seen most reaches a limit.
 * Contacts are counted bit-sliced, on all dates at once: plane j holds bit j of the count on each date, for each
 * clinician of a patient and for all of them together. Some clinician's q times count is at least p times all.
 */
export const continuity: Form<ConditionOf<"continuity">> = {
  ...PLAIN,
  reads: ({ list }) => [[list, { clinician: true }]],
  holds({ list, atLeast, contacts, window }, ask) {
    const { patient, offset, day, clinician } = ask.postings(ask.list(list));
    const days = ask.window(window);
    const { p: share, q: whole } = atLeast;
    const most = longest(offset);
    const depth = 32 - Math.clz32(most);
    const seen = new Seen(most, depth);
    const planes = seen.planes;
    const all = new Int32Array(depth + 3);
    const scaled = new Int32Array(depth + 32);
    const enough = new Int32Array(depth + 32);
    const mask = new Int32Array(ask.people.size);
    for (let p = 0; p < patient.length; p++) {
      const wanted = ask.among[patient[p]!]!;
      if (wanted === 0) continue;
      const start = offset[p]! | 0;
      seen.clear();
      let n = 0;
      let ones = 0;
      let twos = 0;
      let fours = 0;
      for (let i = (offset[p + 1]! | 0) - 1; i >= start; i--) {
        const d = day[i]!;
        if (d <= days.floor) break;
        const who = clinician![i]!;
        const bits = bitsOn(days, d);
        if (who < 0 || bits === 0) continue;
        n++;
        const slot = seen.slotOf(who) * depth;
        const one = planes[slot]!;
        planes[slot] = one ^ bits;
        addPlane(planes, slot + 1, one & bits);
        let left = ones & bits; // the first planes of all contacts stay at hand: most additions end there
        ones ^= bits;
        const next = twos & left;
        twos ^= left;
        left = fours & next;
        fours ^= next;
        if (left !== 0) addPlane(all, 3, left);
      }
      const used = 32 - Math.clz32(n);
      all[0] = ones;
      all[1] = twos;
      all[2] = fours;
      const open = n < contacts ? 0 : reaches(all, used, contacts) & wanted;
      let held = 0;
      if (open !== 0) {
        const width = used + 32 - Math.clz32(Math.max(share, whole));
        times(all, 0, used, share, enough, width);
        for (let slot = 0; slot < seen.clinicians && (held & open) !== open; slot++) {
          if (seen.contacts[slot]! * whole < share * contacts) continue; // never enough, on any date
          times(planes, slot * depth, used, whole, scaled, width);
          held |= notLess(scaled, enough, width);
        }
      }
      clear(all, 0, used);
      mask[patient[p]!] = held & open;
    }
    return mask;
  },
};

const MOST_DIRECT = 1 << 14;

/** The clinicians of one patient, in the order met, each with planes of its own. Reused from patient to patient. */
class Seen {
  clinicians = 0;
  readonly planes: Int32Array; // of slot s: from s * depth
  readonly contacts: Int32Array; // how many each slot has, on any date
  readonly #depth: number;
  readonly #who: Int32Array;
  readonly #slot = new Int32Array(MOST_DIRECT); // slot + 1 of the smaller keys

  constructor(most: number, depth: number) {
    this.planes = new Int32Array(most * depth + 1);
    this.contacts = new Int32Array(most);
    this.#who = new Int32Array(most);
    this.#depth = depth;
  }

  /** The slot of a clinician, made where this is the first contact. A store's keys are small; others are searched for. */
  slotOf(who: number): number {
    const slot = who < MOST_DIRECT ? this.#slot[who]! - 1 : this.#find(who);
    if (slot < 0) return this.#add(who);
    this.contacts[slot]!++;
    return slot;
  }

  clear(): void {
    for (let slot = 0; slot < this.clinicians; slot++) {
      if (this.#who[slot]! < MOST_DIRECT) this.#slot[this.#who[slot]!] = 0;
    }
    this.clinicians = 0;
  }

  #find(who: number): number {
    let slot = this.clinicians - 1;
    while (slot >= 0 && this.#who[slot] !== who) slot--;
    return slot;
  }

  #add(who: number): number {
    const slot = this.clinicians++;
    this.#who[slot] = who;
    this.contacts[slot] = 1;
    if (who < MOST_DIRECT) this.#slot[who] = slot + 1;
    clear(this.planes, slot * this.#depth, this.#depth);
    return slot;
  }
}

function clear(planes: Int32Array, from: number, count: number): void {
  for (let j = from; j < from + count; j++) planes[j] = 0;
}

/** The dates on which a count of `used` planes is at least n (n > 0). */
function reaches(planes: Int32Array, used: number, n: number): number {
  if (n >>> used !== 0) return 0;
  let held = -1;
  for (let j = 0; j < used; j++) held = (n >>> j) & 1 ? planes[j]! & held : planes[j]! | held;
  return held;
}

/** `factor` times a count, into `width` planes of `out`. */
function times(
  planes: Int32Array,
  from: number,
  used: number,
  factor: number,
  out: Int32Array,
  width: number,
): void {
  clear(out, 0, width);
  for (let shift = 0; factor >>> shift !== 0; shift++) {
    if (((factor >>> shift) & 1) === 0) continue;
    let carried = 0;
    for (let j = shift; j < width; j++) {
      const a = out[j]!;
      const b = j - shift < used ? planes[from + j - shift]! : 0;
      out[j] = a ^ b ^ carried;
      carried = (a & b) | ((a ^ b) & carried);
    }
  }
}

/** The dates on which the count `a` is at least the count `b`. */
function notLess(a: Int32Array, b: Int32Array, width: number): number {
  let held = -1;
  for (let j = 0; j < width; j++) held = (a[j]! & ~b[j]!) | (~(a[j]! ^ b[j]!) & held);
  return held;
}

function longest(offset: Uint32Array): number {
  let most = 0;
  for (let p = 0; p + 1 < offset.length; p++) most = Math.max(most, offset[p + 1]! - offset[p]!);
  return most;
}
