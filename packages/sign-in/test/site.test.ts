import type { GroupCharter, HubPerson } from "@cairn/access";
import {
  beginSession,
  form,
  groupAsked,
  open,
  page,
  siteOf,
  startSessions,
  whoAsks,
  type Site,
} from "@cairn/sign-in";
import { html } from "@cairn/text";
import { fastify, type LightMyRequestResponse } from "fastify";
import t from "tap";
import { MemoryStore } from "./fixtures/memory-store.js";

const LEAD: HubPerson = { at: "hub", name: "Ada", role: "cluster-lead", groups: ["north"] };
const OPERATOR: HubPerson = { at: "hub", name: "Bob", role: "hub-operator", groups: "every" };
const MINUTE = 60_000;

class TestSite {
  readonly clock = { now: Date.UTC(2026, 0, 5) };
  readonly store = new MemoryStore(() => this.clock.now);
  readonly viewed: string[] = [];
  readonly site: Site<"hub", string>;
  cookie = "";
  /** Of every group. */
  charter: GroupCharter | null = null;
  failing = false;
  /** Done while a page is being answered. */
  meanwhile: () => void = () => undefined;

  constructor() {
    this.site = siteOf<"hub", string>(fastify(), {
      who: (request) => whoAsks<HubPerson>(this.store, "hub", request),
      now: () => this.clock.now,
      charters: async () => () => this.charter,
      refused: (why) => html`<p>${why}</p>`,
      missing: () => html`<p>nothing here</p>`,
      openFolders: { "/assets/": "style sheets" },
      logViewing: async (_person, what) => {
        if (this.failing) throw new Error("the disk is full");
        this.viewed.push(what);
        this.meanwhile();
      },
    });
  }

  /** Puts sessions and pages on the app, and a way in without a password: `/in/1` signs the first account in. */
  async start(): Promise<this> {
    const { site, store, clock } = this;
    await startSessions(site.app, { store, now: () => clock.now, cookie: "test", secure: false });
    open(site, {
      path: "/in/:id",
      why: "only in this test",
      answer: async (request) => {
        await beginSession(request, Number((request.params as { id: string }).id), clock.now);
        return "in";
      },
    });
    open(site, {
      path: "/token",
      why: "only in this test",
      answer: (_request, reply) => reply.generateCsrf(),
    });
    page(site, {
      path: "/groups/:group",
      action: "see-comparison",
      about: groupAsked,
      show: (person, { params, query, token, typed }) =>
        query["gone"] === undefined
          ? {
              page: html`<p>
                  ${person.name} ${params.group} ${query["date"] ?? "-"} ${typed?.["note"] ?? "+"}
                </p>
                <b>${query["form"] !== undefined && token()}</b>`,
              viewed: [params.group],
            }
          : null,
    });
    form(site, {
      path: "/groups/:group/notes",
      action: "write-notes",
      about: groupAsked,
      from: ({ params }) => `/groups/${params.group}`,
      send: (_person, _request, { note }) =>
        note === "" ? { page: html`<p>write something</p>`, status: 422 } : { goTo: "/done" },
    });
    form(site, {
      path: "/admit",
      action: "admit-practices",
      about: () => ({}),
      from: () => "/",
      send: () => ({ goTo: "/admitted" }),
    });
    return this;
  }

  async ask(url: string, fields?: Record<string, string>): Promise<LightMyRequestResponse> {
    const headers = { cookie: this.cookie, "content-type": "application/x-www-form-urlencoded" };
    const payload = new URLSearchParams(fields).toString();
    const reply = await this.site.app.inject(
      fields ? { method: "POST", url, headers, payload } : { url, headers: { cookie: this.cookie } },
    );
    const [set] = reply.cookies;
    if (set) this.cookie = `${set.name}=${set.value}`;
    return reply;
  }

  /** What a page says, without its markup's spaces. */
  async words(url: string): Promise<string> {
    return (await this.ask(url)).body.replaceAll(/\s+/g, " ");
  }

  async token(): Promise<string> {
    return /<b>([^<]+)/.exec((await this.ask("/groups/north?form")).body)?.[1] ?? "";
  }
}

async function signedIn(person = LEAD): Promise<TestSite> {
  const it = await new TestSite().start();
  await it.ask(`/in/${it.store.add(person)}`);
  return it;
}

