export { type Answerer, OPT_OUTS_BY_CHOICE, OPT_OUTS_COUNTED, type OptOutChoice } from "./answerer.js";
export * from "./source.js";
export * from "./patients.js";
export { at } from "./at.js";
export { type ExactCell, type ExactTable } from "./exact-table.js";
export { addTo, emptySet, has, keysIn, type PatientSet } from "./patient-set.js";
export { NO_CLINICIAN, numberClinicians } from "./clinicians.js";
