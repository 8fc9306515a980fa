/** One invented person: who they are, when they were on the list, and what illnesses they have. */
import { addYears, YEAR } from "../days.js";
import type { Profile } from "../profile.js";
import type { RandomStream } from "../random.js";
import type { Condition } from "./conditions.js";
import { CONDITIONS, drawConditions, positionOf } from "./conditions.js";

export const SEXES = ["female", "male", "other", "unknown"] as const;
export const ETHNIC_GROUPS = ["white", "mixed", "asian", "black", "other"] as const;

export interface Registration {
  readonly start: number;
  readonly end: number | null;
}

export interface Person {
  readonly id: string;
  readonly number: number;
  readonly sex: (typeof SEXES)[number];
  readonly birth: number;
  readonly birthKnownTo: "day" | "month";
  readonly death: number | null;
  readonly fifth: number | null;
  readonly ethnicGroup: (typeof ETHNIC_GROUPS)[number] | null;
  readonly registrations: readonly Registration[];
  /**
   * The day on which each condition was found, by position in `CONDITIONS`; null where the person does not have it.
   */
  readonly found: readonly (number | null)[];
  readonly smoking: "smoker" | "ex-smoker" | "never-smoked";
  readonly frailty: number;
  /** How readily this person comes when asked, standard normal. */
  readonly willing: number;
  readonly usualDoctor: number; // position in the practice's clinicians, from 1
}

export interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * Shares of the population of England by five years of age, ages 0 to 94 (ONS mid-year estimates for 2022,
 * rounded), and the share of women in each.
 */
const AGES = [5.3, 5.8, 6.0, 5.8, 6.1, 6.6, 7.1, 6.8, 6.6, 6.1, 6.8, 6.8, 5.9, 4.9, 4.5, 4.1, 2.5, 1.6, 1.0];
const WOMEN = [0.488, 0.488, 0.488, 0.487, 0.492, 0.5, 0.506, 0.507, 0.505, 0.504, 0.505, 0.506, 0.507, 0.511, 0.515, 0.525, 0.545, 0.585, 0.66]; // prettier-ignore

export function drawPerson(number: number, profile: Profile, span: Span, random: RandomStream): Person {
  const fate = random.weighted([0.6, 0.07, 0.33]); // still here, died here, moved away
  const last = fate === 0 ? span.until : span.from + random.below(span.until - span.from);
  const age =
    fate === 1 ? ageAtDeath(random) : drawAge(fate === 2 ? profile.ageTilt - 0.25 : profile.ageTilt, random);
  const birth = last - Math.floor(age * YEAR) - (age === 0 ? random.below(180) : 0);
  const female = random.chance(WOMEN[Math.min(18, Math.floor(age / 5))] ?? 0.5);
  const fifth = random.weighted(profile.deprivation) + 1;
  const smoking = drawSmoking(age, fifth, random);
  const frailty = random.normal() + (fate === 1 ? 1.2 : 0); // who dies was seldom well
  const years = new Float64Array(CONDITIONS.length);
  drawConditions(
    { age, female, fifth, smoker: smoking !== "never-smoked", frailty, morbidity: profile.morbidity },
    random,
    years,
  );
  const rare = random.unit();
  return {
    id: `${profile.code}-${String(number + 1).padStart(6, "0")}`,
    number,
    sex: rare < 0.0008 ? "other" : rare < 0.0014 ? "unknown" : female ? "female" : "male",
    birth,
    birthKnownTo: random.chance(0.01) ? "month" : "day",
    death: fate === 1 ? last : null,
    fifth: random.chance(0.012) ? null : fifth,
    ethnicGroup: random.chance(profile.ethnicityUnknown)
      ? null
      : (ETHNIC_GROUPS[random.weighted(profile.ethnicity)] ?? null),
    registrations: drawRegistrations(birth, last, fate, span, random),
    found: Array.from(years, (since) =>
      since < 0 ? null : Math.max(birth, last - Math.floor(since * YEAR)),
    ),
    smoking,
    frailty,
    willing: random.normal(),
    usualDoctor: 1 + random.below(profile.doctors),
  };
}

export function foundOn(person: Person, condition: Condition): number | null {
  return person.found[positionOf(condition)] ?? null;
}

/** Age in years, fractions included. `tilt` above 0 makes a list older. */
function drawAge(tilt: number, random: RandomStream): number {
  const band = random.weighted(AGES.map((share, i) => share * Math.exp((tilt * (i * 5 - 40)) / 25)));
  return band === 18 ? 90 + Math.min(14, random.exponential(3)) : band * 5 + 5 * random.unit();
}

/** Draws an age at death: most people who die on a practice's list are old. */
function ageAtDeath(random: RandomStream): number {
  if (random.chance(0.06)) return 20 + 45 * random.unit();
  return Math.min(104, Math.max(30, 81 + 11 * random.normal()));
}

/** Draws smoking: about 14 % of adults smoke as practices record it, and 25 % have smoked; more where deprived. */
function drawSmoking(age: number, fifth: number, random: RandomStream): Person["smoking"] {
  const chance = random.unit();
  if (age < 14) return "never-smoked";
  const smoker = 0.152 + 0.035 * (3 - fifth) - (age > 65 ? 0.05 : 0);
  const past = age < 30 ? 0.08 : age < 60 ? 0.235 : 0.355;
  return chance < smoker ? "smoker" : chance < smoker + past ? "ex-smoker" : "never-smoked";
}

/**
 * Draws registrations so that as many people join as leave: a few for some years, most for decades. Someone still
 * here has been drawn from a list on which the long-staying are over-represented. One in thirty left and came back.
 */
function drawRegistrations(
  birth: number,
  last: number,
  fate: number,
  span: Span,
  random: RandomStream,
): Registration[] {
  const short = random.chance(fate === 2 ? 0.4 : 0.05);
  const stay = Math.floor(random.exponential((short ? 3.5 : 27) * YEAR)) + (fate === 2 ? 60 : 0);
  const start = last - stay <= birth ? birth + Math.min(last - birth, random.below(40)) : last - stay;
  const end = fate === 0 ? null : last;
  const away = last - start;
  if (!random.chance(0.035) || away < 5 * 365) return [{ start, end }];
  const left = start + 400 + random.below(away - 1200);
  const back = left + 60 + random.below(Math.min(700, last - left - 120));
  return [
    { start, end: Math.min(left, span.until) },
    { start: back, end },
  ];
}

/** Age in completed years. */
export function ageOn(person: Person, day: number): number {
  const years = Math.floor((day - person.birth) / YEAR);
  return addYears(person.birth, years + 1) <= day
    ? years + 1
    : addYears(person.birth, years) > day
      ? years - 1
      : years;
}
