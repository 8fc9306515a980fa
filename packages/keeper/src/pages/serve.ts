/** Serves the practice's own pages on a socket that was opened before this process lost its network. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isLoopback, LOOPBACK_NAMES, underOwnNames } from "@cairn/pages/own-names";
import type { FastifyInstance } from "fastify";
import { KeeperError } from "../errors.js";
import type { Keeper } from "../keeper.js";

interface ServedPages {
  close(): Promise<void>;
}

/**
 * Serves the pages. They are loaded at the first request: a keeper starts far more often than that, and is ready
 * sooner.
 * @param fd a listening socket on the loopback address, handed in by the parent process.
 * @throws KeeperError socket-unusable where other machines could reach it: there is no sign-in.
 */
export async function servePages(keeper: Keeper, fd: number): Promise<ServedPages> {
  let app: Promise<FastifyInstance> | undefined;
  const answer = (request: IncomingMessage, reply: ServerResponse): void => {
    app ??= import("./app.js").then(({ pagesOf }) => pagesOf(keeper));
    app.then(
      (pages) => pages.routing(request, reply),
      () => reply.destroy(),
    );
  };
  const server: Server = createServer(underOwnNames(LOOPBACK_NAMES, () => boundTo(server).port, answer));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ fd }, resolve);
  });
  const { address } = boundTo(server);
  if (!isLoopback(address)) {
    server.close();
    throw new KeeperError(
      "socket-unusable",
      `the socket handed in for the practice's pages listens on ${address}: hand in one on 127.0.0.1`,
    );
  }
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await (await app)?.close();
    },
  };
}

/** The address and port of a server; empty and 0 where it is not a TCP socket, or closed. */
function boundTo(server: Server): { address: string; port: number } {
  const bound = server.address();
  return typeof bound === "object" && bound ? bound : { address: String(bound), port: NaN };
}
