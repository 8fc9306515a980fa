/** Every route of the hub's pages against everybody who could ask for it. */
import { ACTIONS, HUB_ROLES, may, type Action, type HubRole, type Person } from "@cairn/access";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CHARTER_ROLES,
  charterBytes,
  charterDigest,
  parseCharter,
  PRESETS_LOCATION,
  type Charter,
  sightOf,
  type Sight,
} from "@cairn/charters";
import { addPerson, disablePerson, invite, lookAt } from "@cairn/hub";
import { type SiteRoute } from "@cairn/sign-in";
import { fastify, type FastifyInstance } from "fastify";
import { pino } from "pino";
import t from "tap";
import { DOORS, PAGE } from "../../cli/test/fixtures/doors.js";
import { siteOn } from "../src/pages/server.js";
import { sixOfEight } from "./cluster.js";
import { publishFolder } from "./publish-folder.js";
import { GROUP, story } from "./story.js";
import { session } from "./sessions.js";
import { comparisonViewedIn } from "./viewings.js";

const log = pino({ level: "silent" });
const OTHER = "South board";

/** What stands in a path for each of its names. A new name needs a line here. */
const FILL: Readonly<Record<string, (group: string) => string>> = {
  group: encodeURIComponent,
  query: () => "bp-control",
};

function pathOf({ path }: SiteRoute, group: string): string {
  return path.replaceAll(/:(\w+)/g, (_all, name: string) => {
    const fill = FILL[name];
    if (!fill) throw new Error(`FILL has no line for :${name} of ${path}`);
    return fill(group);
  });
}

async function ask(
  app: FastifyInstance,
  { method }: SiteRoute,
  url: string,
  { cookie, token }: { cookie: string; token: string },
): Promise<number> {
  const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
  const reply = await app.inject(
    method === "POST"
      ? { method, url, headers, payload: `_csrf=${encodeURIComponent(token)}` }
      : { method: method as "GET", url, headers: { cookie } },
  );
  return reply.statusCode === 303 && String(reply.headers.location).startsWith("/sign-in?")
    ? 401
    : reply.statusCode;
}

t.test("every route has its rule, and one without is refused when the server starts", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { app, routes } = await siteOn(fastify(), it.serving.hub, log);
  t.ok(routes.length >= 5);
  for (const { method, path, rule } of routes)
    if ("action" in rule) t.ok(rule.action in ACTIONS, `${method} ${path}`);
    else t.ok(rule.open.length > 10, `${method} ${path} says why it is open`);
  t.throws(() => app.get("/forgotten", () => "all"), /has no rule/);
  const asked = new Set(routes.map(({ rule }) => ("action" in rule ? rule.action : "")));
  for (const action of Object.keys(ACTIONS) as Action[])
    if (DOORS[action] === PAGE && ACTIONS[action].at === "hub")
      t.ok(asked.has(action), `a page asks: ${action}`);
  const open = routes.filter(({ method, rule }) => "open" in rule && method !== "HEAD");
  t.same(
    open.map(({ method, path }) => `${method} ${path}`).toSorted(),
    [
      "GET /assets/*",
      "GET /assets/nhsuk.css",
      "GET /checkpoint",
      "GET /first-visit/:secret",
      "GET /healthz",
      "GET /readyz",
      "GET /sign-in",
      "GET /sign-in/elsewhere",
      "GET /sign-in/elsewhere/back",
      "GET /sign-in/elsewhere/confirm",
      "POST /cosignatures",
      "POST /first-visit/:secret",
      "POST /sign-in",
      "POST /sign-in/elsewhere/confirm",
      "POST /sign-out",
    ],
    "these and no others answer everybody",
  );
});

