import type { Ratio } from "@cairn/query-library";
import { NO_CLINICIAN, type Postings } from "@cairn/tables";
import type { DayTable } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";
import { addPlane, blank } from "../masks.js";

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
    const mask = blank(ask.people.size);
    for (let p = 0; p < postings.patient.length; p++) {
      const key = postings.patient[p]!;
      const wanted = ask.among[key]!;
      if (wanted !== 0 && look(seen, postings, p, days) >= contacts) mask[key] = reached(seen, wanted);
    }
    return mask;
  },
};

/** Counts of one patient's contacts, reused from patient to patient. */
interface Seen {
  readonly depth: number; // planes that hold any count
  readonly all: Int32Array; // the planes of all contacts
  readonly planes: Int32Array; // of the patient's clinician c: from c * depth
  readonly contacts: Int32Array; // how many each clinician has, on any date
  clinicians: number;
  n: number; // contacts, on any date
}

/** The number of planes that are added to without a check for further carries: counts below 16. */
const STRAIGHT = 4;

function makeSeen(offset: Uint32Array): Seen {
  let most = 1;
  for (let p = 0; p + 1 < offset.length; p++) most = Math.max(most, offset[p + 1]! - offset[p]!);
  const depth = Math.max(STRAIGHT, 32 - Math.clz32(most));
  return {
    depth,
    all: new Int32Array(depth + 1),
    planes: new Int32Array(most * depth),
    contacts: new Int32Array(most),
    clinicians: 0,
    n: 0,
  };
}

/** Counts a patient's contacts with known clinicians. @returns the number of them that lie in some date's window. */
function look(seen: Seen, { offset, day, clinician }: Postings, p: number, days: DayTable): number {
  const { depth, all, planes, contacts } = seen;
  const { base, last, bits, floor } = days;
  const start = offset[p]! | 0;
  let a0 = 0; // the lowest planes of all contacts
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let clinicians = 0;
  let n = 0;
  clear(all, STRAIGHT, depth - STRAIGHT);
  for (let i = (offset[p + 1]! | 0) - 1; i >= start; i--) {
    const since = day[i]! - base;
    if (since <= floor - base) break;
    let word = bits[since < 0 ? 0 : since < last ? since : last]!;
    const one = clinician![i]!;
    if (word === 0 || one === NO_CLINICIAN) continue;
    n++;
    if (one < clinicians) {
      contacts[one]!++;
      addContact(planes, one * depth, word);
    } else {
      // Whoever was seen last is number 0: a new one is the next, but for those whom no date's window holds.
      for (; clinicians < one; clinicians++) {
        contacts[clinicians] = 0;
        clear(planes, clinicians * depth, depth);
      }
      contacts[one] = 1;
      clinicians = one + 1;
      planes[one * depth] = word;
      clear(planes, one * depth + 1, depth - 1);
    }
    let carried = a0 & word;
    a0 ^= word;
    word = a1 & carried;
    a1 ^= carried;
    carried = a2 & word;
    a2 ^= word;
    word = a3 & carried;
    a3 ^= carried;
    if (word !== 0) addPlane(all, STRAIGHT, word);
  }
  all[0] = a0;
  all[1] = a1;
  all[2] = a2;
  all[3] = a3;
  seen.clinicians = clinicians;
  return (seen.n = n);
}

/** Adds one to a count on every date of the word. */
function addContact(planes: Int32Array, from: number, word: number): void {
  let plane = planes[from]!;
  planes[from] = plane ^ word;
  word &= plane;
  plane = planes[from + 1]!;
  planes[from + 1] = plane ^ word;
  word &= plane;
  plane = planes[from + 2]!;
  planes[from + 2] = plane ^ word;
  word &= plane;
  plane = planes[from + 3]!;
  planes[from + 3] = plane ^ word;
  word &= plane;
  if (word !== 0) addPlane(planes, from + STRAIGHT, word);
}

/** The dates on which there are enough contacts, and some clinician has the share of them. */
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
    const fewest = least(seen.all, used, open);
    times(seen.all, 0, used, p, enough, used + factor);
    let held = 0;
    for (let c = 0; c < seen.clinicians && (open & ~held) !== 0; c++) {
      if (seen.contacts[c]! * q < p * fewest) continue; // not enough for any date
      times(seen.planes, c * seen.depth, used, q, scaled, used + factor);
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

/** The lowest count on any of the dates (one at least). */
function least(planes: Int32Array, used: number, dates: number): number {
  let left = dates; // those that have the lowest count, as far as the planes above tell
  let count = 0;
  for (let j = used - 1; j >= 0; j--) {
    const without = left & ~planes[j]!;
    if (without === 0) count |= 1 << j;
    else left = without;
  }
  return count;
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
