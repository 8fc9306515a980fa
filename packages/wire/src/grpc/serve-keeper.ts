import * as grpc from "@grpc/grpc-js";
import type { KeeperHandlers } from "../keeper-api.js";
import { LIMITS } from "./definitions.js";
import { addKeeper } from "./handlers.js";
import { bind, stop } from "./server.js";

interface KeeperServer {
  /** Lets calls end, then closes; cuts what is left after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Serves the keeper's calls on a Unix socket. @param path absolute. @throws Error where it cannot be listened on */
export async function serveKeeper(path: string, handlers: KeeperHandlers): Promise<KeeperServer> {
  const server = new grpc.Server(LIMITS);
  addKeeper(server, handlers);
  await bind(server, `unix:${path}`, grpc.ServerCredentials.createInsecure());
  return { stop: (graceMs) => stop(server, graceMs) };
}
