/** Reads a courier's folder, for the agent's commands and its supervisor, without loading gRPC: nothing here speaks to anybody. */
export { assertMayLook, changeRoute, courierFolder, readSettings, type Settings } from "./identity/folder.js";
export { readLinkState } from "./link/state.js";
