/** Serves gRPC on a Unix path: the only way to call the keeper, which never dials out. */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { serveKeeper, serverOptions, type KeeperHandlers } from "@cairn/wire/services";
import { KeeperError } from "../errors.js";

interface ServedSocket {
  readonly path: string;
  close(): Promise<void>;
}

const LONGEST_PATH = 107; // sun_path of Linux, less its final zero

/** Serves the handlers. @throws KeeperError socket-unusable */
export async function serveSocket(path: string, handlers: KeeperHandlers): Promise<ServedSocket> {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw new KeeperError(
      "socket-unusable",
      `${path} is too long for a Unix socket: choose a shorter --socket`,
    );
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  rmSync(path, { force: true }); // left behind by a keeper that was killed: the folder's lock says there is no other
  const server = new grpc.Server(serverOptions());
  serveKeeper(handlers)(server);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, grpc.ServerCredentials.createInsecure(), (error) => {
      if (!error) resolve();
      else reject(new KeeperError("socket-unusable", `${path} cannot be listened on: ${error.message}`));
    });
  });
  chmodSync(path, 0o660); // the courier's user may be another one of the same group
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.tryShutdown(() => resolve());
        setTimeout(() => server.forceShutdown(), 1000).unref();
      }),
  };
}
