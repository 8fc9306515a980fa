/**
 * The units that a query may ask for, in one spelling each, and the conversions between them. Engines convert
 * numbers; here a unit that no reading could have is refused before anything is asked.
 */
const UNITS = [
  "mmol/mol", "%", "mmol/L", "umol/L", "nmol/L", "pmol/L", "mg/dL", "mg/mmol", "mg/L", "ug/L", "ng/L", "ng/mL", "g/L",
  "g/dL", "ug/g", "mg/g", "IU/L", "U/L", "mU/L", "IU/mL", "10*9/L", "10*12/L", "fL", "pg", "L/L", "mm/h", "kg", "g", "lb",
  "m", "cm", "in", "mm", "kg/m2", "mmHg", "/min", "mL/min", "mL/min/1.73m2", "L/min", "L", "mL", "units/week", "/day",
  "score", "ratio",
] as const; // prettier-ignore

/** Pairs of units of which either can be converted to the other. */
const CONVERTIBLE: readonly (readonly string[])[] = [
  ["mmol/mol", "%"],
  ["mmol/L", "mg/dL"],
  ["umol/L", "mg/dL"],
  ["kg", "g", "lb"],
  ["m", "cm", "in"],
];

export const UNIT_NAMES: readonly string[] = UNITS;

/** The unit in the library's spelling (`MMHG` is `mmHg`), or null where it is not one of them. */
export function unitName(written: string): string | null {
  const plain = (unit: string): string => unit.replace(/\s/g, "").replace(/[µμ]/g, "u").toLowerCase();
  return UNITS.find((unit) => plain(unit) === plain(written)) ?? null;
}

/** Whether a reading in one unit can have a number in the other. */
export function isConvertible(from: string, to: string): boolean {
  return from === to || CONVERTIBLE.some((units) => units.includes(from) && units.includes(to));
}
