export * from "./refusals.js";
export * from "./unreachable.js";
/** Clients and servers themselves are in `@cairn/wire/services`: what speaks to nobody need not load gRPC. */
export type { CallContext, CallOptions, HubApi, HubHandlers, KeeperApi, KeeperHandlers } from "./services.js";
export * from "./releases.js";
export * from "./receipts.js";
export * from "./signature-checks.js";
export * from "./withdrawals.js";
export * from "./uses.js";
export * from "./keys.js";
export * from "./printable.js";
export * from "./join-code.js";
export * from "./link-state.js";
export * from "./messages.js";
