/**
 * The writer of one patient's record: it knows the days on which the patient was on the list, the habits of the
 * practice, and how entries look in this practice in that year.
 */
import type { Concept } from "../concepts.js";
import { concept } from "../concepts.js";
import { dayOf, workingDay, YEAR, yearOf } from "../days.js";
import type { Events, Unit } from "../events.js";
import { UNITS } from "../events.js";
import type { Condition } from "../population/conditions.js";
import type { Person, Span } from "../population/person.js";
import { ageOn, foundOn } from "../population/person.js";
import type { Profile, Theme } from "../profile.js";
import type { RandomStream } from "../random.js";
import { logistic, logit } from "../random.js";

/** The share of a life that is written down, so that a small budget of events still answers every kind of query. */
export interface Detail {
  /** Repeat prescribing, routine contacts and measurements are written from this day; diagnoses from the span's start. */
  readonly from: number;
  readonly issueEvery: number; // days
  readonly contacts: number; // share of routine contacts that are written
  readonly tests: number; // share of incidental tests that are written
}

/** March 2020 to June 2021: routine care fell away. */
const PAUSE_FROM = dayOf(2020, 3, 20);
const PAUSE_UNTIL = dayOf(2021, 6, 30);

export class Story {
  readonly person: Person;
  readonly profile: Profile;
  readonly span: Span;
  readonly detail: Detail;
  readonly random: RandomStream;
  readonly events: Events;

  constructor(
    person: Person,
    profile: Profile,
    span: Span,
    detail: Detail,
    random: RandomStream,
    events: Events,
  ) {
    this.person = person;
    this.profile = profile;
    this.span = span;
    this.detail = detail;
    this.random = random;
    this.events = events;
  }

  /** The patient's stretches on the list within the span; both ends included. */
  stays(from = this.span.from): Span[] {
    const last = Math.min(this.span.until, this.person.death ?? this.span.until);
    return this.person.registrations
      .map((each) => ({ from: Math.max(each.start, from), until: Math.min(each.end ?? last, last) }))
      .filter((each) => each.from <= each.until);
  }

  present(day: number): boolean {
    if (day < this.span.from || day > this.span.until || (this.person.death ?? day) < day) return false;
    return this.person.registrations.some((each) => each.start <= day && (each.end ?? day) >= day);
  }

  age(day: number): number {
    return ageOn(this.person, day);
  }

  /** The day a condition was found, where the person has it and it was found by `day`. */
  has(condition: Condition, day: number): boolean {
    const found = foundOn(this.person, condition);
    return found !== null && found <= day;
  }

  /** The quality of this practice in that part of care in that year, on the logit scale. */
  skill(theme: Theme, day: number): number {
    const { level, drift } = this.profile.quality[theme];
    return level + (drift * (day - this.span.until)) / YEAR;
  }

  /** The chance `usual`, moved by the practice's skill, by the patient (`shift`, logit) and by the pandemic. */
  chance(theme: Theme, usual: number, day: number, shift = 0.5 * this.person.willing): number {
    const paused = day > PAUSE_FROM && day < PAUSE_UNTIL ? -0.9 : 0;
    return logistic(logit(usual) + this.skill(theme, day) + shift + paused);
  }

  doctor(): number {
    if (this.random.chance(this.profile.continuity)) return this.person.usualDoctor;
    return 1 + this.random.below(this.profile.doctors);
  }

  nurse(): number {
    return 1 + this.profile.doctors + this.random.below(this.profile.nurses);
  }

  /** Writes a coded entry, on a day when the practice is open; nothing where the patient was not on the list. */
  write(day: number, name: string, clinician = 0): number {
    const open = workingDay(day);
    if (!this.present(open)) return -1;
    const what = concept(name);
    return this.events.add(open, this.codeFor(what, open), clinician);
  }

  /** Writes a reading. `decimals` is the precision of the practice's laboratory or nurse. */
  measure(day: number, name: string, value: number, decimals: number, unit: Unit, clinician = 0): number {
    const at = this.write(day, name, clinician);
    if (at < 0) return at;
    const { events, random, profile } = this;
    const odd = random.unit();
    events.value[at] = Math.round(value * 10 ** decimals);
    events.decimals[at] = decimals;
    events.unit[at] = random.chance(profile.unitMissing) ? 0 : UNITS.indexOf(unit);
    if (odd < 0.0008)
      events.value[at] = Math.round(value * 10 ** decimals) * 10; // a digit too many
    else if (odd < 0.0012) events.value[at] = 0;
    else if (odd < 0.0016) events.unit[at] = UNITS.indexOf(unit === "kg" ? "cm" : "%"); // the wrong unit picked
    return at;
  }

  /** Writes an issue of a medicine, in units of the product. */
  issue(day: number, name: string, quantity: number, product = 0): void {
    const open = workingDay(day);
    if (!this.present(open)) return;
    const codes = concept(name).current;
    const at = this.events.add(
      open,
      codes[product % codes.length] ?? 0,
      this.random.chance(0.8) ? this.doctor() : 0,
    );
    this.events.quantity[at] = quantity;
  }

  /** The code of a concept that this practice would have used on that day. */
  codeFor(what: Concept, day: number): number {
    const old = this.profile.legacySystem === "read2" ? what.read2 : what.ctv3;
    if (old.length > 0 && this.random.chance(this.legacyShare(day, what.kind === "condition"))) {
      return old[this.random.chance(0.8) ? 0 : this.random.below(old.length)] ?? 0;
    }
    const { current } = what;
    if (current.length === 1 || this.random.chance(this.profile.usualCode)) return current[0] ?? 0;
    return current[1 + this.random.below(current.length - 1)] ?? 0;
  }

  /** Share of old codes. Diagnoses were carried over into SNOMED CT with care, everything else as it was. */
  private legacyShare(day: number, diagnosis: boolean): number {
    const { legacyBefore, legacyStill } = this.profile;
    const year = yearOf(day);
    const share = year < 2018 ? legacyBefore : Math.max(legacyStill, legacyBefore * 0.4 ** (year - 2017));
    return diagnosis ? share * 0.06 : share;
  }
}

/** A day of the financial year that begins on 1 April of `year`, crowded towards its end as in most practices. */
export function qofDay(year: number, story: Story): number {
  const { random, profile, person } = story;
  const from = dayOf(year, 4, 1);
  if (profile.recall === "birth-month" && random.chance(0.65)) {
    const birthday = (((person.birth - from) % 365) + 365) % 365;
    return from + Math.min(364, Math.max(0, birthday + random.between(-20, 25)));
  }
  return from + (random.chance(0.52) ? random.between(265, 362) : random.between(0, 264));
}
