import { windowBounds } from "@cairn/query-library";
import type { Postings } from "../source.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

/**
 * Usual provider of care (Breslau and Reeb 1975): the share of contacts with the clinician seen most. The window
 * slides over a patient's contacts from date to date; each contact enters once and leaves once.
 */
export const continuity: Form<ConditionOf<"continuity">> = {
  ...PLAIN,
  reads: ({ list }) => [[list, { clinician: true }]],
  holds({ list, atLeast, contacts, window }, ask) {
    const postings = ask.postings(ask.list(list));
    const { patient, offset, day } = postings;
    const { clinician, count } = denseClinicians(postings);
    const bounds = ask.dates.days.map((D) => windowBounds(window, D));
    const after = bounds.map((bound) => bound.after);
    const upTo = bounds.map((bound) => bound.upTo);
    const mask = new Int32Array(ask.people.size);
    const withClinician = new Int32Array(count); // contacts in the window, by clinician
    const having = new Int32Array(longest(offset) + 1); // how many clinicians have c contacts
    for (let p = 0; p < patient.length; p++) {
      const start = offset[p]! | 0;
      const end = offset[p + 1]! | 0;
      let from = end;
      while (from > start && day[from - 1]! > after[0]!) from--;
      if (end - from < contacts) continue;
      let to = from;
      let n = 0;
      let most = 0;
      let held = 0;
      for (let k = 0; k < after.length; k++) {
        for (; to < end && day[to]! <= upTo[k]!; to++) {
          const who = clinician[to]!;
          if (who < 0) continue;
          const c = ++withClinician[who]!;
          having[c - 1]!--;
          having[c]!++;
          if (c > most) most = c;
          n++;
        }
        for (; from < to && day[from]! <= after[k]!; from++) {
          const who = clinician[from]!;
          if (who < 0) continue;
          const c = withClinician[who]!--;
          having[c]!--;
          having[c - 1]!++;
          if (c === most && having[c] === 0) most--;
          n--;
        }
        if (n >= contacts && n > 0 && most * atLeast.q >= atLeast.p * n) held |= 1 << k;
      }
      for (; from < to; from++) if (clinician[from]! >= 0) withClinician[clinician[from]!] = 0;
      having.fill(0, 0, most + 1);
      mask[patient[p]!] = held;
    }
    return mask;
  },
};

function longest(offset: Uint32Array): number {
  let most = 0;
  for (let p = 0; p + 1 < offset.length; p++) most = Math.max(most, offset[p + 1]! - offset[p]!);
  return most;
}

const MOST_DIRECT = 1 << 16;

/** Clinicians as small integers. A store's keys are small already; others are renumbered. */
function denseClinicians({ clinician }: Postings): {
  readonly clinician: Int32Array;
  readonly count: number;
} {
  let greatest = -1;
  for (const who of clinician!) if (who > greatest) greatest = who;
  if (greatest < MOST_DIRECT) return { clinician: clinician!, count: greatest + 1 };
  const numbers = new Map<number, number>();
  const dense = clinician!.map((who) => {
    if (who < 0) return -1;
    if (!numbers.has(who)) numbers.set(who, numbers.size);
    return numbers.get(who)!;
  });
  return { clinician: dense, count: numbers.size };
}
