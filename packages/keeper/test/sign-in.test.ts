/** Who gets in at the practice's own pages, and every route of them against everybody who could ask for it. */
import { ACTIONS, may, PRACTICE_ROLES, type Action, type Person, type PracticeRole } from "@cairn/access";
import { decodePractice } from "@cairn/ledger";
import { codeAt, digestOf, type SiteRoute } from "@cairn/sign-in";
import type { FastifyInstance } from "fastify";
import t, { type Test } from "tap";
import { DOORS, PAGE } from "../../cli/test/fixtures/doors.js";
import { siteFor } from "../src/pages/app.js";
import { addPerson, disablePerson, linkPerson, listPeople } from "../src/people/people.js";
import { KeeperSignInStore } from "../src/people/sign-in-store.js";
import { person } from "../src/store/person.js";
import { logOrigin, type KeeperStore } from "../src/store/store.js";
import { practice } from "./fixtures/practice.js";

const MINUTE = 60_000;
const PASSWORD = "four words make one";
const IT = person("practice IT");

/** What stands in a path for each of its names. A new name needs a line here. */
const FILL: Readonly<Record<string, string>> = {
  run: "no-such-run",
  query: "no-such-query",
  group: "no-such-group",
};

async function story(t: Test) {
  const clock = { now: Date.parse("2025-05-20T09:00:00Z") };
  const started = await practice(t).start({ now: () => clock.now });
  const { store } = started.keeper;
  const { app, routes } = await siteFor(started.keeper, {});
  t.teardown(() => app.close());
  return { clock, store, app, routes };
}