t.test("a route without a rule cannot be registered", async (t) => {
  const { app } = new TestSite().site;
  t.throws(() => app.get("/forgotten", () => "all"), /GET \/forgotten has no rule/);
  t.throws(() => app.post("/assets/upload", () => "all"), /POST \/assets\/upload has no rule/);
  app.get("/assets/style.css", () => "");
  const later = new TestSite().site.app;
  void later.register(async (inner) => void inner.get("/inner", () => "all"));
  await t.rejects(async () => later.ready(), /GET \/inner has no rule/, "in a plugin too");
});

t.test("each route is listed with its rule", async (t) => {
  const { site } = await new TestSite().start();
  const listed = site.routes.filter(({ method }) => method !== "HEAD");
  t.match(listed.slice(2), [
    { method: "GET", path: "/groups/:group", rule: { action: "see-comparison" } },
    { method: "POST", path: "/groups/:group/notes", rule: { action: "write-notes" } },
    { method: "POST", path: "/admit", rule: { action: "admit-practices" } },
  ]);
  t.match(listed[0], { path: "/in/:id", rule: { open: "only in this test" } });
});

t.test("a page is shown to whoever may, and the look is logged first", async (t) => {
  const it = await signedIn();
  const shown = await it.ask("/groups/north?date=<b>");
  t.equal(shown.statusCode, 200);
  t.match(shown.body, "Ada north &lt;b&gt; +");
  t.match(await it.words("/groups/north?date=1&date=2"), "Ada north - +", "sent twice is none");
  t.same(it.viewed, ["north", "north"]);
  t.equal((await it.ask("/groups/south")).statusCode, 403);
  t.match((await it.ask("/groups/south")).body, "Your account is not for this group.");
  t.equal((await it.ask("/groups/north?gone")).statusCode, 404);
  t.equal(it.viewed.length, 2, "what was not shown is no look");
  it.failing = true;
  const unlogged = await it.ask("/groups/north");
  t.equal(unlogged.statusCode, 500, "a look that cannot be logged is not shown");
  t.notMatch(unlogged.body, "Ada north");
});

t.test("a page, and what leads to it, follow the charter of its group at that moment", async (t) => {
  const it = await signedIn();
  t.equal((await it.ask("/groups/north")).statusCode, 200);
  it.charter = {
    ...{ digest: "ab", peers: "unidentified", view: "strip" },
    sees: {
      ...{ "practice-lead": "own", clinician: "own", "cluster-lead": "nothing", supporter: "group" },
      ...{ analyst: "group", provider: "nothing", commissioner: "group", officer: "decisions" },
    },
  };
  const refused = await it.ask("/groups/north");
  t.equal(refused.statusCode, 403);
  t.match(refused.body, "The charter of north lets the cluster lead see nothing of it.");
  t.equal(it.viewed.length, 1, "what was not shown is no look");
});

t.test("a session that ended while a page was answered does not come back with the page", async (t) => {
  const it = await signedIn();
  it.meanwhile = () => it.store.sessions.clear(); // signed out in another tab, or disabled
  t.equal((await it.ask("/groups/north?form")).statusCode, 200);
  it.meanwhile = () => undefined;
  t.same([...it.store.sessions], []);
  t.equal((await it.ask("/groups/north")).statusCode, 303);
});

t.test("nobody known is asked to sign in, and comes back to the page", async (t) => {
  const it = await new TestSite().start();
  it.store.add(LEAD);
  t.equal(
    (await it.ask("/groups/north?date=1")).headers.location,
    "/sign-in?to=%2Fgroups%2Fnorth%3Fdate%3D1",
  );
});

t.test(
  "a form is taken with the token of a page that its own session was shown, and with no other",
  async (t) => {
    const it = await signedIn();
    const _csrf = await it.token();
    t.equal((await it.ask("/groups/north/notes", { _csrf, note: "a" })).headers.location, "/done");
    t.equal((await it.ask("/groups/north/notes", { _csrf, note: "" })).statusCode, 422);
    const other = await signedIn();
    const foreign = await other.token();
    for (const [fields, why] of [
      [{ note: "a" }, "none"],
      [{ note: "a", _csrf: "" }, "empty"],
      [{ note: "a", _csrf: `${_csrf}x` }, "changed"],
      [{ note: "a", _csrf: foreign }, "of another session"],
    ] as const) {
      const refused = await it.ask("/groups/north/notes", fields);
      t.equal(refused.statusCode, 403, why);
      t.match(refused.body, "Go back, load the page again", why);
    }
    const { app } = it.site;
    const headers = { cookie: it.cookie, "csrf-token": _csrf };
    const url = "/groups/north/notes";
    t.equal(
      (await app.inject({ method: "POST", url, headers })).statusCode,
      403,
      "in a header is not in the form",
    );
    const json = { method: "POST", url, headers, payload: { note: "a" } } as const;
    t.equal((await app.inject(json)).statusCode, 403);
  },
);

