export { CourierError, type CourierErrorCode } from "./errors.js";
export * from "./folder.js";
export { readIdentity, validityOf, type Identity } from "./identity/identity.js";
export { enrol, type Enrolment, type EnrolmentRequest } from "./enrolment/enrol.js";
export { parseProxy } from "./link/tunnel.js";
export { parseAddress } from "./link/route.js";
export { lookAtHub, type HubLook } from "./link/look.js";
export { runCourier, type CourierOptions } from "./start.js";