interface Sent {
  readonly cookie?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

async function ask(app: FastifyInstance, url: string, { cookie = "", fields }: Sent = {}) {
  const headers = { cookie, host: "localhost" };
  const reply = await app.inject(
    fields
      ? {
          ...{ method: "POST", url, payload: new URLSearchParams(fields).toString() },
          headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
        }
      : { url, headers },
  );
  const [set] = reply.cookies;
  return {
    ...{ status: reply.statusCode, html: reply.body, location: String(reply.headers.location) },
    cookie: set ? `${set.name}=${set.value}` : cookie,
  };
}

const tokenIn = (html: string): string => /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";

/** A session of an account, as it is after signing in, with a token for its forms. */
async function session(store: KeeperStore, app: FastifyInstance, account: number) {
  const id = `session-of-${account}`;
  const data = JSON.stringify({ account, signedInAt: store.now(), provenAt: store.now() });
  const cookie = `cairn-practice-${logOrigin(store.key).slice(-8)}=${id}`;
  await new KeeperSignInStore(store).keepSession(digestOf(cookie), data, account);
  return { cookie, token: tokenIn((await ask(app, "/sign-in", { cookie })).html) };
}

function pathOf({ path }: SiteRoute): string {
  return path.replaceAll(/:(\w+)/g, (_all, name: string) => {
    const fill = FILL[name];
    if (fill === undefined) throw new Error(`FILL has no line for :${name} of ${path}`);
    return fill;
  });
}

async function statusOf(
  app: FastifyInstance,
  { method, path }: SiteRoute,
  { cookie, token }: { cookie: string; token: string },
): Promise<number> {
  const fields = method === "POST" ? { fields: { _csrf: token } } : {};
  const { status, location } = await ask(app, pathOf({ method, path } as SiteRoute), { cookie, ...fields });
  return status === 303 && location.startsWith("/sign-in?") ? 401 : status;
}

t.test(
  "a person at the practice comes by a one-time link, signs in, and is signed out after half an hour",
  async (t) => {
    const { clock, store, app } = await story(t);
    t.equal((await ask(app, "/")).status, 200, "nobody has an account: whoever sits here sees it");
    addPerson(store, "Ada", "quality-lead", IT);
    t.match((await ask(app, "/")).location, "/sign-in?to=%2F");
    const { path, until } = linkPerson(store, "ada", IT);
    const shown = await ask(app, path);
    t.match(shown.html, "as quality lead");
    const key = (/<code class="cairn-key">([^<]+)</.exec(shown.html)?.[1] ?? "").replaceAll(" ", "");
    const credentials = { password: PASSWORD, repeated: PASSWORD, code: codeAt(key, clock.now) };
    const fields = { _csrf: tokenIn(shown.html), ...credentials };
    t.equal((await ask(app, path, { cookie: shown.cookie, fields: { ...fields, _csrf: "x" } })).status, 403);
    const come = await ask(app, path, { cookie: shown.cookie, fields });
    t.same([come.status, come.location], [303, "/"]);
    t.not(come.cookie, shown.cookie);
    t.match(come.cookie, /^cairn-practice-[0-9a-f]{8}=/, "keepers of one machine keep their sessions apart");
    t.equal((await ask(app, path)).status, 404, "a link is good once");
    t.match((await ask(app, "/account", come)).html, "You are Ada, quality lead at this practice.");
    clock.now += 30 * MINUTE + 1;
    t.match((await ask(app, "/account", come)).location, "/sign-in?to=%2Faccount");

    const form = await ask(app, "/sign-in");
    const again = {
      _csrf: tokenIn(form.html),
      name: "Ada",
      password: PASSWORD,
      code: codeAt(key, clock.now),
    };
    const wrong = { ...again, password: "not the password" };
    t.equal((await ask(app, "/sign-in", { cookie: form.cookie, fields: wrong })).status, 422);
    const back = await ask(app, "/sign-in", { cookie: form.cookie, fields: { ...again, to: "/account" } });
    t.same([back.status, back.location], [303, "/account"]);
    const account = await ask(app, "/account", back);
    await ask(app, "/sign-out", { cookie: back.cookie, fields: { _csrf: tokenIn(account.html) } });
    t.equal((await ask(app, "/account", back)).status, 303);
    const said = [...store.log.entries()].map(decodePractice).flatMap((entry) => {
      const { v: _v, ...facts } = (entry as { body: Record<string, unknown> }).body;
      return entry.kind !== null && /^(person|account|sign)/.test(entry.kind) ? [[entry.kind, facts]] : [];
    });
    t.same(said, [
      ["person-added", { person: "Ada", role: "quality-lead", groups: "", by: "practice IT" }],
      ["person-linked", { person: "Ada", expires: Date.parse(until), by: "practice IT" }],
      ["account-set", { person: "Ada", how: "password" }],
      ["signed-in", { person: "Ada", how: "password" }],
      ["sign-in-refused", { person: "Ada", reason: "not-right" }],
      ["signed-in", { person: "Ada", how: "password" }],
      ["signed-out", { person: "Ada" }],
    ]);
    const dump = JSON.stringify(
      ["person", "one_time_link", "session"].map((table) => store.db.prepare(`SELECT * FROM ${table}`).all()),
    );
    for (const secret of [PASSWORD, path.split("/").at(-1) as string, back.cookie.split("=")[1] as string])
      t.notOk(dump.includes(secret), "only digests are kept");
  },
);

t.test(
  "every route of the practice's pages, for every role, another practice, a disabled person and nobody",
  async (t) => {
    const { store, app, routes } = await story(t);
    t.throws(() => app.get("/forgotten", () => "all"), /has no rule/);
    const other = await story(t);
    const decide = may as (who: Person, action: string, about: object) => ReturnType<typeof may>;
    const ruled = routes.filter(({ rule }) => "action" in rule);
    t.ok(ruled.length >= 8);
    const asked = new Set(ruled.map(({ rule }) => ("action" in rule ? rule.action : "")));
    for (const action of Object.keys(ACTIONS) as Action[])
      if (DOORS[action] === PAGE && ACTIONS[action].at === "practice")
        t.ok(asked.has(action), `a page asks: ${action}`);
    t.same(
      routes
        .filter(({ method, rule }) => "open" in rule && method !== "HEAD")
        .map(({ method, path }) => `${method} ${path}`)
        .toSorted(),
      [
        ...["GET /first-visit/:secret", "GET /page.css", "GET /sign-in"],
        ...["POST /first-visit/:secret", "POST /sign-in", "POST /sign-out"],
      ],
      "these and no others answer everybody",
    );
    addPerson(other.store, "somebody", "quality-lead", IT);
    const origin = logOrigin(store.key);
    for (const [i, role] of (Object.keys(PRACTICE_ROLES) as PracticeRole[]).entries()) {
      addPerson(store, role, role, IT);
      const who = await session(store, app, i + 1);
      const own: Person = { at: "practice", name: role, role, practice: origin };
      for (const route of ruled) {
        const { action } = route.rule as { action: Action };
        t.ok(action in ACTIONS);
        const { allowed } = decide(own, action, { practice: origin, charter: null });
        const status = await statusOf(app, route, who);
        const what = `${role}: ${route.method} ${route.path}`;
        if (allowed) t.ok(![401, 403].includes(status), `${what} is theirs (${status})`);
        else t.equal(status, 403, `${what} is not theirs`);
        const forged = route.method === "POST" ? 403 : status;
        t.equal(await statusOf(app, route, { ...who, token: "x" }), forged, `${what}, forged`);
        const elsewhere = await statusOf(other.app, route, who);
        t.equal(elsewhere, route.method === "POST" ? 403 : 401, `${what} of another practice`);
      }
      disablePerson(store, role, IT);
      for (const route of ruled)
        t.equal(await statusOf(app, route, who), route.method === "POST" ? 403 : 401, `${role}, disabled`);
    }
    for (const route of ruled)
      t.equal(
        await statusOf(app, route, { cookie: "", token: "" }),
        route.method === "POST" ? 403 : 401,
        `nobody: ${route.path}`,
      );
  },
);

t.test("who is added has a role of a practice, once", async (t) => {
  const { store } = await story(t);
  const add = (name: string, role: string) => (): void => addPerson(store, name, role, IT);
  t.throws(add("Ada", "cluster-lead"), { code: "role-wrong", message: /administrator, quality-lead/ });
  t.throws(add("Ada\n", "clinician"), { code: "name-wrong" });
  t.same(listPeople(store), []);
  add("Ada", "clinician")();
  t.throws(add("ADA", "officer"), { code: "name-taken" });
  disablePerson(store, "Ada", IT);
  t.throws(() => linkPerson(store, "Ada", IT), { code: "person-unknown" });
  add("Ada", "officer")();
  t.same(listPeople(store), [{ name: "Ada", role: "officer", standing: "waits-for-first-visit" }]);
});

t.test(
  "a link that signs in by itself is of nobody who has a password: nobody acts as them unseen",
  async (t) => {
    const { store } = await story(t);
    addPerson(store, "Ada", "quality-lead", IT);
    t.throws(() => linkPerson(store, "Ada", IT, true), { code: "may-not", message: /invented practices/ });
    store.unheard(({ db }) => db.prepare("UPDATE setting SET value = 'yes' WHERE name = 'invented'").run());
    t.match(linkPerson(store, "Ada", IT, true).path, /^\/first-visit\//);
    store.unheard(({ db }) => db.prepare("UPDATE person SET password = 'x', code_key = 'y'").run());
    t.throws(() => linkPerson(store, "Ada", IT, true), { code: "may-not", message: /--look-around/ });
    t.match(linkPerson(store, "Ada", IT).path, /^\/first-visit\//);
  },
);

t.test("a backup holds people, and neither their sessions nor their links", async (t) => {
  const { store, app } = await story(t);
  addPerson(store, "Ada", "clinician", IT);
  linkPerson(store, "Ada", IT);
  await session(store, app, 1);
  const file = `${t.testdir()}/copy.db`;
  await store.backup(file);
  const { openDatabase } = await import("@cairn/sqlite");
  const copy = openDatabase(file);
  const count = (table: string): unknown => copy.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  t.same(["person", "session", "one_time_link"].map(count), [1, 0, 0]);
  copy.close();
});
