/** The keeper's one way to be spoken to: gRPC on a Unix path. It is never dialled out from here. */
import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { connectKeeper, serveKeeper, serverOptions, type KeeperHandlers } from "@cairn/wire";
import { KeeperError } from "../errors.js";

export interface ServedSocket {
  readonly path: string;
  close(): Promise<void>;
}

const LONGEST_PATH = 107; // sun_path of Linux, less its final zero

/** @throws KeeperError running, socket-unusable */
export async function serveSocket(path: string, handlers: KeeperHandlers): Promise<ServedSocket> {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw new KeeperError(
      "socket-unusable",
      `${path} is too long for a Unix socket: choose a shorter --socket`,
    );
  }
  await makeRoom(path);
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

/** A socket that a keeper killed before left behind is in the way; one that answers is another keeper's. */
async function makeRoom(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  if (!existsSync(path)) return;
  const other = connectKeeper(path);
  try {
    await other.describe({}, { deadlineMs: 1000 });
  } catch {
    rmSync(path, { force: true });
    return;
  } finally {
    other.close();
  }
  throw new KeeperError("running", `another keeper answers on ${path}: stop it first`);
}
