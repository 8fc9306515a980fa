/** What one caller may cost is bounded: the figures stand here. */
import { randomUUID } from "node:crypto";
import { publishFolder } from "./publish-folder.js";
import t from "tap";
import { makeJoinCode, parseJoinCode, type Assignment__Output } from "@cairn/wire";
import { addSchedule, admit, closeNow, invite, pauseSchedule, revoke } from "@cairn/hub";
import { enrol } from "../src/enrolment/enrol.js";
import { cluster } from "./cluster.js";
import { GROUP, story } from "./story.js";

const refused = { code: "bad-request" };
const MEGABYTE = 1024 * 1024;

/** CPU time of this process, milliseconds. */
async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

t.test(
  "a stranger's enrolment costs a look at its sizes and its code, before anything is parsed",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const code = await invite(hub, "Rowan", [GROUP]);
    const stranger = it.newAgent();
    const request = { joinCode: code, csr: await stranger.csr(), keeperKey: Buffer.alloc(32), instance: "i" };
    const { api } = stranger;
    await t.rejects(
      api.enrol({ ...request, keeperKey: Buffer.alloc(31) }),
      refused,
      "so that the line is open",
    );
    const large = Buffer.alloc(5 * MEGABYTE, 0x30);
    const spent = await cost(() =>
      t.rejects(api.enrol({ ...request, csr: large }), refused, "5 MB of request"),
    );
    t.ok(spent < 500, `5 MB cost ${Math.round(spent)} ms of CPU, at both ends, against 500`);
    for (const [what, wrong] of [
      ["2,049 bytes of request", { csr: Buffer.alloc(2049) }],
      ["a long code", { joinCode: "cairn-".padEnd(201, "A") }],
      ["a long name of an installation", { instance: "x".repeat(101) }],
      ["no name of an installation", { instance: "" }],
      ["escape codes for a version", { agentVersion: "\u001b[2J" }],
      ["a long version", { agentVersion: "x".repeat(101) }],
    ] as const) {
      await t.rejects(api.enrol({ ...request, ...wrong }), refused, what);
    }
    await t.rejects(api.enrol({ ...request, csr: Buffer.alloc(2048) }), { code: "bad-csr" });

    const unknown = makeJoinCode({ ...parseJoinCode(code), secret: Buffer.alloc(16) });
    const asked = { ...request, agentVersion: "", sentAt: 0, joinCode: unknown };
    const [size, changes] = [hub.store.log.size, hub.store.file.pragma("data_version", { simple: true })];
    const wrong = await cost(async () => {
      for (let i = 0; i < 1000; i++)
        await enrol(hub, { ...asked, csr: Buffer.alloc(2048) }).catch((error: unknown) => {
          if ((error as { code?: string }).code !== "join-code-unknown") throw error;
        });
    });
    t.ok(wrong < 1000, `1,000 wrong codes cost ${Math.round(wrong)} ms of CPU, against 1,000`);
    t.equal(hub.store.log.size, size, "and leave nothing behind");
    t.equal(hub.store.file.pragma("data_version", { simple: true }), changes);
  },
);

t.test("every text and list of a call has its bound, and what is kept has its form", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, runs } = (await cluster(it, ["A"])).get("A")!;
  const [run] = runs as [Assignment__Output];
  const key = () => ({ idempotencyKey: randomUUID() });
  const many = (n: number): string[] => Array.from({ length: n }, () => "r");
  const long = "x".repeat(100_000);
  const poll = { instance: agent.instance, generation: 0, holdSeconds: 0, libraryVersion: "1", coversTo: "" };
  const { api } = agent;
  const calls: [string, () => Promise<unknown>][] = [
    ["runs in hand", () => api.poll({ ...poll, knownRuns: many(20_001) })],
    ["a run in hand", () => api.poll({ ...poll, knownRuns: [long] })],
    ["a library's version", () => api.poll({ ...poll, libraryVersion: long })],
    ["a version with escape codes", () => api.poll({ ...poll, libraryVersion: "\u001b[31m" })],
    ["a day that is none", () => api.poll({ ...poll, coversTo: "\u001b]0;x" })],
    ["an installation", () => api.poll({ ...poll, instance: long })],
    ["a library asked for", () => api.fetchLibrary({ version: long, offset: 0 })],
    ["runs claimed", () => api.claim({ runs: many(1001), ...key() })],
    ["a run claimed", () => api.claim({ runs: [long], ...key() })],
    ["a key", () => api.claim({ runs: [], idempotencyKey: long })],
    ["runs reported", () => api.report({ runs: many(1001).map((one) => ({ run: one })), ...key() })],
    [
      "groups of a run",
      () => api.report({ runs: [{ run: run.run, groups: many(65).map((group) => ({ group })) }], ...key() }),
    ],
    ["a group's name", () => api.report({ runs: [{ run: run.run, groups: [{ group: long }] }], ...key() })],
    [
      "a refusal's code",
      () => api.report({ runs: [{ run: run.run, refusal: { code: long, words: "" } }], ...key() }),
    ],
    ["releases", () => api.submit({ releases: many(1001).map((one) => ({ run: one })), ...key() })],
    ["uses", () => api.submit({ uses: many(4001).map((one) => ({ run: one })), ...key() })],
    ["a used group's name", () => api.submit({ uses: [{ run: run.run, group: long }], ...key() })],
    [
      "a request to renew",
      () => api.renew({ csr: Buffer.alloc(2049), generation: 0, instance: "i", ...key() }),
    ],
    ["a checkpoint", () => api.witness({ seenSize: 0, cosigned: "x".repeat(16_385) })],
  ];
  for (const [what, call] of calls) await t.rejects(call(), refused, what);
  await t.resolves(api.poll({ ...poll, knownRuns: many(20_000), coversTo: "2026-01-31" }));
});

