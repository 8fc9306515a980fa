import type { Ratio } from "@cairn/query-library";
import { addPlane } from "../bit-planes.js";
import { bitsOn, type DayTable } from "../reference-dates.js";
import type { Postings } from "../source.js";
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
    const postings = ask.postings(ask.list(list));
    const days = ask.window(window);
    const seen = makeSeen(postings.offset);
    const reached = makeReached(atLeast, contacts, seen.depth);
    const mask = new Int32Array(ask.people.size);
    for (let p = 0; p < postings.patient.length; p++) {
      const key = postings.patient[p]!;
      const wanted = ask.among[key]!;
      if (wanted === 0) continue;
      if (look(seen, postings, p, days) >= contacts) mask[key] = reached(seen, wanted);
    }
    return mask;
  },
};

/** What is seen of one patient, reused from patient to patient. */
interface Seen {
  readonly depth: number; // planes that hold any count
  readonly all: Int32Array; // the planes of all contacts
  readonly planes: Int32Array; // of the clinician in slot s: from s * depth
  readonly contacts: Int32Array; // how many each slot has, on any date
  readonly who: Int32Array; // the clinician in each slot
  readonly slotOf: Int32Array; // slot + 1 of a clinician whose key is small
  slots: number;
  n: number; // contacts, on any date
}

const SMALL_KEYS = 1 << 14;

function makeSeen(offset: Uint32Array): Seen {
  let most = 1;
  for (let p = 0; p + 1 < offset.length; p++) most = Math.max(most, offset[p + 1]! - offset[p]!);
  const depth = Math.max(3, 32 - Math.clz32(most));
  return {
    depth,
    all: new Int32Array(depth + 1),
    planes: new Int32Array(most * depth + 1),
    contacts: new Int32Array(most),
    who: new Int32Array(most),
    slotOf: new Int32Array(SMALL_KEYS),
    slots: 0,
    n: 0,
  };
}

/** Counts a patient's contacts with known clinicians, and gives how many there are on any date. */
function look(seen: Seen, { offset, day, clinician }: Postings, p: number, days: DayTable): number {
  const { depth, all, planes, contacts, who, slotOf } = seen;
  for (let slot = 0; slot < seen.slots; slot++) if (who[slot]! < SMALL_KEYS) slotOf[who[slot]!] = 0;
  clear(all, 0, depth);
  const start = offset[p]! | 0;
  let slots = 0;
  let n = 0;
  for (let i = (offset[p + 1]! | 0) - 1; i >= start; i--) {
    const d = day[i]!;
    if (d <= days.floor) break;
    const bits = bitsOn(days, d);
    const one = clinician![i]!;
    if (one < 0 || bits === 0) continue;
    let slot = one < SMALL_KEYS ? slotOf[one]! - 1 : slots - 1;
    if (one >= SMALL_KEYS) while (slot >= 0 && who[slot] !== one) slot--;
    if (slot < 0) {
      slot = slots++;
      who[slot] = one;
      contacts[slot] = 0;
      if (one < SMALL_KEYS) slotOf[one] = slot + 1;
      clear(planes, slot * depth, depth);
    }
    contacts[slot]!++;
    n++;
    addPlane(planes, slot * depth, bits);
    addPlane(all, 0, bits);
  }
  seen.slots = slots;
  return (seen.n = n);
}

/** The dates on which there are contacts enough, and some clinician has the share of them. */
function makeReached(
  { p, q }: Ratio,
  contacts: number,
  depth: number,
): (seen: Seen, wanted: number) => number {
  const scaled = new Int32Array(depth + 32);
  const enough = new Int32Array(depth + 32);
  const factor = 32 - Math.clz32(Math.max(p, q)); // planes that a factor adds
  return (seen, wanted) => {
    const used = 32 - Math.clz32(seen.n);
    const open = reaches(seen.all, used, contacts) & wanted;
    if (open === 0) return 0;
    times(seen.all, 0, used, p, enough, used + factor);
    let held = 0;
    for (let slot = 0; slot < seen.slots && (open & ~held) !== 0; slot++) {
      if (seen.contacts[slot]! * q < p * contacts) continue; // never enough, on any date
      times(seen.planes, slot * seen.depth, used, q, scaled, used + factor);
      held |= notLess(scaled, enough, used + factor);
    }
    return held & open;
  };
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
