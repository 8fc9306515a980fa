/** The hub's pages: rendered here, readable without JavaScript, calling out to nobody. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import helmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import { noSuchPage } from "@cairn/pages";
import { isLoopback, LOOPBACK_NAMES, underOwnNames } from "@cairn/pages/own-names";
import { open, send } from "@cairn/sign-in";
import { fastify, type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { accountRoutes } from "./account.js";
import { elsewhereRoutes } from "./elsewhere.js";
import { officerRoutes } from "./officer-routes.js";
import { operatorRoutes } from "./operator-routes.js";
import { comparisonRoutes } from "./routes.js";
import { firstPage } from "./first-page.js";
import { hubSite, type HubSite } from "./site.js";
import { witnessRoutes } from "./witness-routes.js";

interface Pages {
  readonly address: string;
  /** Whether another address was asked for; the pages are on this machine's own all the same. */
  readonly keptHere: boolean;
  close(): Promise<void>;
}

/** How people reach the pages from other machines: through a proxy on this one, which ends TLS. */
export interface ProxySettings {
  /** The address under which they do, "https://hub.example.org"; null where only this machine does. */
  readonly pages: string | null;
  /** The proxies whose word on who asks is taken: addresses, or networks as "10.0.0.0/8". */
  readonly proxies: readonly string[];
}

const NO_PROXY: ProxySettings = { pages: null, proxies: [] };

const ASSETS = fileURLToPath(new URL("../../public/", import.meta.url));

/**
 * Serves pages on a loopback address, whatever `host` says: they have no TLS, and until somebody has an
 * account anyone who reaches them sees them.
 * @param port 0 for any.
 * @throws HubError address-in-use
 */
export async function startPages(
  hub: Hub,
  asked: string,
  port: number,
  log: Logger,
  behind: ProxySettings = NO_PROXY,
): Promise<Pages> {
  const keptHere = asked !== "localhost" && !isLoopback(asked);
  const host = isLoopback(asked) ? asked : "127.0.0.1";
  const app = ownServer(behind);
  await siteOn(app, hub, log, behind);
  try {
    const address = await app.listen({ host, port });
    return { address, keptHere, close: () => app.close() };
  } catch (cause) {
    throw new HubError("address-in-use", `cannot serve pages on ${host}:${port}: choose another --port`, {
      cause,
    });
  }
}

/** Puts headers, routes with their rules and answers to faults on an app without routes. */
export async function siteOn(
  app: FastifyInstance,
  hub: Hub,
  log: Logger,
  { pages }: ProxySettings = NO_PROXY,
): Promise<HubSite> {
  await protect(app);
  const { site, refusals } = await hubSite(app, hub, pages);
  await assets(site);
  open(site, {
    path: "/healthz",
    why: "tells whether the hub runs, and nothing else",
    answer: () => ({ ok: true }),
  });
  open(site, {
    path: "/readyz",
    why: "tells whether the hub can do its work, and in one word why not",
    answer: (_request, reply) => {
      const because = hub.readiness.problem();
      return because === null ? { ready: true } : reply.code(503).send({ ready: false, because });
    },
  });
  firstPage(site, hub);
  comparisonRoutes(site, hub);
  officerRoutes(site, hub);
  operatorRoutes(site, hub);
  accountRoutes(site);
  witnessRoutes(site, hub);
  elsewhereRoutes(site, hub, { refusals, log });
  faults(app, log);
  return site;
}

/** A server that answers under its own names only, before anything else looks at a request. */
function ownServer({ pages, proxies }: ProxySettings): FastifyInstance {
  const host = pages === null ? null : new URL(pages).host;
  return fastify({
    logger: false,
    trustProxy: proxies.length > 0 ? [...proxies] : false,
    serverFactory: (handler) => {
      const server = createServer(underOwnNames(LOOPBACK_NAMES, port, handler, host));
      function port(): number {
        const address = server.address();
        return typeof address === "object" && address ? address.port : NaN;
      }
      return server;
    },
  });
}

/**
 * Sets headers so that nothing is loaded from elsewhere and no script runs. HSTS and upgrades belong to the proxy
 * that ends TLS.
 */
async function protect(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
  });
  app.addHook("onSend", async (_request, reply) => {
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
}

async function assets(site: HubSite): Promise<void> {
  await site.app.register(fastifyStatic, {
    root: ASSETS,
    prefix: "/assets/",
    cacheControl: true,
    maxAge: "1h",
  });
  const css = nhsukCss();
  open(site, {
    path: "/assets/nhsuk.css",
    why: "a style sheet holds nothing of anybody",
    answer: (_request, reply) =>
      reply.type("text/css").header("cache-control", "public, max-age=3600").send(css),
  });
}

/**
 * The style sheet without its fonts, which are fetched from elsewhere and licensed to the NHS alone. Arial replaces
 * them.
 */
function nhsukCss(): string {
  const packageFile = createRequire(import.meta.url).resolve("nhsuk-frontend/package.json");
  const css = readFileSync(join(dirname(packageFile), "dist/nhsuk/nhsuk-frontend.min.css"), "utf8");
  return css.replace(/@font-face\{[^}]*\}/g, "").replace(/\/\*# sourceMappingURL=.*?\*\//, "");
}

function faults(app: FastifyInstance, log: Logger): void {
  app.setNotFoundHandler((_request, reply) => send(reply.code(404), noSuchPage()));
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).type("text/plain").send("This address cannot be read.");
    log.error({ err: error, page: request.routeOptions.url }, "a page failed");
    return reply.code(500).type("text/plain").send("This page failed. Try again; the hub's log says more.");
  });
}
