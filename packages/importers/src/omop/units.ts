/** Units as concepts of the CDM. */

/**
 * The units that a query can ask for, by the standard concepts that OHDSI's vocabulary UCUM has for them, and those
 * that are the same number of another (a thousand per microliter is 10*9/L). Read off the vocabulary of 2022.
 */
const UNITS: ReadonlyMap<string, string> = new Map([
  ["9579", "mmol/mol"], ["8554", "%"], ["8737", "%"], ["9225", "%"], ["8753", "mmol/L"], ["8749", "umol/L"],
  ["8736", "nmol/L"], ["8729", "pmol/L"], ["8840", "mg/dL"], ["44777612", "mg/mmol"], ["9075", "mg/mmol"],
  ["8751", "mg/L"], ["8859", "mg/L"], ["8748", "ug/L"], ["8725", "ng/L"], ["8845", "ng/L"], ["8842", "ng/mL"],
  ["8636", "g/L"], ["8861", "g/L"], ["8713", "g/dL"], ["8720", "ug/g"], ["9014", "ug/g"], ["8723", "mg/g"],
  ["9017", "mg/g"], ["8838", "mg/g"], ["9072", "mg/g"], ["8923", "IU/L"], ["8645", "U/L"], ["8985", "IU/mL"],
  ["9444", "10*9/L"], ["8848", "10*9/L"], ["8961", "10*9/L"], ["8734", "10*12/L"], ["8815", "10*12/L"],
  ["8931", "10*12/L"], ["8583", "fL"], ["8564", "pg"], ["44777604", "L/L"], ["8752", "mm/h"], ["9529", "kg"],
  ["8504", "g"], ["8739", "lb"], ["9546", "m"], ["8582", "cm"], ["9327", "in"], ["9330", "in"], ["8533", "in"],
  ["8588", "mm"], ["9531", "kg/m2"], ["8876", "mmHg"], ["8541", "/min"], ["8795", "mL/min"],
  ["720870", "mL/min/1.73m2"], ["9117", "mL/min/1.73m2"], ["8698", "L/min"], ["8519", "L"], ["9540", "L"],
  ["8587", "mL"], ["44777566", "score"], ["8523", "ratio"],
]); // prettier-ignore

/** The unit of a concept; undefined where it is unknown. */
export function unitOfConcept(concept: string): string | undefined {
  return UNITS.get(concept);
}
