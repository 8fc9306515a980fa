/** The operator's page: what to do, who waits to be admitted, how each practice stands, and no number of one. */
import { addPerson, admit, invite, inviteAll, waitingForAdmission } from "@cairn/hub";
import { fastify } from "fastify";
import { pino } from "pino";
import t from "tap";
import { siteOn } from "../src/pages/server.js";
import { neverSaid } from "../../../tests/house/never-said.js";
import { sixOfEight } from "./cluster.js";
import { session } from "./sessions.js";
import { GROUP, story } from "./story.js";

const MARKUP = "<b>Glen & co</b>";

t.test("to do, who waits, states in words, library and schedules", async (t) => {
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
  t.match(text, /waits to be admitted: see below/);
  t.notMatch(text, fingerprint, "who admits types what is read out: it is not there to copy");
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

t.test(
  "an operator admits by form what somebody else invited, with the fingerprint as it was read out",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const { app } = await siteOn(fastify(), hub, pino({ level: "silent" }));
    for (const name of ["Ops", "Olga"]) await addPerson(hub, { name, role: "hub-operator", groups: [] });
    const { fingerprint } = await it.newAgent().enrol(await invite(hub, MARKUP, [GROUP], "ops"));
    const first = await session(hub, app, 1);
    const second = await session(hub, app, 2);
    const send = async (to: string, { cookie, token }: typeof first, fields: Record<string, string>) => {
      const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
      const payload = new URLSearchParams({ _csrf: token, practice: MARKUP, seen: fingerprint, ...fields });
      const url = `/operator/${to}`;
      const reply = await app.inject({ method: "POST", url, headers, payload: payload.toString() });
      return { status: reply.statusCode, text: reply.body.replace(/\s+/g, " ") };
    };
    const state = () => hub.store.file.prepare("SELECT state FROM agent").pluck().all();
    const { body } = await app.inject({ url: "/operator", headers: { cookie: first.cookie } });
    t.match(body, 'action="/operator/admit"');
    t.notMatch(body, "<b>");

    const own = await send("admit", first, { fingerprint });
    t.equal(own.status, 409);
    t.match(own.text, "ops invited");
    t.match(own.text, "somebody else has to compare the fingerprint");
    await t.rejects(admit(hub, MARKUP, fingerprint, "OPS"), { code: "may-not" }, "by command neither");
    const wrong = await send("admit", second, { fingerprint: "0000-0000-0000-0000-0000" });
    t.match([wrong.status, wrong.text], [409, "do not admit while they differ"]);
    t.match(wrong.text, 'value="0000-0000-0000-0000-0000"', "what was typed stays, to be compared again");
    t.equal(
      (await send("admit", second, { fingerprint, seen: "AAAA" })).status,
      409,
      "a page of another agent",
    );
    t.equal((await send("admit", second, { fingerprint, _csrf: "x" })).status, 403);
    t.same(state(), ["enrolled"]);
    t.equal(
      (await send("admit", second, { fingerprint: ` ${fingerprint.toLowerCase().replaceAll("-", " ")} ` }))
        .status,
      303,
    );
    t.same(state(), ["admitted"]);
    for (const to of ["admit", "refuse"])
      t.equal((await send(to, second, { fingerprint })).status, 409, `${to}: nobody waits any more`);
    t.same(state(), ["admitted"], "a form of before does nothing");
    const admitted = [...hub.store.log.entries()].filter(({ kind }) => kind === "agent-admitted");
    t.match(admitted, [{ body: { by: "Olga" } }]);

    await it.newAgent().enrol(await invite(hub, MARKUP, [GROUP], "Ops", true));
    const [waiting] = await waitingForAdmission(hub);
    t.equal(
      (await send("refuse", first, { seen: waiting!.fingerprint })).status,
      303,
      "who invited may refuse",
    );
    t.same(state().toSorted(), ["admitted", "revoked"], "the agent that serves goes on");
    it.clock.now += 11 * 60_000;
    t.equal((await send("refuse", first, {})).status, 303, "later one signs in again first");
  },
);

t.test(
  "a fingerprint that was typed is there after signing in again, for its person and its agent alone",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const { app } = await siteOn(fastify(), hub, pino({ level: "silent" }));
    for (const name of ["Ops", "Olga"]) await addPerson(hub, { name, role: "hub-operator", groups: [] });
    for (const practice of ["Ash", "Birch"])
      await it.newAgent().enrol(await invite(hub, practice, [GROUP], "ops"));
    const [ash] = (await waitingForAdmission(hub)).filter(({ practice }) => practice === "Ash");
    const first = await session(hub, app, 1);
    const second = await session(hub, app, 2);
    it.clock.now += 11 * 60_000;
    const fields = { practice: "Ash", seen: ash!.fingerprint, fingerprint: '0123 "4567' };
    const sent = await app.inject({
      ...{ method: "POST", url: "/operator/admit" },
      headers: { cookie: first.cookie, "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams({ _csrf: first.token, ...fields }).toString(),
    });
    t.match(sent.headers.location, "/sign-in");
    const typed = async ({ cookie }: typeof first): Promise<(string | undefined)[]> => {
      const { body } = await app.inject({ url: "/operator", headers: { cookie } });
      const inputs = body.match(/<input[^>]*name="fingerprint"[^>]*>/g) ?? [];
      return inputs.map((input) => /value="([^"]*)"/.exec(input)?.[1]);
    };
    t.same(await typed(second), ["", ""], "another person's form is empty");
    t.same(await typed(first), ["0123 &quot;4567", ""]);
    t.same(await typed(first), ["", ""], "given once");
  },
);