t.test("one agent's calls leave at most so much behind", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, runs } = (await cluster(it, ["A"])).get("A")!;
  const [run] = runs as [Assignment__Output];
  const { store } = it.serving.hub;
  const kept = async (): Promise<number> =>
    (await store.db.selectFrom("idempotency").select("key").execute()).length;
  for (let i = 0; i < 520; i++) {
    it.clock.now += 1;
    await agent.api.claim({ runs: ["x"], idempotencyKey: randomUUID() });
  }
  t.ok((await kept()) <= 502, "replies: its newest 500");

  const numbers = (n: number): number[] => Array.from({ length: run.cells }, () => n);
  const releases = Array.from({ length: 40 }, (_, i) => agent.release(run, numbers(501), numbers(5 * i + 1)));
  const { refusals } = await agent.api.submit({ releases, uses: [], idempotencyKey: randomUUID() });
  t.equal(refusals.length, 39);
  t.equal(
    (await store.db.selectFrom("release_conflict").select("run").execute()).length,
    16,
    "conflicts of a run",
  );
  const [counted] = releases;
  const uses = Array.from({ length: 80 }, () => agent.use(counted!, GROUP));
  const sent = await agent.api.submit({ releases: [], uses, idempotencyKey: randomUUID() });
  t.equal(sent.receipts.length, 64, "uses of a run by a group");
  t.match(sent.refusals[0], { refusal: { code: "bad-request" } });
});

t.test("each decision at the hub names its person, whose name reads the same everywhere", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const code = await invite(hub, "Rowan", [GROUP], "Ada");
  const agent = it.newAgent();
  const { fingerprint } = await agent.enrol(code);
  await admit(hub, "Rowan", fingerprint, "Bea");
  await publishFolder(hub, `${it.folder}/../library`, "Cem");
  const schedule = {
    group: GROUP,
    queries: ["bp-control"],
    every: "quarter",
    periods: 1,
    until: null,
    cron: null,
    timezone: "Europe/London",
    catchUp: "latest",
    catchUpWindow: 0,
    spread: 0,
    collectFor: 86_400_000,
  } as const;
  const { schedule: id } = await addSchedule(hub, schedule, "Dai");
  const { doWhatIsDue } = await import("@cairn/hub");
  await doWhatIsDue(hub);
  await pauseSchedule(hub, id, true, "Eve");
  await pauseSchedule(hub, id, false, "Fay");
  await closeNow(hub, GROUP, "Gil");
  await revoke(hub, "Rowan", "Hal");
  const said = [...hub.store.log.entries()].flatMap(({ kind, body }) =>
    body.by === undefined ? [] : [`${kind} ${body.by}`],
  );
  const { userInfo } = await import("node:os");
  t.same(said, [
    `library-published ${userInfo().username}`,
    "practice-invited Ada",
    "agent-admitted Bea",
    "library-published Cem",
    "schedule-added Dai",
    "schedule-paused Eve",
    "schedule-resumed Fay",
    "collections-ended Gil",
    "agent-revoked Hal",
  ]);
  const size = hub.store.log.size;
  for (const by of ["", "\u001b[2JAda", "a\u202eb", "two\nlines", "x".repeat(101)]) {
    const wrong = { code: "name-wrong", kind: "wrong-use" };
    await t.rejects(invite(hub, "Rowan", [], by), wrong);
    await t.rejects(admit(hub, "Rowan", fingerprint, by), wrong);
    await t.rejects(revoke(hub, "Rowan", by), wrong);
    await t.rejects(publishFolder(hub, null, by), wrong);
    await t.rejects(addSchedule(hub, schedule, by), wrong);
    await t.rejects(pauseSchedule(hub, id, true, by), wrong);
    await t.rejects(closeNow(hub, GROUP, by), wrong);
  }
  t.equal(hub.store.log.size, size);
  const typed: Promise<unknown>[] = [
    admit(hub, "\u001b[2JRowan", fingerprint),
    revoke(hub, "Ro\u202ewan"),
    closeNow(hub, "\u001b]0;x\u0007"),
    addSchedule(hub, { ...schedule, group: "\u001b[2J" }),
    addSchedule(hub, { ...schedule, queries: ["\u001b[2J"] }),
    addSchedule(hub, { ...schedule, cron: "\u001b[2J" }),
  ];
  for (const call of typed)
    await t.rejects(call, { message: /^[^\p{C}]+$/u }, "what was typed is said back in plain");
});

t.test("one report names each run once, and at most 4,000 groups over all of them", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, runs } = (await cluster(it, ["Ash"])).get("Ash")!;
  const groups = Array.from({ length: 64 }, (_, i) => ({ group: `g${i}` }));
  const told = (run: string) => ({ run, state: "AGENT_RUN_STATE_READY" as const, groups });
  const report = (all: readonly ReturnType<typeof told>[]) =>
    agent.api.report({ runs: [...all], idempotencyKey: randomUUID() });
  await t.rejects(report([told(runs[0]!.run), told(runs[0]!.run)]), refused, "a run twice");
  await t.rejects(report(Array.from({ length: 63 }, (_, i) => told(`r${i}`))), refused, "4,032 groups");
  t.match(await report(Array.from({ length: 62 }, (_, i) => told(`r${i}`))), { receipts: [] });
});
