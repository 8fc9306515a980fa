/** The practice's own pages: their paths, contents and headers. */
import fastify, { type FastifyInstance } from "fastify";
import type { Keeper } from "../keeper.js";
import { textOf, type Html } from "@cairn/pages";
import { home, nothingHere, runPage } from "./views.js";

const STYLE = `body { font: 1.1rem/1.5 sans-serif; margin: 0; color: #212b32; background: #fff }
main { max-width: 50rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: bold }
th, td { padding: .25rem 1rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #d8dde0 }
td { font-variant-numeric: tabular-nums }
td > span { display: none; font-weight: bold }
.date { white-space: nowrap; margin-right: .5rem }
@media screen and (max-width: 40rem) {
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
table, caption, tbody, tr, th, td { display: block }
tr { padding: .5rem 0; border-bottom: 1px solid #d8dde0 }
th, td { padding: .1rem 0; border: 0 }
td > span { display: inline }
}
@media print { tr { break-inside: avoid } h2, h3, caption { break-after: avoid } }`;

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
  const send = (view: Html | null) => ({
    status: view ? 200 : 404,
    body: textOf(view ?? nothingHere()),
  });
  app.get("/", (_request, reply) => reply.type("text/html").send(send(home(keeper)).body));
  app.get<{ Params: { run: string } }>("/runs/:run", (request, reply) => {
    const { status, body } = send(runPage(keeper, request.params.run));
    return reply.code(status).type("text/html").send(body);
  });
  app.get("/page.css", (_request, reply) => reply.type("text/css").send(STYLE));
  // What went wrong is nobody's to read here: a message could quote what it was about.
  app.setErrorHandler((_error, _request, reply) =>
    reply.code(500).type("text/plain").send("This page cannot be shown now: see cairn agent doctor\n"),
  );
  app.setNotFoundHandler((_request, reply) => reply.code(404).type("text/html").send(textOf(nothingHere())));
  await app.ready();
  return app;
}
