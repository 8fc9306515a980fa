import type { HubPerson, PersonOf } from "@cairn/access";
import { form, open, page, siteOf, type Site } from "@cairn/sign-in";
import { html } from "@cairn/text";
import { fastify } from "fastify";
import t from "tap";

const LEAD: HubPerson = { at: "hub", name: "Ada", role: "cluster-lead", groups: ["north"] };

function siteFor(who: PersonOf<"hub"> | null, viewed: string[] = []): Site<"hub", string> {
  return siteOf<"hub", string>(fastify(), {
    who: async () => who,
    askToSignIn: async (_request, reply) => reply.redirect("/sign-in", 303),
    refused: (why) => html`<p>${why}</p>`,
    missing: () => html`<p>nothing here</p>`,
    openFolders: { "/assets/": "style sheets" },
    logViewing: async (_person, what) => void viewed.push(what),
  });
}

function withPages(site: Site<"hub", string>): Site<"hub", string> {
  page(site, {
    path: "/groups/:group",
    action: "see-comparison",
    about: ({ params }) => params,
    show: (person, { params, query }) =>
      query["gone"] === undefined
        ? {
            page: html`<p>${person.name} ${params.group} ${query["date"] ?? "-"}</p>`,
            viewed: [params.group],
          }
        : null,
  });
  form(site, {
    path: "/groups/:group/notes",
    action: "write-notes",
    about: ({ params }) => params,
    send: () => ({ goTo: "/done" }),
  });
  return site;
}

t.test("a route without a rule cannot be registered", async (t) => {
  const { app } = siteFor(LEAD);
  t.throws(() => app.get("/forgotten", () => "all"), /GET \/forgotten has no rule/);
  t.throws(() => app.post("/assets/upload", () => "all"), /POST \/assets\/upload has no rule/);
  app.get("/assets/style.css", () => "");
  const later = siteFor(LEAD).app;
  void later.register(async (inner) => void inner.get("/inner", () => "all"));
  await t.rejects(async () => later.ready(), /GET \/inner has no rule/, "in a plugin too");
});

t.test("each route is listed with its rule", async (t) => {
  const site = withPages(siteFor(LEAD));
  open(site, { path: "/healthz", why: "says nothing of anybody", answer: () => "ok" });
  t.match(
    site.routes.filter(({ method }) => method !== "HEAD"),
    [
      { method: "GET", path: "/groups/:group", rule: { action: "see-comparison" } },
      { method: "POST", path: "/groups/:group/notes", rule: { action: "write-notes" } },
      { method: "GET", path: "/healthz", rule: { open: "says nothing of anybody" } },
    ],
  );
});

t.test("a page is shown to whoever may, and the look is logged first", async (t) => {
  const viewed: string[] = [];
  const { app } = withPages(siteFor(LEAD, viewed));
  const shown = await app.inject("/groups/north?date=<b>");
  t.equal(shown.statusCode, 200);
  t.equal(shown.body, "<p>Ada north &lt;b&gt;</p>");
  t.equal((await app.inject("/groups/north?date=1&date=2")).body, "<p>Ada north -</p>", "sent twice is none");
  t.same(viewed, ["north", "north"]);
  t.equal((await app.inject("/groups/south")).statusCode, 403);
  t.match((await app.inject("/groups/south")).body, "You are not here for this group.");
  t.equal((await app.inject("/groups/north?gone")).statusCode, 404);
  t.equal(viewed.length, 2, "what was not shown is no look");
});

t.test("a look that cannot be logged is not shown", async (t) => {
  const site = siteFor(LEAD);
  const { app } = withPages({ ...site, logViewing: () => Promise.reject(new Error("the disk is full")) });
  const reply = await app.inject("/groups/north");
  t.equal(reply.statusCode, 500);
  t.notMatch(reply.body, "Ada north");
});

t.test("nobody known is asked to sign in, and whoever may not is told why", async (t) => {
  const unknown = withPages(siteFor(null)).app;
  for (const method of ["GET", "HEAD"] as const)
    t.equal((await unknown.inject({ method, url: "/groups/north" })).headers.location, "/sign-in");
  t.equal(
    (await unknown.inject({ method: "POST", url: "/groups/north/notes" })).headers.location,
    "/sign-in",
  );
  const other = withPages(siteFor({ ...LEAD, role: "commissioner" })).app;
  const refused = await other.inject({ method: "POST", url: "/groups/north/notes" });
  t.equal(refused.statusCode, 403);
  t.match(refused.body, "signs in as cluster lead");
  const lead = await withPages(siteFor(LEAD)).app.inject({ method: "POST", url: "/groups/north/notes" });
  t.same([lead.statusCode, lead.headers.location], [303, "/done"]);
});
