/**
 * Serves the practice's pages to its other desks: by TLS, which ends in this process, on a socket of a private address
 * that was opened before this process lost its network.
 */
import { closeSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import { isPrivate, underOwnNames } from "@cairn/pages/own-names";
import type { OpenDesks } from "../desks.js";
import { KeeperError } from "../errors.js";
import { namesAt, readCertificate, type CertificateFiles, type PageCertificate } from "./certificate.js";
import { boundTo, listening, type Pages, type OpenPages } from "./serve.js";

/** Connections at a time; a practice has fewer desks. */
const MOST_CONNECTIONS = 200;

export interface DeskOptions extends CertificateFiles {
  /** A listening socket on a private address, handed in by the parent process. */
  readonly fd: number;
}

interface ServedDesks extends OpenPages {
  readonly desks: OpenDesks;
}

/**
 * Serves the pages to other desks. Where the certificate cannot be used it closes the socket and says why in its
 * result: the practice goes on answering without these pages.
 * @param now milliseconds since 1970.
 * @throws KeeperError socket-unusable where the socket's address is not a private one
 */
export async function serveDesks(pages: Pages, options: DeskOptions, now: number): Promise<ServedDesks> {
  const { fd, certificate } = options;
  let own: PageCertificate;
  try {
    own = readCertificate(options, now);
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error;
    closeSync(fd);
    return notServed(certificate, error);
  }
  const names: string[] = [];
  const server: Server = createServer(
    { cert: own.cert, key: own.key, minVersion: "TLSv1.2" },
    underOwnNames(
      names,
      () => boundTo(server).port,
      (request: IncomingMessage, reply: ServerResponse) => pages.answer("other-desks", request, reply),
      null,
      "https",
    ),
  );
  const sockets = openSockets(server);
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, fd);
  const { address, port } = boundTo(server);
  if (!isPrivate(address)) {
    server.close();
    throw new KeeperError(
      "socket-unusable",
      `the socket handed in for the pages at other desks listens on ${address}: hand in one on a private address`,
    );
  }
  const host = address.includes(":") ? `[${address}]` : address;
  try {
    names.push(...new Set([...namesAt(own, host, certificate), host]));
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error;
    server.close();
    return notServed(certificate, error);
  }
  return {
    desks: {
      address: `https://${names[0]}:${port}`,
      certificate,
      until: own.until,
      problem: null,
      ended: false,
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy(); // those that have not finished TLS, too
      await closed;
    },
  };
}

/** Pages that are not open to other desks, and why. */
function notServed(certificate: string, { message, code }: KeeperError): ServedDesks {
  const ended = code === "certificate-ended";
  const desks = { address: "", certificate, until: null, problem: message, ended };
  return { desks, close: () => Promise.resolve() };
}

/** The sockets that are open. One from outside of private networks, as by a port that a router passes on, is closed at once. */
function openSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    if (!isPrivate(socket.remoteAddress ?? "")) return void socket.destroy();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}
