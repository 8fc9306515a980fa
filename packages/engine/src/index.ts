export * from "./source.js";
export * from "./table.js";
export * from "./patients.js";
