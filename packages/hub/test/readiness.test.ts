/** Whether the hub is ready, as whoever watches it reads: false with one word why, and back by itself. */
import t, { type Test } from "tap";
import { setTimeout as pause } from "node:timers/promises";
import { type Hub } from "@cairn/hub";
import { story, type Story } from "./story.js";

const DAY = 86_400_000;

/** What `/readyz` answers, once it says this. */
async function comesTo(t: Test, it: Story, status: number, because?: string): Promise<void> {
  const wanted = status === 200 ? { ready: true } : { ready: false, because };
  let said: unknown;
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(50)) {
    const answer = await fetch(`${it.serving.pages}/readyz`);
    said = { status: answer.status, body: await answer.json() };
    if (JSON.stringify(said) === JSON.stringify({ status, body: wanted })) break;
  }
  t.same(said, { status, body: wanted });
  t.equal((await fetch(`${it.serving.pages}/healthz`)).status, 200, "it lives all the while");
}

/** Moves what measures how long something takes, and not the clock. */
function later(t: Test, ms: number): void {
  const real = performance.now.bind(performance);
  performance.now = () => real() + ms;
  t.teardown(() => (performance.now = real));
}

t.test("a hub is ready from the start", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await comesTo(t, it, 200);
});

t.test("where no write is taken it is not ready, whether anybody calls or not", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  it.serving.hub.store.file.pragma("query_only = 1");
  later(t, 10_000); // a quiet hub tries by itself
  await comesTo(t, it, 503, "store-unwritable");
  it.serving.hub.store.file.pragma("query_only = 0");
  await comesTo(t, it, 200);
});

t.test("where a round of what is due fails it is not ready, until one succeeds", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const rename = (from: string, to: string): void =>
    void it.serving.hub.store.file.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
  rename("schedule", "gone");
  await comesTo(t, it, 503, "due-round-failed");
  rename("gone", "schedule");
  await comesTo(t, it, 200);
});

t.test("at seven days before a certificate of the hub's ends it is not ready", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const begun = it.clock.now;
  it.clock.now = begun + (5 * 365 - 8) * DAY; // the issuer's; the server's is renewed as it goes
  await comesTo(t, it, 200);
  it.clock.now += 2 * DAY;
  await comesTo(t, it, 503, "certificate-ends");
});

t.test("a disk that refused something is full for a while, whatever small write it takes then", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const agent = await it.member("Rowan");
  overfill(hub);
  await comesTo(t, it, 503, "disk-full");
  await t.resolves(agent.poll());
  await hub.store.tryToWrite();
  t.equal(hub.readiness.problem(), "disk-full");
  later(t, 16_000);
  t.equal(hub.readiness.problem(), null);
});

/** A change that has no room, on a disk of as many pages as there are. */
function overfill({ store }: Hub): void {
  store.file.pragma(`max_page_count = ${Number(store.file.pragma("page_count", { simple: true }))}`);
  const large = { name: "offline_after", value: 1 } as const;
  void store
    .quietly(async (tx) => {
      await tx.insertInto("setting").values(large).execute();
      store.file.exec(
        "CREATE TABLE filler (bytes BLOB) STRICT; INSERT INTO filler VALUES (zeroblob(10000000))",
      );
    })
    .catch(() => store.file.pragma("max_page_count = 1073741823"));
}
