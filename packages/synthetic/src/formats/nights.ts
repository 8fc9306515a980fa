/**
 * Tells a practice night by night: a bulk extract, then a delta for each night, which holds what changed since the one
 * before. Told to the end, the deltas leave the records that one bulk extract of the last day has.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CODES } from "../concepts.js";
import { textOf } from "../days.js";
import type { Events } from "../events.js";
import type { Change, Entry, FormatWriter, NightWriter, OpenNight, PracticeContext } from "./format.js";
import type { Person } from "../population/person.js";
import { RandomStream } from "../random.js";
import { CHOICES } from "../story/choices.js";

/** Shares of people of whom a night tells something odd. */
const AWAY = 0.02; // leave the scope of the extract, and are back some nights later
const TWICE = 0.02; // have two records, which become one
const BELIEVED_DEAD = 0.02; // are said to have died, and did not
const LEAVERS = 0.01; // leave the scope of the extract for good
/** Shares of entries. */
const LATE = 0.05; // of those of the last month: entered after their day
const CORRECTED = 0.004;
const DELETED = 0.002; // entered by mistake

/** Concepts that a format may tell in pairs: of these, only a number is ever told wrong. */
const PAIRED: ReadonlySet<string> = new Set(["systolic-bp", "diastolic-bp"]);

const EVER = Infinity;

/** Something that extracts tell from one night up to another, which no longer does. Night 0 is the bulk. */
interface Stretch {
  readonly from: number;
  readonly until: number;
}
interface Telling extends Stretch {
  readonly entry: Entry;
}
/** One record of a person: merged people had two. */
interface Chart {
  readonly person: Person;
  readonly here: readonly Stretch[];
  readonly deadBetween: Stretch | null;
  readonly tellings: readonly Telling[];
}

/** Writes one folder a night, `2025-03-21` and so on, by the last day for which it is complete. */
export class Nights implements FormatWriter {
  private readonly days: readonly number[];
  private readonly writers: readonly NightWriter[];
  private readonly seed: string;
  private readonly told: PracticeContext;

  constructor(
    open: OpenNight,
    out: string,
    gzip: boolean,
    told: PracticeContext,
    deltas: number,
    seed: string,
  ) {
    this.seed = seed;
    this.told = told;
    this.days = Array.from({ length: deltas + 1 }, (_, night) => told.span.until - deltas + night);
    this.writers = this.days.map((until, number) => {
      const folder = join(out, textOf(until));
      mkdirSync(folder, { recursive: true });
      return open(folder, gzip, told, { number, until });
    });
  }

  /** Number of people, beside those of the last day, whom earlier extracts tell of. */
  static leaversOf(patients: number): number {
    return Math.ceil(patients * LEAVERS);
  }

  async patient(person: Person, events: Events, order: Uint32Array): Promise<void> {
    const random = this.stream(person);
    const tellings = this.tellingsOf(person, events, order, random);
    const [odd, one, other] = [random.weighted([AWAY, TWICE, BELIEVED_DEAD, 1]), this.night(random), this.night(random)];
    const [first, second] = [Math.min(one, other), Math.max(one, other)];
    const whole = { person, here: [{ from: 0, until: EVER }], deadBetween: null, tellings };
    if (odd === 0 && first < second)
      return this.write([{ ...whole, here: [{ from: 0, until: first }, { from: second, until: EVER }] }], events);
    if (odd === 1) return this.write(twoCharts(whole, first, random), events);
    if (odd === 2 && first < second && livesHere(person))
      return this.write([{ ...whole, deadBetween: { from: first, until: second } }], events);
    return this.write([whole], events);
  } // prettier-ignore

  /** Writes a person who leaves the scope of the extracts before the last of them. */
  async leaver(person: Person, events: Events, order: Uint32Array): Promise<void> {
    const random = this.stream(person);
    const here = [{ from: 0, until: this.night(random) }];
    const tellings = this.tellingsOf(person, events, order, random);
    return this.write([{ person, here, deadBetween: null, tellings }], events);
  }

  async close(): Promise<void> {
    for (const writer of this.writers) await writer.close();
  }

  private stream(person: Person): RandomStream {
    return new RandomStream(this.seed, this.told.profile.name, "nights", person.number);
  }

  /** A night after the bulk. */
  private night(random: RandomStream): number {
    return 1 + random.below(this.days.length - 1);
  }

  private tellingsOf(person: Person, events: Events, order: Uint32Array, random: RandomStream): Telling[] {
    const bulk = this.days[0] ?? 0;
    const last = this.days.length - 1;
    const tellings: Telling[] = [];
    for (const at of order) {
      const day = events.day[at] ?? 0;
      let from = Math.max(0, day - bulk);
      if (day > bulk - 30 && random.chance(LATE)) from = Math.min(last, from + 1 + random.below(3));
      const entry = { id: entryId(person, at), at };
      const change = from + 1 + random.below(Math.max(1, last - from));
      const concept = CODES[events.code[at] ?? 0]?.concept ?? "";
      const fate = CHOICES.has(concept) ? -1 : random.weighted([CORRECTED, PAIRED.has(concept) ? 0 : DELETED, 1]);
      if (fate === 0 && change <= last) {
        tellings.push({ entry: { id: entry.id, at: mistaken(events, at, this.told.span.from, random) }, from, until: change });
        from = change;
      } else if (fate === 1 && change <= last) {
        const mistake = { id: `${entry.id}-mistake`, at: mistaken(events, at, this.told.span.from, random) };
        tellings.push({ entry: mistake, from, until: change });
      }
      tellings.push({ entry, from, until: EVER });
    }
    return tellings;
  } // prettier-ignore

