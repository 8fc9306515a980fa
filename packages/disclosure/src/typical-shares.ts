/**
 * Shares of a practice's list by the values of each key, for preflight only: round numbers in the range of the
 * 2021 census of England and Wales and of practice lists, with a part unknown as records have it.
 */

const SHARES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  sex: { female: 0.5, male: 0.497, other: 0.002, unknown: 0.001 },
  deprivation_fifth: { "1": 0.25, "2": 0.22, "3": 0.2, "4": 0.17, "5": 0.14, unknown: 0.02 },
  ethnic_group: { white: 0.71, mixed: 0.03, asian: 0.1, black: 0.05, other: 0.02, unknown: 0.09 },
};

/** People at each age are about as many up to 60 and fewer and fewer until 95. */
const LAST_EVEN_AGE = 60;
const LAST_AGE = 95;
const UNKNOWN_AGE = 0.0005;

/** Share of the list with this value; values that are not known here count alike. */
export function shareOf(key: string, value: string): number {
  if (key === "age_band") return value === "unknown" ? UNKNOWN_AGE : shareOfBand(value);
  return SHARES[key]?.[value] ?? 0.1;
}

/** "17-39", "80+" or "42". */
function shareOfBand(band: string): number {
  const [, from, to] = /^(\d+)(?:-(\d+)|\+)?$/.exec(band) ?? [];
  if (from === undefined) return 0.1;
  const first = Number(from);
  const last = to !== undefined ? Number(to) : band.endsWith("+") ? LAST_AGE : first;
  let share = 0;
  for (let age = first; age <= Math.min(last, LAST_AGE); age++) share += atAge(age);
  return share;
}

function atAge(age: number): number {
  const falling = LAST_AGE - LAST_EVEN_AGE;
  const each = 1 / (LAST_EVEN_AGE + falling / 2);
  return age <= LAST_EVEN_AGE ? each : (each * (LAST_AGE - age)) / falling;
}
