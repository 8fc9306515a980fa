/** Serves the metrics on a port of their own, where neither people nor agents come. */
import { createServer } from "node:http";
import { isLoopback, LOOPBACK_NAMES, underOwnNames } from "@cairn/pages/own-names";
import { fastify } from "fastify";
import { HubError } from "../errors.js";
import type { HubMetrics } from "./metrics.js";

export interface MetricsServer {
  readonly address: string; // http://host:port
  close(): Promise<void>;
}

/**
 * Serves `/metrics`. On a loopback address it answers under this machine's own names only, so that no page of elsewhere
 * that a browser shows can read it.
 * @param port 0 for any.
 * @throws HubError address-in-use
 */
export async function startMetrics(metrics: HubMetrics, host: string, port: number): Promise<MetricsServer> {
  const app = fastify({
    logger: false,
    serverFactory: (handler) => {
      const own = (): number => (server.address() as { port: number } | null)?.port ?? NaN;
      const server = createServer(isLoopback(host) ? underOwnNames(LOOPBACK_NAMES, own, handler) : handler);
      return server;
    },
  });
  app.get("/metrics", async (_request, reply) => {
    const text = await metrics.text();
    return reply.type(metrics.contentType).send(text);
  });
  try {
    return { address: await app.listen({ host, port }), close: () => app.close() };
  } catch (cause) {
    const words = `cannot serve metrics on ${host}:${port}: choose another --metrics-port`;
    throw new HubError("address-in-use", words, { cause });
  }
}
