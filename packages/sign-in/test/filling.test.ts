/** What anybody may do without end before signing in, and what it may not fill. */
import type { HubPerson } from "@cairn/access";
import { addressLimit, open, Refusals, siteOf, startSessions } from "@cairn/sign-in";
import { html } from "@cairn/text";
import { fastify } from "fastify";
import t from "tap";
import { network } from "../src/address-limit.js";
import { Delays } from "../src/delays.js";
import { MemoryStore } from "./fixtures/memory-store.js";

const MINUTE = 60_000;
const ADA: HubPerson = { at: "hub", name: "Ada", role: "analyst", groups: "every" };

t.test("an account's delay stays, however many other names are tried", (t) => {
  const clock = { now: Date.UTC(2026, 0, 5) };
  const delays = new Delays(() => clock.now);
  for (let i = 0; i < 8; i++) delays.wrong({ account: 1 });
  const before = delays.left({ account: 1 });
  t.equal(before, 32_000);
  for (let i = 0; i < 10_050; i++) delays.wrong({ nobodys: `name ${i}` });
  t.equal(delays.left({ account: 1 }), before);
  for (let i = 0; i < 8; i++) delays.wrong({ nobodys: "1" });
  t.equal(delays.left({ nobodys: "1" }), before, "a name that nobody has is answered as others are");
  t.equal(delays.left({ account: 2 }), 0);
  delays.right(1);
  t.equal(delays.left({ account: 1 }), 0);
  t.end();
});

t.test("an address is a machine's, and of IPv6 a line's", (t) => {
  for (const [ip, is] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:0:7:1:2:3:4", "2001:db8:0:7"],
    ["2001:DB8:0:7::9", "2001:db8:0:7"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
  ] as const)
    t.equal(network(ip), is, ip);
  t.end();
});

t.test("of refusals of one kind the first five stand each in the log, and the rest as one", async (t) => {
  const clock = { now: Date.UTC(2026, 0, 5) };
  const store = new MemoryStore(() => clock.now);
  const refusals = new Refusals(store, () => clock.now);
  store.add(ADA);
  const ada = await store.account(1);
  for (let i = 0; i < 200; i++) await refusals.add(null, "not-right");
  for (let i = 0; i < 7; i++) await refusals.add(ada, "not-right");
  t.same([store.each.length, store.more], [10, []]);
  if (ada) await refusals.tellOf(ada);
  t.same(store.more, [{ person: "Ada", reason: "not-right", times: 2 }], "before what follows of her");
  clock.now += 59 * MINUTE;
  await refusals.tellDue();
  t.equal(store.more.length, 1);
  clock.now += MINUTE;
  await refusals.tellDue();
  t.same(store.more[1], { person: null, reason: "not-right", times: 195 });
  for (let i = 0; i < 6; i++) await refusals.add(null, "not-right");
  await refusals.tellAll();
  t.same(store.more[2], { person: null, reason: "not-right", times: 1 }, "each hour begins anew");
  await refusals.tellAll();
  t.equal(store.more.length, 3, "nothing is told twice");
});

t.test("what was counted stays counted where its entry cannot be written", async (t) => {
  const store = new MemoryStore(() => 0);
  const refusals = new Refusals(store, () => 0);
  for (let i = 0; i < 20; i++) await refusals.add(null, "not-right");
  const write = store.refusedMore.bind(store);
  store.refusedMore = async () => Promise.reject(new Error("disk full"));
  await t.rejects(refusals.tellAll(), { message: "disk full" });
  store.refusedMore = write;
  await refusals.tellAll();
  t.same(store.more, [{ person: null, reason: "not-right", times: 15 }]);
});

t.test("sixty pages before signing in, from one address in five minutes", async (t) => {
  const clock = { now: Date.UTC(2026, 0, 5) };
  const store = new MemoryStore(() => clock.now);
  const app = fastify();
  const site = siteOf<"hub", string>(app, {
    who: async () => null,
    now: () => clock.now,
    charters: async () => () => null,
    refused: (why) => html`<p>${why}</p>`,
    missing: () => html`<p>nothing here</p>`,
    openFolders: {},
    logViewing: async () => undefined,
  });
  await startSessions(app, { store, now: () => clock.now, cookie: "test", secure: false });
  const limit = addressLimit(
    app,
    ({ title, content }) =>
      html`<h1>${title}</h1>
        ${content}`,
  );
  open(site, {
    path: "/in",
    why: "only in this test",
    limit,
    answer: (_request, reply) => reply.generateCsrf(),
  });
  const ask = async (remoteAddress: string) => app.inject({ url: "/in", remoteAddress });
  for (let i = 0; i < 60; i++) t.equal((await ask("192.0.2.1")).statusCode, 200);
  const refused = await ask("192.0.2.1");
  t.equal(refused.statusCode, 429);
  t.match(refused.body, "tried too often. Try again in 5 minutes");
  t.equal(store.sessions.size, 60, "and what is refused keeps nothing");
  t.equal((await ask("192.0.2.2")).statusCode, 200, "another address goes on");
  t.equal((await ask("192.0.2.2")).headers["x-ratelimit-limit"], undefined);
});
