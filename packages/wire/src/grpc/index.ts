/** The calls of `HubApi` and `KeeperApi` over gRPC. Another transport would be another folder beside this one. */
export { connectHub, connectKeeper } from "./client.js";
export { serveHub, type HubServer } from "./serve-hub.js";
export { serveKeeper } from "./serve-keeper.js";
