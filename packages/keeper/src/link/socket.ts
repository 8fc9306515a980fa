/** Serves gRPC on a Unix path: the only way to call the keeper, which never dials out. */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { KeeperHandlers } from "@cairn/wire";
import { serveKeeper } from "@cairn/wire/grpc";
import { KeeperError } from "../errors.js";

interface ServedSocket {
  readonly path: string;
  close(): Promise<void>;
}

/** Calls that have not ended by then are cut. */
const CLOSES_WITHIN_MS = 1000;
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
  const server = await serveKeeper(path, handlers).catch((cause: unknown) => {
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw new KeeperError("socket-unusable", `${path} cannot be listened on${why}`, { cause });
  });
  chmodSync(path, 0o660); // the courier's user may be another one of the same group
  return {
    path,
    close: () => server.stop(CLOSES_WITHIN_MS),
  };
}
