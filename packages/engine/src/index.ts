export * from "./source.js";
export * from "./table.js";
export * from "./patients.js";
export * from "./memory.js";
