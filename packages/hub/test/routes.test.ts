/** Every route of the hub's pages, with its rule. */
import { ACTIONS } from "@cairn/access";
import { comparisonViewedIn } from "./viewings.js";
import { fastify } from "fastify";
import { pino } from "pino";
import t from "tap";
import { siteOn } from "../src/pages/server.js";
import { sixOfEight } from "./cluster.js";
import { GROUP, story } from "./story.js";

const log = pino({ level: "silent" });

t.test("every route has its rule, and one without is refused when the server starts", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { app, routes } = await siteOn(fastify(), it.serving.hub, log);
  t.ok(routes.length >= 5);
  for (const { method, path, rule } of routes)
    if ("action" in rule) t.ok(rule.action in ACTIONS, `${method} ${path}`);
    else t.ok(rule.open.length > 10 && method !== "POST", `${method} ${path} says why it is open`);
  t.throws(() => app.get("/forgotten", () => "all"), /has no rule/);
});

t.test("each look at a comparison is in the hub's log with its purpose, and nothing else is", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it);
  const base = `${it.serving.pages}/groups/${encodeURIComponent(GROUP)}`;
  for (const path of ["", "/bp-control", "/bp-control?date=2025-03-31", "/x", "/bp-control?date=1999-01-01"])
    await fetch(base + path);
  for (const path of ["/", "/groups/x", "/healthz", "/assets/nhsuk.css"])
    await fetch(it.serving.pages + path);
  const common = { group: GROUP, purpose: "improvement", by: null };
  const one = { ...common, query: "bp-control", date: "2025-03-31" };
  t.match(comparisonViewedIn(it.serving.hub), [{ ...common, query: null, date: null }, one, one]);
  t.equal(comparisonViewedIn(it.serving.hub).length, 3);
});
