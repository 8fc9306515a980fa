/** Invented postcodes, of an area that does not exist, and how deprived they are: formats carry them in place of a fifth. */
import type { Person } from "./population/person.js";

const STREETS = 40;
const FIFTHS = [1, 2, 3, 4, 5];

/** The postcode of where a person lives; empty where that is not known. */
export function postcodeOf({ fifth, number }: Person): string {
  return fifth === null ? "" : postcode(fifth, number % STREETS);
}

/** The table of deprivation that goes with the invented postcodes, as CSV. */
export function deprivationTable(): string {
  const rows = FIFTHS.flatMap((fifth) =>
    Array.from({ length: STREETS }, (_, street) => `${postcode(fifth, street)},${fifth}\n`),
  );
  return ["postcode,imd_quintile\n", ...rows].join("");
}

function postcode(fifth: number, street: number): string {
  return `ZY${fifth} ${street % 10}${"ABDE"[Math.floor(street / 10)]}A`;
}
