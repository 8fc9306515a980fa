/** The operator's page: what to do, who waits with which fingerprint, how each practice stands, and no number of one. */
import { addPerson, invite, inviteAll } from "@cairn/hub";
import { fastify } from "fastify";
import { pino } from "pino";
import t from "tap";
import { siteOn } from "../src/pages/server.js";
import { neverSaid } from "../../../tests/house/never-said.js";
import { sixOfEight } from "./cluster.js";
import { session } from "./sessions.js";
import { GROUP, story } from "./story.js";

const MARKUP = "<b>Glen & co</b>";

t.test("to do, fingerprints with the command, states in words, library and schedules", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await sixOfEight(it);
  const { fingerprint } = await it.newAgent().enrol(await invite(hub, MARKUP, [MARKUP]));
  await invite(hub, "Late", [GROUP]);
  const { app } = await siteOn(fastify(), hub, pino({ level: "silent" }));
  await addPerson(hub, { name: "Ops", role: "hub-operator", groups: [] });
  const { cookie } = await session(hub, app, 1);
  const get = async (url: string) => {
    const { statusCode, body } = await app.inject({ url, headers: { cookie } });
    return { status: statusCode, body, text: body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ") };
  };
  t.match((await get("/")).body, 'href="/operator"');
  const { status, text, body } = await get("/operator");
  t.equal(status, 200);
  t.notMatch(body, "<b>");
  t.match(text, /waits to be admitted\. Have the practice read out the fingerprint/);
  t.match(text, `--fingerprint ${fingerprint}`);
  t.match(text, /Late: its join code is good until \d{4}-/);
  t.match(text, /Ash State .*Glen cluster: 1 released/);
  t.match(text, /Oak State .*1 declined/);
  t.match(text, /Version 1 is in force, with 4 queries/);
  t.match(text, /1 Glen cluster every quarter .*bp-control asked for 2025-03-31, of 8 practices/);
  t.notMatch(text, /\d\u00a0%/, "no share of anybody");
  t.notMatch(body, /<circle|<svg/);
  t.same(neverSaid(text), []);
  t.equal((await get("/operator?page=2")).status, 404);
  await inviteAll(
    hub,
    Array.from({ length: 100 }, (_, i) => ({ practice: `Practice ${i}`, groups: [GROUP] })),
  );
  t.match((await get("/operator")).text, "Page 1 of 2. Later practices");
  t.match((await get("/operator?page=2")).text, "Page 2 of 2. Earlier practices");
});
