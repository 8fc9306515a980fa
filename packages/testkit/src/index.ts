export { groupCharter } from "./charters.js";
export * from "./relay.js";
export { Signers, type Publication, type SigningBody } from "./signers.js";
export { until } from "./until.js";
