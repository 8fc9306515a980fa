/** What is read of a courier's folder by the agent's commands and its supervisor: nothing here speaks to anybody, and gRPC is not loaded. */
export { assertMayLook, courierFolder, readSettings, type Settings } from "./identity/folder.js";
export { readLinkState } from "./link/state.js";
