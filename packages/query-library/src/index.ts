export * from "./query.js";
