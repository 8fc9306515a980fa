export * from "./refusals.js";
export * from "./services.js";
export * from "./releases.js";
export * from "./receipts.js";
export * from "./withdrawals.js";
export * from "./keys.js";
export * from "./join-code.js";
export * from "./messages.js";
