export * from "./query.js";
export * from "./calendar.js";
export * from "./canonical.js";
export * from "./cells.js";
