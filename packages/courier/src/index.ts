export { CourierError, type CourierErrorCode } from "./errors.js";
export { assertMayLook, courierFolder, readSettings, type Settings } from "./identity/folder.js";
export { readIdentity, validityOf, type Identity } from "./identity/identity.js";
export { enrol, type Enrolment, type EnrolWith } from "./enrolment/enrol.js";
export { parseProxy } from "./link/tunnel.js";
export { openRoute, parseAddress } from "./link/route.js";
export { findPinnedRoot } from "./link/pin.js";
export { readLinkState, type LinkState } from "./link/state.js";
export { runCourier, type CourierOptions } from "./start.js";
