/**
 * Shares of a practice's list by the values of each key, for preflight only: round numbers in the range of the
 * 2021 census of England and Wales and of practice lists, with a part unknown as records have it.
 */

const SHARES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  sex: { female: 0.5, male: 0.497, other: 0.002, unknown: 0.001 },
  deprivation_fifth: { "1": 0.25, "2": 0.22, "3": 0.2, "4": 0.17, "5": 0.14, unknown: 0.02 },
  ethnic_group: { white: 0.71, mixed: 0.03, asian: 0.1, black: 0.05, other: 0.02, unknown: 0.09 },
};

/** The oldest age up to which each year of age has about as many people; from there the numbers fall until 95. */
const LAST_EVEN_AGE = 60;
const LAST_AGE = 95;
const UNKNOWN_AGE = 0.0005;

/** The people whom a query can ask about: ages in years, ends included, and one sex; null where it does not say. */
export interface DemographicLimits {
  readonly ages: readonly [from: number, to: number] | null;
  readonly sex: string | null;
}

/** Share of a practice's list whom such a query can ask about, 0 to 1. */
export function shareOfWho({ ages, sex }: DemographicLimits): number {
  return (ages ? shareOfAges(ages[0], ages[1]) : 1) * (sex ? shareOf("sex", sex) : 1);
}

/** Share of the people asked about who have this value, 0 to 1; values without a known share count alike. */
export function shareOf(
  key: string,
  value: string,
  who: DemographicLimits = { ages: null, sex: null },
): number {
  if (key === "sex" && who.sex !== null && value !== who.sex) return 0;
  if (key !== "age_band") return SHARES[key]?.[value] ?? 0.1;
  if (value === "unknown") return who.ages ? 0 : UNKNOWN_AGE;
  const [from, to] = agesOf(value);
  const [least, most] = who.ages ?? [0, LAST_AGE];
  return shareOfAges(Math.max(from, least), Math.min(to, most));
}

/** The ages of a band such as "17-39", "80+" or "42". */
function agesOf(band: string): [from: number, to: number] {
  const [, from = "0", to] = /^(\d+)(?:-(\d+)|\+)?$/.exec(band) ?? [];
  return [Number(from), to !== undefined ? Number(to) : band.endsWith("+") ? LAST_AGE : Number(from)];
}

function shareOfAges(from: number, to: number): number {
  let share = 0;
  for (let age = from; age <= Math.min(to, LAST_AGE); age++) share += atAge(age);
  return share;
}

function atAge(age: number): number {
  const falling = LAST_AGE - LAST_EVEN_AGE;
  const each = 1 / (LAST_EVEN_AGE + falling / 2);
  return age <= LAST_EVEN_AGE ? each : (each * (LAST_AGE - age)) / falling;
}
