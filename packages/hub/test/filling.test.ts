/** What nobody who has not signed in can fill: the hub's log and its sessions. */
import { addPerson } from "@cairn/hub";
import { decodeHub } from "@cairn/ledger";
import { request } from "node:http";
import { fastify } from "fastify";
import { pino } from "pino";
import t from "tap";
import { siteOn, startPages } from "../src/pages/server.js";
import { HubSignInStore } from "../src/people/sign-in-store.js";
import { story } from "./story.js";
import { tokenIn } from "./visit.js";

t.test("a hundred sign-ins that are refused are six entries, with their number", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await addPerson(hub, { name: "Ada", role: "analyst", groups: [] });
  const { app } = await siteOn(fastify(), hub, pino({ level: "silent" }));
  const shown = await app.inject("/sign-in");
  const cookie = `cairn-hub=${shown.cookies[0]?.value}`;
  const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
  for (let i = 0; i < 100; i++) {
    const fields = { _csrf: tokenIn(shown.body), name: `n${i}`, password: "x", code: "1" };
    const { statusCode } = await app.inject({
      ...{ method: "POST", url: "/sign-in", headers, payload: new URLSearchParams(fields).toString() },
      remoteAddress: `192.0.2.${i % 10}`,
    });
    if (statusCode !== 422) t.fail(`try ${i}: ${statusCode}`);
  }
  await app.close();
  const told = [...hub.store.log.entries()].map(decodeHub).flatMap((entry) => {
    if (entry.kind === "sign-in-refused") return [1];
    return entry.kind === "sign-ins-refused" && entry.body.person === null ? [entry.body.times] : [];
  });
  t.same(told, [1, 1, 1, 1, 1, 95]);
});

t.test("of sessions with which nobody has signed in the newest are kept, and people's all", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await addPerson(hub, { name: "Ada", role: "analyst", groups: [] });
  const store = new HubSignInStore(hub);
  const start = it.clock.now;
  for (let i = 0; i < 12; i++) {
    it.clock.now += 1_000;
    await store.keepSession(Buffer.from([i]), "{}", i < 2 ? 1 : null);
  }
  await store.forgetSessions({ nobodys: start, most: 4, peoples: start });
  const kept = hub.store.file
    .prepare("SELECT digest FROM session ORDER BY seen_at")
    .pluck()
    .all() as Buffer[];
  t.same(
    kept.map(([first]) => first),
    [0, 1, 8, 9, 10, 11],
  );
});

t.test(
  "behind a proxy: its name is answered, cookies are Secure, each reader has an address, nobody is a visitor",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const log = pino({ level: "silent" });
    const behind = { pages: "https://hub.example.org", proxies: ["127.0.0.1"] };
    const pages = await startPages(hub, "127.0.0.1", 0, log, behind);
    t.teardown(() => pages.close());
    const { port } = new URL(pages.address);
    const ask = (path: string, host: string, from: string) =>
      new Promise<{ status: number; cookie: string }>((resolve, reject) => {
        const headers = { host, "x-forwarded-for": from, "x-forwarded-proto": "https" };
        request({ host: "127.0.0.1", port, path, headers })
          .on("response", (reply) => {
            const [cookie = ""] = reply.resume().headers["set-cookie"] ?? [];
            resolve({ status: reply.statusCode ?? 0, cookie });
          })
          .on("error", reject)
          .end();
      });
    t.equal(
      (await ask("/", "hub.example.org", "192.0.2.1")).status,
      303,
      "without an account nobody sees a group",
    );
    t.match((await ask("/sign-in", "hub.example.org", "192.0.2.1")).cookie, "; Secure");
    for (const host of ["evil.example", "hub.example.org:8080", "hub.example.org.evil.example"])
      t.equal((await ask("/sign-in", host, "192.0.2.1")).status, 421, host);
    const statuses = new Set<number>();
    for (let i = 0; i < 61; i++) statuses.add((await ask("/sign-in", "hub.example.org", "192.0.2.1")).status);
    t.ok(statuses.has(429));
    t.equal((await ask("/sign-in", "hub.example.org", "192.0.2.2")).status, 200, "another reader goes on");
    t.equal(
      (await ask("/sign-in", "hub.example.org", "192.0.2.9, 192.0.2.1")).status,
      429,
      "what a reader claims is not taken",
    );
  },
);