t.test("every route, for every role, for another group, for a disabled person and for nobody", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await sixOfEight(it);
  await invite(hub, "A", [OTHER]);
  const { app, routes } = await siteOn(fastify(), hub, log);
  const ruled = routes.filter(({ rule }) => "action" in rule);
  const decide = may as (person: Person, action: string, about: object) => ReturnType<typeof may>;
  const roles = Object.keys(HUB_ROLES) as HubRole[];
  for (const [i, role] of roles.entries()) {
    const groups = HUB_ROLES[role].groups === "every" ? [] : [GROUP];
    await addPerson(hub, { name: role, role, groups });
    const who = await session(hub, app, i + 1);
    const person: Person = {
      ...{ at: "hub", name: role, role },
      groups: groups.length === 0 ? "every" : groups,
    };
    for (const route of ruled)
      for (const group of [GROUP, OTHER]) {
        const { action } = route.rule as { action: Action };
        const { allowed } = decide(person, action, { group, charter: null });
        const status = await ask(app, route, pathOf(route, group), who);
        const what = `${role}: ${route.method} ${route.path} of ${group}`;
        if (allowed) t.ok(![401, 403].includes(status), `${what} is theirs (${status})`);
        else t.equal(status, 403, `${what} is not theirs`);
        if (route.method === "POST")
          t.equal(
            await ask(app, route, pathOf(route, group), { ...who, token: "x" }),
            403,
            `${what}, forged`,
          );
      }
    await disablePerson(hub, role);
    for (const route of ruled)
      t.equal(await ask(app, route, pathOf(route, GROUP), who), route.method === "POST" ? 403 : 401);
  }
  for (const route of ruled) {
    const status = await ask(app, route, pathOf(route, GROUP), { cookie: "", token: "" });
    t.equal(status, route.method === "POST" ? 403 : 401, `nobody: ${route.method} ${route.path}`);
  }
});

/** A group for each of three charters: nobody sees anything; all see the group alone; each sees the most that it can. */
const CHARTERED = {
  "sees-nothing": charterOf("sees-nothing", "nothing"),
  "sees-group": charterOf("sees-group", "group"),
  "sees-most": charterOf("sees-most", "named"),
};

function charterOf(group: string, most: Sight): Charter {
  const preset = readFileSync(new URL("scottish-cluster.yaml", PRESETS_LOCATION), "utf8");
  const sees = Object.entries(CHARTER_ROLES).map(([role, { sights }]) => {
    const given = (sights as readonly Sight[]).filter((each) => most === "named" || each === most).at(-1);
    return `${role}: ${given ?? "nothing"}`;
  });
  const lines = [
    ...[`charter: ${group}`, "extends: scottish-cluster", "purpose: To learn.", "controller: Each practice."],
    ...["lawful_basis: Article 6(1)(e).", "keep_for: 60 months", "review: 2027-03-31"],
    `sees: {${sees.join(", ")}}`,
  ];
  const parsed = parseCharter(`${lines.join("\n")}\n`, {
    file: "c.yaml",
    presets: { "scottish-cluster": preset },
  });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.charter;
}

