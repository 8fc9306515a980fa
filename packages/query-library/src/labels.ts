/**
 * The names of the rows of a query's table. A row that the query's population cannot hold has no name and is left
 * out.
 */
import { demographicsOf, type Demographics } from "./population.js";
import type { Cell, Query } from "./query.js";

/** Names by position of `cells`: "65-74", "sex not known", "18-39, female"; null for a row that nobody can be in. */
export function labelsOf(query: Query, cells: readonly Cell[]): (string | null)[] {
  const who = demographicsOf(query);
  return cells.map((cell) => {
    const parts = Object.entries(cell).map(([key, value]) => labelOf(who, key, value));
    if (parts.some((part) => part === null)) return null;
    return parts.length === 0 ? "Everyone" : parts.join(", ");
  });
}

function labelOf(who: Demographics, key: string, value: string): string | null {
  switch (key) {
    case "age_band":
      return bandLabel(who.age, value);
    case "sex":
      if (who.sex !== null && who.sex !== value) return null;
      return value === "unknown" ? "sex not known" : value === "other" ? "other sex" : value;
    case "deprivation_fifth":
      return fifthLabel(who.deprivationFifth, value);
    case "ethnic_group":
      if (value === "unknown") return "ethnic group not known";
      return value === "other" ? "other ethnic group" : value;
    default:
      return value;
  }
}

/** The label of a band, cut to the ages that the population has: "0-74" of people over 65 is "65-74". */
function bandLabel(age: Demographics["age"], band: string): string | null {
  if (band === "unknown") return age === null ? "age not known" : null;
  const ages = cut(age, band);
  if (ages === null) return null;
  const { from, to } = ages;
  if (to === Infinity) return `${from}+`;
  return from === to ? `${from}` : `${from}-${to}`;
}

/** Ages in completed years, both ends included; Infinity where a band is open. */
export interface AgeRange {
  readonly from: number;
  readonly to: number;
}

/** The ages of a row that its population can hold; null where it is of no band of ages, or of one that nobody can be in. */
export function agesOf(query: Query, cell: Cell): AgeRange | null {
  const band = cell["age_band"];
  return band === undefined || band === "unknown" ? null : cut(demographicsOf(query).age, band);
}

function cut(age: Demographics["age"], band: string): AgeRange | null {
  const [first, last] = endsOf(band);
  const [from, to] = [Math.max(first, age?.from ?? 0), Math.min(last, age?.to ?? Infinity)];
  return from > to ? null : { from, to };
}

/** The ages of a band as the query library names it: "0-16", "80+", "40". Both ends are included. */
export function endsOf(band: string): [number, number] {
  if (band.endsWith("+")) return [Number(band.slice(0, -1)), Infinity];
  const [from, to] = band.split("-").map(Number) as [number, number?];
  return [from, to ?? from];
}

function fifthLabel(asked: Demographics["deprivationFifth"], fifth: string): string | null {
  if (fifth === "unknown") return asked === null ? "deprivation not known" : null;
  if (asked !== null && (Number(fifth) < asked.from || Number(fifth) > asked.to)) return null;
  return `fifth ${fifth}`;
}
