/** The European Standard Population of 2013. */

/**
 * People of 100,000 in each group of five years from 0-4 to 90-94, then of 95 and over, men and women alike (Eurostat,
 * Revision of the European Standard Population, 2013; the groups under one year, 1,000, and of 1 to 4, 4,000, as one).
 * Checked group by group against the published table: test/standard-population.test.ts holds it.
 */
const GROUPS: readonly number[] = [
  ...[5_000, 5_500, 5_500, 5_500, 6_000, 6_000, 6_500, 7_000, 7_000, 7_000],
  ...[7_000, 6_500, 6_000, 5_500, 5_000, 4_000, 2_500, 1_500, 800, 200],
];
const YEARS = 5;
const OPEN_FROM = YEARS * (GROUPS.length - 1);

/**
 * Returns the people of 100,000 of the European Standard Population of 2013 from one age to another, both included; null
 * where a band ends inside of the open group of 95 and over. A band that cuts a group has an equal part of it for each year.
 * @param to Infinity for an open band
 */
export function europeanStandardPopulation(from: number, to: number): number | null {
  if (from > OPEN_FROM || (to >= OPEN_FROM && to !== Infinity)) return null;
  return GROUPS.reduce((people, group, i) => {
    const first = i * YEARS;
    if (first === OPEN_FROM) return to === Infinity ? people + group : people;
    const years = Math.min(to, first + YEARS - 1) - Math.max(from, first) + 1;
    return people + (Math.max(0, years) / YEARS) * group;
  }, 0);
}
