/** A full disk at the hub is said as that, to agents and to who runs its commands; nothing acknowledged is lost. */
import { randomUUID } from "node:crypto";
import { publishFolder } from "./publish-folder.js";
import t from "tap";
import type { Assignment__Output } from "@cairn/wire";
import { admit, closeNow, comparisonsJson, invite, pauseSchedule, withHub, type Hub } from "@cairn/hub";
import { cluster, made } from "./cluster.js";
import { GROUP, story } from "./story.js";

/** SQLite's own way to a full disk: not one page more than there is, and those that are free taken. */
function fill({ store }: Hub): () => void {
  const { file } = store;
  file.exec("CREATE TABLE IF NOT EXISTS filler (bytes BLOB) STRICT");
  file.pragma(`max_page_count = ${Number(file.pragma("page_count", { simple: true }))}`);
  for (const bytes of [100_000, 4000, 400]) {
    try {
      for (;;) file.exec(`INSERT INTO filler VALUES (zeroblob(${bytes}))`);
    } catch {
      continue; // no room for so much
    }
  }
  return () => void file.pragma("max_page_count = 1073741823");
}

t.test("calls of agents name a full disk, and are taken once there is room again", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, runs } = (await cluster(it, ["A"], { periods: 4 })).get("A")!;
  const { hub } = it.serving;
  const free = fill(hub);
  const full = { code: "disk-full", kind: "unavailable", message: /disk is full/ };
  const sent = runs.map((run: Assignment__Output) => made(agent, run, 500, 0.5));
  const uses = sent.map((one) => agent.use(one, GROUP));
  const submit = () => agent.api.submit({ releases: sent, uses, idempotencyKey: randomUUID() });
  const size = hub.store.log.size;
  let said: unknown = null;
  // What is free within its pages is used up first.
  for (let i = 0; i < 200 && said === null; i++)
    await agent.api
      .claim({ runs: ["x", "y"], idempotencyKey: randomUUID() })
      .catch((error: unknown) => (said = error));
  t.match(said, full);
  await t.rejects(submit(), full);
  t.equal(hub.store.log.size, size, "wholly or not at all");
  t.match((await comparisonsJson(hub, GROUP))[0]?.practices, [{ state: "pending" }]);
  free();
  t.equal((await submit()).receipts.length, 8);
  t.match((await comparisonsJson(hub, GROUP))[0]?.practices, [{ state: "released" }]);
});

t.test("no call says anything but that the disk is full, and each is taken once there is room", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, runs } = (await cluster(it, ["A"], { periods: 4 })).get("A")!;
  const { hub } = it.serving;
  const { fingerprint } = await it.newAgent().enrol(await invite(hub, "B", [GROUP]));
  const code = await invite(hub, "C", [GROUP]);
  const newcomer = it.newAgent();
  const [run] = runs as [Assignment__Output];
  const sent = made(agent, run, 500, 0.5);
  const uses = [agent.use(sent, GROUP)];
  const states = [{ run: run.run, state: "AGENT_RUN_STATE_WAITING_FOR_RECORDS" as const }];
  const again = (): { idempotencyKey: string } => ({ idempotencyKey: randomUUID() });
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["invite", () => invite(hub, randomUUID(), ["x".repeat(100)])],
    ["claim", () => agent.api.claim({ runs: [run.run], ...again() })],
    ["report", () => agent.api.report({ runs: states, ...again() })],
    ["submit", () => agent.api.submit({ releases: [sent], uses, ...again() })],
    ["renew", () => agent.renew()],
    ["poll", () => agent.poll()],
    ["enrol", () => newcomer.enrol(code)],
    ["admit", () => admit(hub, "B", fingerprint)],
    ["witness", () => agent.api.witness({ seenSize: 0, cosigned: "" })],
    ["fetchComparisons", () => agent.api.fetchComparisons({})],
  ];
  const outcome = (call: () => Promise<unknown>): Promise<string> =>
    call().then(
      () => "done",
      (error: { code: string }) => error.code,
    );
  const free = fill(hub);
  const refused: string[] = [];
  for (const [name, call] of calls) {
    let code = "done"; // what is free within its pages is used up first
    for (let i = 0; i < 200 && code === "done"; i++) code = await outcome(call);
    t.match(code, /^(done|full|disk-full)$/, name);
    if (code !== "done") refused.push(name);
  }
  for (const name of ["invite", "claim", "report", "submit", "renew"]) t.ok(refused.includes(name), name);
  const { pages } = it.serving;
  t.same(await (await fetch(`${pages}/readyz`)).json(), { ready: false, because: "disk-full" });
  free();
  for (const [name, call] of calls) t.equal(await outcome(call), "done", `${name}, with room`);
});

t.test("commands beside the hub name a full disk in words, exit 4", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await cluster(it, ["A"]);
  const full = { code: "full", kind: "unavailable", message: /hub\.db: the disk is full; free some space/ };
  const beside = (work: (hub: Hub) => Promise<unknown>) =>
    withHub(it.folder, async (hub) => {
      fill(hub);
      for (let i = 0; i < 500; i++) await work(hub);
    });
  const long = "x".repeat(100);
  await t.rejects(
    beside((hub) => invite(hub, `${Math.random()}`, [long])),
    full,
  );
  await t.rejects(
    beside((hub) => publishFolder(hub, `${it.folder}/../library`)),
    full,
  );
  await t.rejects(
    beside((hub) => pauseSchedule(hub, 1, true)),
    full,
  );
  await t.resolves(closeNow(it.serving.hub, GROUP), "and the hub goes on");
});
