import type { Fact } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import { SHAPE_OF_COMPARATOR } from "../limits.js";
import { isLower, pickOfDay, reader, startOfDay, type Reader } from "../readings.js";
import { bitsOn, type DayTable } from "../reference-dates.js";
import type { Postings } from "@cairn/tables";
import { RunsBuilder, type Runs } from "../runs.js";

type ValueFact = Extract<Fact, { form: "value" }>;

/** The latest, highest, lowest or mean reading in the window. */
export function valueRuns(fact: ValueFact, ask: FormContext): Runs {
  const list = ask.list(fact.list);
  const postings = ask.postings(list);
  const read = reader(postings, list, fact.reading);
  const window = ask.window(fact.window);
  if (fact.which === "latest") return latestRuns(fact, ask, postings, read, window);
  if (fact.which === "mean") return meanRuns(ask, postings, read, window);
  return extremeRuns(fact.which === "lowest", ask, postings, read, window);
}

/** Newest day first: the first day with a reading that a date's window holds is that date's. */
function latestRuns(
  fact: ValueFact,
  ask: FormContext,
  postings: Postings,
  read: Reader,
  window: DayTable,
): Runs {
  const { patient, offset, day } = postings;
  const comparator = postings.comparator!;
  const lowest = fact.sameDay !== "highest";
  const runs = new RunsBuilder(patient.length);
  for (let p = 0; p < patient.length; p++) {
    const start = offset[p]! | 0;
    let open = ask.among[patient[p]!]!;
    for (let i = (offset[p + 1]! | 0) - 1; i >= start && open !== 0; i--) {
      const d = day[i]!;
      if (d <= window.floor) break;
      const bits = bitsOn(window, d) & open;
      if (bits === 0) continue;
      const first = startOfDay(day, start, i);
      const best = pickOfDay(read, comparator, first, i, lowest);
      i = first;
      if (best < 0) continue;
      open &= ~bits;
      runs.add(patient[p]!, bits, read(best), SHAPE_OF_COMPARATOR[comparator[best]!]!);
    }
  }
  return runs.done();
}

/** The readings of one patient that some date can see, in order of entry. Reused from patient to patient. */
class Seen {
  length = 0;
  readonly bits: number[] = [];
  readonly value: number[] = [];
  readonly comparator: number[] = [];

  gather(postings: Postings, p: number, read: Reader, window: DayTable): void {
    this.length = 0;
    const start = postings.offset[p]! | 0;
    for (let i = (postings.offset[p + 1]! | 0) - 1; i >= start; i--) {
      const d = postings.day[i]!;
      if (d <= window.floor) break;
      const bits = bitsOn(window, d);
      const x = bits === 0 ? NaN : read(i);
      if (x === x) this.insert(this.length++, bits, x, postings.comparator![i]!);
    }
  }

  /** Sorts lowest (or highest) first, by insertion, since a patient has few readings. */
  sort(lowest: boolean): void {
    for (let i = 1; i < this.length; i++) {
      const bits = this.bits[i]!;
      const x = this.value[i]!;
      const comparator = this.comparator[i]!;
      let j = i;
      for (; j > 0 && this.#precedes(x, comparator, j - 1, lowest); j--) {
        this.insert(j, this.bits[j - 1]!, this.value[j - 1]!, this.comparator[j - 1]!);
      }
      this.insert(j, bits, x, comparator);
    }
  }

  insert(i: number, bits: number, value: number, comparator: number): void {
    this.bits[i] = bits;
    this.value[i] = value;
    this.comparator[i] = comparator;
  }

  #precedes(x: number, comparator: number, j: number, lowest: boolean): boolean {
    return lowest
      ? isLower(x, comparator, this.value[j]!, this.comparator[j]!)
      : isLower(this.value[j]!, this.comparator[j]!, x, comparator);
  }
}

/** Best reading first: the first that a date's window holds is that date's. */
function extremeRuns(
  lowest: boolean,
  ask: FormContext,
  postings: Postings,
  read: Reader,
  window: DayTable,
): Runs {
  const seen = new Seen();
  const runs = new RunsBuilder(postings.patient.length);
  for (let p = 0; p < postings.patient.length; p++) {
    let open = ask.among[postings.patient[p]!]!;
    if (open === 0) continue;
    seen.gather(postings, p, read, window);
    seen.sort(lowest);
    for (let i = 0; i < seen.length && open !== 0; i++) {
      const bits = seen.bits[i]! & open;
      if (bits === 0) continue;
      open &= ~bits;
      runs.add(postings.patient[p]!, bits, seen.value[i]!, SHAPE_OF_COMPARATOR[seen.comparator[i]!]!);
    }
  }
  return runs.done();
}

/** Sums of readings in millionths, so that adding is exact and comparing with n times a limit never rounds. */
function meanRuns(ask: FormContext, postings: Postings, read: Reader, window: DayTable): Runs {
  const seen = new Seen();
  const runs = new RunsBuilder(postings.patient.length);
  const counts: number[] = [];
  for (let p = 0; p < postings.patient.length; p++) {
    if (ask.among[postings.patient[p]!] === 0) continue;
    seen.gather(postings, p, read, window);
    for (let k = 0; k < ask.dates.count && seen.length > 0; k++) {
      let n = 0;
      let sum = 0;
      let shape = 0;
      for (let i = 0; i < seen.length; i++) {
        if ((seen.bits[i]! & (1 << k)) === 0) continue;
        n++;
        sum += Math.round(seen.value[i]! * 1e6);
        shape |= SHAPE_OF_COMPARATOR[seen.comparator[i]!]!;
      }
      if (n === 0) continue;
      counts.push(n);
      runs.add(postings.patient[p]!, 1 << k, sum, shape);
    }
  }
  return runs.done(counts);
}
