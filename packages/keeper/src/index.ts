export * from "./records/index.js";
export * from "./importers/index.js";
