/**
 * The way through a proxy: a Unix socket that opens a CONNECT tunnel for each connection. A connection to it can only
 * go through the proxy: there is no silent direct way.
 */
import net from "node:net";
import { CourierError } from "../errors.js";
import { listenForOwner } from "./door.js";

interface Proxy {
  readonly host: string;
  readonly port: number;
  readonly authorization: string | null; // of Basic authentication
}

interface Tunnel {
  readonly path: string; // of the Unix socket
  /** The proxy's last failure to open a tunnel; null since one was opened. */
  problem(): CourierError | null;
  close(): void;
}

const PATIENCE_MS = 20_000;
const LONGEST_HEAD = 16 * 1024;

/**
 * A proxy address. Name and password end at the last `@`, so that a password may hold any character, as it is or as
 * `%2F`.
 */
const PROXY = /^http:\/\/(?:(?<who>.*)@)?(?<host>[\w.-]+|\[[0-9a-f:]+\])(?::(?<port>\d{1,5}))?\/?$/is;

/**
 * Parses a proxy's address.
 * @param text `http://user:password@host:port`; the error repeats nothing of it, since it may be a password.
 * @throws CourierError proxy-wrong
 */
export function parseProxy(text: string): Proxy {
  const { who, host, port = "80" } = PROXY.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) > 65_535) {
    throw new CourierError(
      "proxy-wrong",
      "this is not a proxy that can be used: write http://host:port or http://user:password@host:port",
    );
  }
  const [, user = "", password = ""] = /^([^:]*):?(.*)$/s.exec(who ?? "") ?? [];
  const pair = Buffer.from(`${plain(user)}:${plain(password)}`, "utf8").toString("base64");
  const authorization = user === "" ? null : `Basic ${pair}`;
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port), authorization };
}

/** Decodes `%2F` and the like; a `%` that encodes nothing is itself. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Opens the tunnel.
 * @param target host:port of the hub, resolved by the proxy.
 * @param folder the courier's, where the socket is made.
 * @throws CourierError tunnel-unusable
 */
export async function openTunnel(proxy: Proxy, target: string, folder: string): Promise<Tunnel> {
  let problem: CourierError | null = null;
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect({ host: proxy.host, port: proxy.port });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
    }
    near.on("error", () => far.destroy());
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    connectThrough(far, proxy, target).then(
      (rest) => {
        problem = null;
        if (rest.length > 0) near.write(rest);
        near.pipe(far);
        far.pipe(near);
      },
      (error: unknown) => {
        if (error instanceof CourierError) problem = error;
        far.destroy();
        near.destroy();
      },
    );
  });
  return {
    path: await listenForOwner(server, folder),
    problem: () => problem,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * Connects through the proxy.
 * @returns the bytes that followed the proxy's answer.
 * @throws CourierError proxy-unreachable, -authentication, -refused
 */
function connectThrough(far: net.Socket, proxy: Proxy, target: string): Promise<Buffer> {
  const name = `${proxy.host}:${proxy.port}`;
  const unreachable = (why: string): CourierError =>
    new CourierError(
      "proxy-unreachable",
      `the proxy ${name} ${why}: check the proxy setting and that it runs`,
    );
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    far.setTimeout(PATIENCE_MS, () => reject(unreachable("does not answer")));
    far.once("error", (error) => reject(unreachable(`cannot be reached (${error.message})`)));
    far.once("end", () => reject(unreachable("closed the connection without an answer")));
    far.once("connect", () => {
      const authorization = proxy.authorization ? `Proxy-Authorization: ${proxy.authorization}\r\n` : "";
      far.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
    });
    const read = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0 && head.length < LONGEST_HEAD) return;
      far.off("data", read);
      far.setTimeout(0);
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head.toString("latin1"))?.[1] ?? 0);
      if (end >= 0 && status === 200) resolve(head.subarray(end + 4));
      else reject(saidNo(status, name, target));
    };
    far.on("data", read);
  });
}

function saidNo(status: number, proxy: string, target: string): CourierError {
  if (status === 407) {
    return new CourierError(
      "proxy-authentication",
      `the proxy ${proxy} wants a user and password, or other ones (407): set --proxy http://user:password@host:port`,
    );
  }
  const what = status === 0 ? "something that is not HTTP" : String(status);
  return new CourierError(
    "proxy-refused",
    `the proxy ${proxy} answers ${what} when asked for ${target}: ask whoever runs it to allow CONNECT to it`,
  );
}
