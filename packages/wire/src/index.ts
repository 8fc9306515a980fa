export * from "./refusals.js";
export * from "./unreachable.js";
export * from "./calls.js";
/** Clients and servers themselves are in `@cairn/wire/grpc`: what speaks to nobody need not load gRPC. */
export * from "./hub-api.js";
export * from "./keeper-api.js";
export * from "./with-refusals.js";
export * from "./releases.js";
export * from "./receipts.js";
export * from "./comparisons.js";
export * from "./signature-checks.js";
export * from "./withdrawals.js";
export * from "./uses.js";
export * from "./keys.js";
export * from "./printable.js";
export * from "./join-code.js";
export * from "./link-state.js";
export * from "./messages.js";
