export * from "./memory.js";
export { answer } from "./answer.js";
export { optedOut } from "./opt-outs.js";
export { patientsOf, type CountedPatients } from "./patients-of.js";
export { stepsLeft } from "./steps-left.js";
export { readsOf } from "./store.js";
export { conversion } from "./units.js";
export * from "./slow/index.js";
