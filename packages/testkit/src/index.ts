export * from "./processes.js";
export * from "./relay.js";
export * from "./federation.js";