  private async write(charts: readonly Chart[], events: Events): Promise<void> {
    for (const [night, writer] of this.writers.entries()) {
      const elsewhere = new Set<string>();
      for (const { tellings } of charts)
        for (const { entry, from } of tellings) if (from === night) elsewhere.add(entry.id);
      for (const chart of charts) {
        const change = this.changeOf(chart, night, elsewhere);
        if (change !== null) await writer.write(change, events);
      }
    }
  }

  /** What one night tells of a record; null for nothing. `toldNow`: the entries that it tells anew. */
  private changeOf(chart: Chart, night: number, toldNow: ReadonlySet<string>): Change | null {
    const [now, before] = [this.personOn(chart, night), night === 0 ? null : this.personOn(chart, night - 1)];
    if (now === null)
      return before === null ? null : { person: before, own: "gone", put: [], gone: [] };
    const isNew = before === null;
    const put = chart.tellings.filter(({ from, until }) => (isNew ? from <= night && night < until : from === night));
    const over = isNew ? [] : chart.tellings.filter(({ entry, until }) => until === night && !toldNow.has(entry.id));
    const own = isNew || factsOf(now) !== factsOf(before) ? "put" : null;
    if (own === null && put.length + over.length === 0) return null;
    return { person: now, own, put: put.map(({ entry }) => entry), gone: over.map(({ entry }) => entry) };
  } // prettier-ignore

  /** A person as they are known on a night; null where the extract does not hold them. */
  private personOn(chart: Chart, night: number): Person | null {
    const { person, deadBetween } = chart;
    const day = this.days[night] ?? 0;
    if (!chart.here.some((stretch) => isIn(stretch, night))) return null;
    const registrations = person.registrations
      .filter(({ start }) => start <= day)
      .map(({ start, end }) => ({ start, end: end !== null && end > day ? null : end }));
    if (registrations.length === 0) return null;
    const death = person.death !== null && person.death > day ? null : person.death;
    if (deadBetween === null || !isIn(deadBetween, night)) return { ...person, death, registrations };
    const died = this.days[deadBetween.from] ?? 0;
    return {
      ...person,
      death: died,
      registrations: registrations.map(({ start, end }) => ({ start, end: end ?? died })),
    };
  }
}

/** The id of an entry: the same in each extract that tells of it. */
export function entryId(person: Person, at: number): string {
  return `${person.id}-${at}`;
}

function isIn({ from, until }: Stretch, night: number): boolean {
  return from <= night && night < until;
}

function livesHere({ death, registrations }: Person): boolean {
  return death === null && registrations.at(-1)?.end === null;
}

function factsOf({ death, registrations }: Person): string {
  return JSON.stringify([death, registrations]);
}

/** The record, and a second one of the same person, that held some of its entries until they were merged. */
function twoCharts(whole: Chart, night: number, random: RandomStream): Chart[] {
  const [own, others]: [Telling[], Telling[]] = [[], []];
  for (const telling of whole.tellings) {
    if (telling.from >= night || !random.chance(0.3)) own.push(telling);
    else {
      others.push({ ...telling, until: Math.min(telling.until, night) });
      if (telling.until > night) own.push({ ...telling, from: night });
    }
  }
  const second = {
    person: { ...whole.person, id: `${whole.person.id}-second` },
    here: [{ from: 0, until: night }],
    deadBetween: null,
    tellings: others,
  };
  return [{ ...whole, tellings: own }, second];
}

/** Adds an entry like another one with one thing wrong in it. @returns its place */
function mistaken(events: Events, at: number, firstDay: number, random: RandomStream): number {
  const day = events.day[at] ?? 0;
  const code = CODES[events.code[at] ?? 0];
  const what = PAIRED.has(code?.concept ?? "") ? 2 : random.below(3);
  const wrongDay = what === 0 && day > firstDay ? day - 1 : day;
  const others = CODES.filter(
    ({ kind, system, concept }) =>
      kind === code?.kind && system === code.system && !PAIRED.has(concept) && !CHOICES.has(concept),
  );
  const wrongCode = what === 1 ? random.pick(others).index : (events.code[at] ?? 0);
  const copy = events.add(wrongDay, wrongCode, events.clinician[at] ?? 0);
  for (const name of ["value", "decimals", "unit", "comparator", "quantity"] as const)
    events[name][copy] = events[name][at] ?? 0;
  if (what === 2 && events.hasValue(at)) events.value[copy] = (events.value[at] ?? 0) + 1;
  return copy;
}
