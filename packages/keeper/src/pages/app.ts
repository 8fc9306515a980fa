/** The practice's own pages: their paths, contents and headers. */
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Keeper } from "../keeper.js";
import { nothingHere, practiceHome, practiceRun } from "@cairn/pages";
import { type Markup, textOf } from "@cairn/text";
import { homeModel, runModel } from "./models.js";
import { STYLE } from "./style.js";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** The app, ready to answer requests that are passed to its `routing`. */
export async function pagesOf(keeper: Keeper): Promise<FastifyInstance> {
  const app = fastify({ logger: false });
  app.addHook("onRequest", async (_request, reply) => {
    void reply.headers(HEADERS);
  });
  const show = (reply: FastifyReply, page: Markup): FastifyReply =>
    reply.type("text/html; charset=utf-8").send(textOf(page));
  app.get("/", (_request, reply) => show(reply, practiceHome(homeModel(keeper))));
  app.get<{ Params: { run: string } }>("/runs/:run", (request, reply) => {
    const run = runModel(keeper, request.params.run);
    return run ? show(reply, practiceRun(run)) : show(reply.code(404), nothingHere());
  });
  app.get("/page.css", (_request, reply) => reply.type("text/css").send(STYLE));
  // What went wrong is nobody's to read here: a message could quote what it was about.
  app.setErrorHandler((_error, _request, reply) =>
    reply.code(500).type("text/plain").send("This page cannot be shown now: see cairn agent doctor\n"),
  );
  app.setNotFoundHandler((_request, reply) => show(reply.code(404), nothingHere()));
  await app.ready();
  return app;
}
