export * from "./relay.js";
export { Signers, type Publication } from "./signers.js";