t.test("whoever may not send a form is told why, with a token too", async (t) => {
  const it = await signedIn();
  const _csrf = await it.token();
  t.equal((await it.ask("/groups/south/notes", { _csrf, note: "a" })).statusCode, 403);
  t.match((await it.ask("/admit", { _csrf })).body, "Only a hub operator may do this");
});

t.test("what was typed comes back after signing in again, once, to whoever typed it", async (t) => {
  const it = await signedIn();
  const other = it.store.add({ ...LEAD, name: "Eve" });
  const _csrf = await it.token();
  it.clock.now += 31 * MINUTE;
  const ended = await it.ask("/groups/north/notes", { _csrf, note: "<i>long thought</i>" });
  t.equal(ended.headers.location, "/sign-in?to=%2Fgroups%2Fnorth");
  const { cookie } = it;
  await it.ask(`/in/${other}`);
  t.match((await it.ask("/groups/north")).body, "Eve north - +", "not to another person at the same browser");
  t.notMatch(JSON.stringify([...it.store.sessions.values()]), "long thought", "nor kept in their session");
  it.cookie = cookie;
  await it.ask("/in/1");
  t.notMatch((await it.ask("/groups/north")).body, "long thought", "whose sign-in threw it away");

  const token = await it.token();
  it.clock.now += 12 * 60 * MINUTE + 1;
  await it.ask("/groups/north/notes", { _csrf: token, note: "<i>long thought</i>" });
  await it.ask("/in/1");
  t.match((await it.ask("/groups/north?date=1")).body, "1 +", "on its own page alone");
  t.match((await it.ask("/groups/north")).body, "Ada north - &lt;i&gt;long thought&lt;/i&gt;");
  t.match((await it.ask("/groups/north")).body, "Ada north - +", "once");
});

t.test("what somebody else typed into a page elsewhere is never kept", async (t) => {
  const it = await signedIn();
  it.clock.now += 31 * MINUTE;
  t.equal((await it.ask("/groups/north/notes", { _csrf: "forged", note: "planted" })).statusCode, 403);
  await it.ask("/in/1");
  t.notMatch((await it.ask("/groups/north")).body, "planted");
});

t.test("what is very long is not kept, and a day later nothing is", async (t) => {
  const it = await signedIn();
  const _csrf = await it.token();
  it.clock.now += 31 * MINUTE;
  await it.ask("/groups/north/notes", { _csrf, note: "x".repeat(70_000) });
  t.notMatch(JSON.stringify([...it.store.sessions.values()]), "xxx");
  await it.ask("/groups/north/notes", { _csrf, note: "short" });
  t.match(JSON.stringify([...it.store.sessions.values()]), "short");
  it.clock.now += 25 * 60 * MINUTE;
  await new Promise((done) => setImmediate(done));
  const visitor = await it.site.app.inject("/in/1");
  t.equal(visitor.statusCode, 200);
  t.notMatch(JSON.stringify([...it.store.sessions.values()]), "short");
});

t.test("what matters asks whoever signed in more than ten minutes ago to do so again", async (t) => {
  const it = await signedIn(OPERATOR);
  it.store.add(LEAD);
  const token = async (): Promise<string> => {
    const reply = await it.site.app.inject({ url: "/token", headers: { cookie: it.cookie } });
    return reply.body;
  };
  const _csrf = await token();
  t.equal((await it.ask("/admit", { _csrf })).headers.location, "/admitted");
  it.clock.now += 10 * MINUTE;
  t.equal((await it.ask("/admit", { _csrf })).headers.location, "/admitted");
  it.clock.now += 1;
  t.equal((await it.ask("/admit", { _csrf })).headers.location, "/sign-in?to=%2F&again=yes");
  await it.ask("/in/1");
  t.equal((await it.ask("/admit", { _csrf: await token() })).headers.location, "/admitted");
});
