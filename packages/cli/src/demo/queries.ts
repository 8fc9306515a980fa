/**
 * What the demo asks: a first set that a newcomer can take in at one look, however large the library grows. Each
 * shows another thing that a query can say; the rest of the library is scheduled in the same way.
 */
export const FIRST_QUERIES = [
  "hypertension-register", // a register: who has it
  "bp-control", // a paired reading against a target
  "diabetes-hba1c-58", // the newest value, in ordered steps
  "nsaid-65-no-gastroprotection", // a safety check on what is prescribed together
  "flu-vaccination-uptake", // a season
  "hba1c-48-no-diabetes-code", // people whom the register may have missed
  "three-or-more-consultations", // counting
] as const;
