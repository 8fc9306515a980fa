export * from "./source.js";
export { NO_CLINICIAN, numberClinicians } from "./clinicians.js";
export type { ExactCell, ExactTable, PatientSet } from "./table.js";
export * from "./patients.js";
export * from "./memory.js";
export { answer } from "./answer.js";
export { patientsOf, type PatientsAt } from "./patients-of.js";
export { readsOf } from "./store.js";
export * from "./slow/index.js";