t.test("every role, by page and command, at groups of every kind of charter", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const groups = Object.keys(CHARTERED) as (keyof typeof CHARTERED)[];
  await invite(hub, "A", groups);
  const beside = new Map(
    groups.map((group) => [`charters/${group}.json`, charterBytes(CHARTERED[group])] as const),
  );
  await publishFolder(hub, join(it.folder, "..", "library"), undefined, beside);
  const { app, routes } = await siteOn(fastify(), hub, log);
  const decide = may as (person: Person, action: string, about: object) => ReturnType<typeof may>;
  const tried = new Set<string>(["see-dots", "see-names"]); // by the command and the overview, below
  const chartered = routes.filter(
    ({ method, rule }) =>
      method !== "HEAD" && "action" in rule && "byCharter" in ACTIONS[rule.action as Action],
  );
  for (const group of groups) {
    const reply = await app.inject(`/groups/${group}`);
    t.equal(reply.statusCode, 403, `${group}: who has no account sees nothing`);
    await t.rejects(lookAt(hub, group, undefined), { code: "may-not" }, `${group}: nor by the command`);
  }
  for (const [i, role] of (Object.keys(HUB_ROLES) as HubRole[]).entries()) {
    const its = HUB_ROLES[role].groups === "every" ? [] : groups;
    await addPerson(hub, { name: role, role, groups: its });
    const who = await session(hub, app, i + 1);
    const person: Person = { at: "hub", name: role, role, groups: its.length === 0 ? "every" : its };
    for (const group of groups) {
      const signed = CHARTERED[group];
      const about = { group, charter: { digest: charterDigest(signed), ...sightOf(signed) } };
      for (const route of chartered) {
        const { action } = route.rule as { action: Action };
        tried.add(action);
        const status = await ask(app, route, pathOf(route, group), who);
        const what = `${role}: ${route.method} ${route.path} of ${group}`;
        if (decide(person, action, about).allowed) t.ok(![401, 403].includes(status), `${what} (${status})`);
        else t.equal(status, 403, what);
      }
      const { body } = await app.inject({ url: `/groups/${group}`, headers: { cookie: who.cookie } });
      const names = body.includes("By name: on the page of a question, and nowhere else");
      t.equal(names, may(person, "see-names", about).allowed, `${role} is told of names in ${group}`);
      const dots = may(person, "see-dots", about).allowed ? "dots" : "figures";
      if (may(person, "see-comparison", about).allowed) t.equal(await lookAt(hub, group, role), dots, role);
      else await t.rejects(lookAt(hub, group, role), { code: "may-not" }, `${role} of ${group}`);
    }
  }
  const all = (Object.keys(ACTIONS) as Action[]).filter(
    (action) => ACTIONS[action].at === "hub" && "byCharter" in ACTIONS[action],
  );
  t.same([...tried].sort(), all.sort(), "an action that no door asks is tried by none");
});

t.test("who is not the group's lead sees no dot", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await sixOfEight(it);
  const { app } = await siteOn(fastify(), hub, log);
  const dots: Record<string, number | undefined> = {};
  for (const [i, role] of (["cluster-lead", "commissioner", "supporter"] as const).entries()) {
    await addPerson(hub, { name: role, role, groups: [GROUP] });
    const { cookie } = await session(hub, app, i + 1);
    const url = `/groups/${encodeURIComponent(GROUP)}/bp-control`;
    const { body } = await app.inject({ url, headers: { cookie } });
    t.match(body, "What this says");
    dots[role] = body.match(/<circle/g)?.length;
  }
  t.same(dots, { "cluster-lead": 6, commissioner: undefined, supporter: undefined });
});

t.test(
  "each look at a comparison is in the hub's log with its person and purpose, and nothing else is",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    await sixOfEight(it);
    const { app } = await siteOn(fastify(), hub, log);
    const base = `/groups/${encodeURIComponent(GROUP)}`;
    const paths = ["", "/bp-control", "/bp-control?date=2025-03-31", "/x", "/bp-control?date=1999-01-01"];
    const common = { group: GROUP, purpose: "improvement" };
    const one = { ...common, query: "bp-control", date: "2025-03-31" };
    for (const path of paths) await app.inject(base + path);
    await addPerson(hub, { name: "Ada", role: "commissioner", groups: [GROUP] });
    const { cookie } = await session(hub, app, 1);
    for (const path of paths) await app.inject({ url: base + path, headers: { cookie } });
    for (const url of ["/", "/groups/x", "/healthz", "/assets/nhsuk.css", "/account"])
      await app.inject({ url, headers: { cookie } });
    const looks = (by: string | null): object[] => [
      { ...common, query: null, date: null, by },
      { ...one, by },
      { ...one, by },
    ];
    t.match(comparisonViewedIn(hub), [...looks(null), ...looks("Ada")]);
    t.equal(comparisonViewedIn(hub).length, 6);
  },
);
