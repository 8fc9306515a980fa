/** Serves the practice's own pages on a socket that was opened before this process lost its network. */
import { createServer } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Keeper } from "../keeper.js";

interface ServedPages {
  close(): Promise<void>;
}

/**
 * The pages are loaded when somebody first looks: a keeper starts far more often than that, and is ready sooner.
 * @param fd a listening socket on the loopback address, handed in by the parent process.
 */
export async function servePages(keeper: Keeper, fd: number): Promise<ServedPages> {
  let app: Promise<FastifyInstance> | undefined;
  const server = createServer((request, reply) => {
    app ??= import("./app.js").then(({ pagesOf }) => pagesOf(keeper));
    app.then(
      (pages) => pages.routing(request, reply),
      () => reply.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ fd }, resolve);
  });
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await (await app)?.close();
    },
  };
}
