/** Serves the practice's own pages on sockets that were opened before this process lost its network. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isLoopback, LOOPBACK_NAMES, underOwnNames } from "@cairn/pages/own-names";
import type { FastifyInstance } from "fastify";
import { KeeperError } from "../errors.js";
import type { Keeper } from "../keeper.js";
import type { PageContext } from "./page-context.js";
import type { PagePlace } from "./site.js";

export interface OpenPages {
  close(): Promise<void>;
}

/**
 * The practice's pages for each place where they are shown. They are loaded at the first request: a keeper starts far
 * more often than that, and is ready sooner.
 */
export class Pages {
  readonly #keeper: Keeper;
  readonly #places = new Map<PagePlace, Promise<FastifyInstance>>();
  #context: Promise<PageContext> | null = null;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  /** Answers a request that came to a place, by the person whom it knows there. */
  answer(place: PagePlace, request: IncomingMessage, reply: ServerResponse): void {
    const app = this.#places.get(place) ?? this.#begin(place);
    this.#places.set(place, app);
    app.then(
      (pages) => pages.routing(request, reply),
      () => reply.destroy(),
    );
  }

  async #begin(place: PagePlace): Promise<FastifyInstance> {
    this.#context ??= import("./page-context.js").then(({ pageContext }) => pageContext(this.#keeper));
    const [{ pagesOf }, context] = await Promise.all([import("./app.js"), this.#context]);
    return pagesOf(this.#keeper, { context, place });
  }

  async close(): Promise<void> {
    for (const app of this.#places.values()) await (await app).close();
  }
}

/**
 * Serves the pages to this machine.
 * @param fd a listening socket on the loopback address, handed in by the parent process.
 * @throws KeeperError socket-unusable where other machines could reach it: they need signing in and TLS.
 */
export async function servePages(pages: Pages, fd: number): Promise<OpenPages & { readonly port: number }> {
  const server: Server = createServer(
    underOwnNames(
      LOOPBACK_NAMES,
      () => boundTo(server).port,
      (request: IncomingMessage, reply: ServerResponse) => pages.answer("this-machine", request, reply),
    ),
  );
  await listening(server, fd);
  const { address } = boundTo(server);
  if (!isLoopback(address)) {
    server.close();
    throw new KeeperError(
      "socket-unusable",
      `the socket handed in for the practice's pages listens on ${address}: hand in one on 127.0.0.1`,
    );
  }
  return {
    port: boundTo(server).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export function listening(server: Server, fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ fd }, resolve);
  });
}

/** The address and port of a server; empty and 0 where it is not a TCP socket, or closed. */
export function boundTo(server: Server): { readonly address: string; readonly port: number } {
  const bound = server.address();
  return typeof bound === "object" && bound ? bound : { address: String(bound), port: NaN };
}
