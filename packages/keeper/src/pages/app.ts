/** The practice's own pages: an app with headers, routes with their rules, and answers to faults. */
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { nothingHere } from "@cairn/pages";
import type { PracticePerson } from "@cairn/access";
import { open, send, type SignInStore } from "@cairn/sign-in";
import type { workInChild } from "../answering/answer.js";
import type { Keeper } from "../keeper.js";
import { KeeperSignInStore } from "../people/sign-in-store.js";
import { decisionRoutes } from "./decision-routes.js";
import { markRoutes } from "./mark-routes.js";
import { officerRoutes } from "./officer-routes.js";
import { pageContext, type PageContext } from "./page-context.js";
import { practiceRoutes } from "./routes.js";
import {
  byAccount,
  byAccountWithCodes,
  practiceSite,
  signIn,
  type PagePlace,
  type PersonSource,
  type PracticeSite,
} from "./site.js";
import { STYLE } from "./style.js";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

interface PagesOptions {
  /** The accounts of the practice's people; the keeper's own where absent. */
  readonly people?: SignInStore<PracticePerson>;
  /** Finds out who asks; by the session where absent. */
  readonly who?: PersonSource;
  /** Works in a process of its own; tests put another in its place. */
  readonly work?: typeof workInChild;
  /** Its own where absent. */
  readonly context?: PageContext;
  /** Where they are shown; on this machine alone where absent. */
  readonly place?: PagePlace;
}

/** The app, ready to answer requests that are passed to its `routing`. */
export async function pagesOf(keeper: Keeper, options: PagesOptions = {}): Promise<FastifyInstance> {
  const { app } = await siteFor(keeper, options);
  await app.ready();
  return app;
}

/** The site with all its routes. */
export async function siteFor(keeper: Keeper, options: PagesOptions): Promise<PracticeSite> {
  const { people = new KeeperSignInStore(keeper.store), place = "this-machine" } = options;
  const who = options.who ?? (place === "this-machine" ? byAccount(people) : byAccountWithCodes(people));
  const app = fastify({ logger: false });
  app.addHook("onRequest", async (_request, reply) => {
    void reply.headers(HEADERS);
  });
  const site = practiceSite(app, keeper, who);
  const rooms = options.context ?? pageContext(keeper, options.work);
  await signIn(site, keeper, people, place);
  practiceRoutes(site, rooms);
  decisionRoutes(site, keeper);
  markRoutes(site, rooms);
  officerRoutes(site, keeper);
  open(site, {
    path: "/page.css",
    why: "a style sheet holds nothing of anybody",
    answer: (_request, reply: FastifyReply) => reply.type("text/css").send(STYLE),
  });
  // What went wrong is nobody's to read here: a message could quote what it was about.
  app.setErrorHandler((_error, _request, reply) =>
    reply.code(500).type("text/plain").send("This page cannot be shown now: see cairn agent doctor\n"),
  );
  app.setNotFoundHandler((_request, reply) => send(reply.code(404), nothingHere()));
  return site;
}
