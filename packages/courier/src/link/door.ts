/**
 * A Unix socket in the courier's folder: no port, which the packaged courier may not bind, and no door that another
 * user of this machine could find.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, readdirSync, rmSync } from "node:fs";
import net from "node:net";
import { join, resolve } from "node:path";
import { CourierError } from "../errors.js";
import { giveToOwnerOf, makeFolder } from "../identity/folder.js";

const NAME = /^tunnel-[0-9a-f]{6}\.sock$/;
const LONGEST_PATH = 107; // sun_path of Linux, less its final zero

/**
 * Listens on a new socket that only the folder's owner can connect to; it is gone once the server is closed.
 * @returns its absolute path.
 * @throws CourierError tunnel-unusable
 */
export async function listenForOwner(server: net.Server, folder: string): Promise<string> {
  const path = resolve(folder, `tunnel-${randomBytes(3).toString("hex")}.sock`);
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw unusable(`${path} is too long for a Unix socket: choose a shorter --data`);
  try {
    makeFolder(folder);
    await removeStale(folder);
    await new Promise<void>((done, failed) => server.once("error", failed).listen(path, done));
    chmodSync(path, 0o600);
    giveToOwnerOf(folder, path);
  } catch (cause) {
    server.close();
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw unusable(`${path}, through which the proxy is reached, cannot be made${why}`, cause);
  }
  return path;
}

/** Removes sockets on which nobody listens any more: of a courier that was killed. */
async function removeStale(folder: string): Promise<void> {
  for (const name of readdirSync(folder).filter((each) => NAME.test(each))) {
    const path = join(folder, name);
    if (await isStale(path)) rmSync(path, { force: true });
  }
}

function isStale(path: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = net.connect(path);
    socket.once("connect", () => (socket.destroy(), answer(false)));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => answer(code === "ECONNREFUSED"));
  });
}

function unusable(words: string, cause?: unknown): CourierError {
  return new CourierError("tunnel-unusable", words, { cause });
}
