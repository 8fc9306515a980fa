import t from "tap";
import { randomUUID } from "node:crypto";
import type { Assignment__Output } from "@cairn/wire";
import { verifyExport } from "@cairn/audit-log";
import { isRunId, rawPublicKey, verifyReceipt } from "@cairn/wire";
import { addSchedule, backupHub, doWhatIsDue, heldReleases, restoreHub, type NewSchedule } from "@cairn/hub";
import type { TestAgent } from "./link/agent.js";
import { GROUP, story, type Story } from "./story.js";

const once: NewSchedule = {
  group: GROUP,
  queries: ["bp-control"],
  every: "quarter",
  periods: 2,
  until: "2025-06-30",
  cron: null,
  timezone: "Europe/London",
  catchUp: "latest",
  catchUpWindow: 0,
  spread: 0,
  collectFor: 86_400_000,
};

async function asked(it: Story, wanted: Partial<NewSchedule> = {}): Promise<void> {
  await addSchedule(it.serving.hub, { ...once, ...wanted });
  await doWhatIsDue(it.serving.hub);
}

function key(): { idempotencyKey: string } {
  return { idempotencyKey: randomUUID() };
}

function numbers(cells: number, n: number): number[] {
  return Array.from({ length: cells }, () => n + 1);
}

function answer(agent: TestAgent, run: Assignment__Output, numerator = 50): ReturnType<TestAgent["release"]> {
  return agent.release(run, numbers(run.cells, 100), numbers(run.cells, numerator));
}

async function states(it: Story): Promise<string[]> {
  const rows = await it.serving.hub.store.db
    .selectFrom("run")
    .select("state")
    .orderBy("reference_date")
    .execute();
  return rows.map((row) => row.state);
}

t.test("runs are offered oldest date first, claimed, and one result is counted", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  const parked = agent.poll([], { holdSeconds: 25 });
  await asked(it);
  const { assignments } = await parked;
  t.same(
    assignments.map((run) => run.referenceDate),
    ["2025-03-31", "2025-06-30"],
    "a parked poll is woken by what is due",
  );
  t.ok(
    assignments.every(({ run }) => isRunId(run)),
    "under ids that a practice takes",
  );
  t.ok((assignments[0]?.cells ?? 0) > 3);
  t.match(assignments[0]?.floor, { k: 8, base: 5, midpoint: 0 });
  t.same(
    (await agent.poll(assignments.map((run) => run.run))).assignments,
    [],
    "what is in hand is not told again",
  );

  const runs = assignments.map((run) => run.run);
  const claim = { runs, ...key() };
  const first = await agent.api.claim(claim);
  t.same(
    first.leases.map((lease) => lease.attempt),
    [1, 1],
  );
  t.same(await agent.api.claim(claim), first, "the same call again is not another attempt");
  t.equal((await agent.api.claim({ runs, ...key() })).leases[0]?.attempt, 2);

  const [run] = assignments as [Assignment__Output];
  const release = answer(agent, run);
  const sent = await agent.api.submit({ releases: [release], ...key() });
  const receipt = sent.receipts[0];
  t.ok(receipt && verifyReceipt(receipt, rawPublicKey(it.serving.hub.files.logKey)));
  const again = await agent.api.submit({ releases: [release], ...key() });
  t.same(again.receipts, sent.receipts, "the same digest gets the same receipt");
  t.equal((await heldReleases(it.serving.hub)).length, 1);
  t.same(await states(it), ["released", "claimed"]);
  t.equal(
    (await agent.api.claim({ runs: [run.run], ...key() })).refusals[0]?.refusal?.code,
    "run-not-claimed",
  );

  const { log } = it.serving.hub.store;
  t.match(verifyExport(log.exportLines(), { name: log.origin, key: it.serving.hub.files.logKey }), {
    ok: true,
  });
});

t.test("a second, different release for a run is refused, kept as an alarm, and not counted", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  await asked(it);
  const [run] = (await agent.poll()).assignments as [Assignment__Output];
  await agent.api.submit({ releases: [answer(agent, run)], ...key() });
  const second = await agent.api.submit({ releases: [answer(agent, run, 60)], ...key() });
  t.equal(second.refusals[0]?.refusal?.code, "run-conflict");
  t.equal(second.receipts.length, 0);
  const held = await heldReleases(it.serving.hub);
  t.equal(held.length, 1);
  const kinds = [...it.serving.hub.store.log.entries()].map((entry) => entry.kind);
  t.equal(kinds.filter((kind) => kind === "release-conflict").length, 1);
});

t.test(
  "what is not exactly an answer is refused: signature, cells, query, policy, another's run",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const rowan = await it.member("Rowan");
    const birch = await it.member("Birch");
    await asked(it);
    const [run] = (await rowan.poll()).assignments as [Assignment__Output];
    const good = answer(rowan, run);
    const refusal = async (agent: TestAgent, release: typeof good): Promise<string | undefined> =>
      (await agent.api.submit({ releases: [release], ...key() })).refusals[0]?.refusal?.code;
    t.equal(await refusal(rowan, { ...good, logSize: 9 }), "bad-signature");
    t.equal(await refusal(rowan, answer(birch, run)), "bad-signature", "signed by another practice");
    t.equal(await refusal(birch, answer(birch, run)), "run-unknown", "another practice's run");
    t.equal(
      await refusal(rowan, rowan.release(run, numbers(run.cells + 1, 100), numbers(run.cells + 1, 50))),
      "release-malformed",
    );
    t.equal(
      await refusal(rowan, answer(rowan, { ...run, referenceDate: "2025-06-30" })),
      "release-malformed",
    );
    t.equal(
      await refusal(rowan, rowan.release(run, numbers(run.cells, 101), numbers(run.cells, 50))),
      "release-malformed",
      "101 is not rounded to 5",
    );
    t.equal(
      await refusal(
        rowan,
        rowan.release(run, numbers(run.cells, 100), numbers(run.cells, 0), { k: 5, base: 5, midpoint: 0 }),
      ),
      "policy-too-weak",
    );
    t.equal((await heldReleases(it.serving.hub)).length, 0);
  },
);

t.test("a lease that runs out is offered again, and a late release is still taken", async (t) => {
  const it = await story({ lease: 60_000 });
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  await asked(it, { periods: 1 });
  const [run] = (await agent.poll()).assignments as [Assignment__Output];
  await agent.api.claim({ runs: [run.run], ...key() });
  it.clock.now += 50_000;
  await agent.api.report({ runs: [{ run: run.run, state: "AGENT_RUN_STATE_RUNNING" }], ...key() });
  it.clock.now += 50_000;
  await doWhatIsDue(it.serving.hub);
  t.same(await states(it), ["claimed"], "a running report keeps the lease");
  it.clock.now += 20_000;
  await doWhatIsDue(it.serving.hub);
  t.same(await states(it), ["offered"]);
  t.equal((await agent.poll()).assignments.length, 1);
  t.equal((await agent.api.submit({ releases: [answer(agent, run)], ...key() })).receipts.length, 1);
});

t.test(
  "what a practice reports is what the hub shows, and a later word replaces an earlier one",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const agent = await it.member("Rowan");
    await asked(it, { periods: 1 });
    const [run] = (await agent.poll()).assignments as [Assignment__Output];
    const say = async (state: string, code?: string): Promise<string[]> => {
      const refusal = code === undefined ? {} : { refusal: { code, words: "" } };
      await agent.api.report({
        runs: [{ run: run.run, state: `AGENT_RUN_STATE_${state}` as never, ...refusal }],
        ...key(),
      });
      return states(it);
    };
    t.same(await say("WAITING_FOR_RECORDS"), ["waiting-for-records"]);
    t.same(await say("WAITING_FOR_APPROVAL"), ["waiting-for-approval"]);
    t.same(await say("DECLINED"), ["declined"]);
    t.same((await agent.poll()).assignments, [], "what was declined is not asked again");
    t.same(await say("READY"), ["offered"], "until the practice says otherwise");
    t.same(await say("QUARANTINED", "run-quarantined"), ["quarantined"]);
    t.same(await say("REFUSED", "facts-unavailable"), ["refused"]);
    t.same(await say("REFUSED", "date-too-old"), ["expired"]);
    await agent.api.submit({ releases: [answer(agent, run)], ...key() });
    for (const word of ["DECLINED", "READY", "WITHDRAWN"])
      t.same(await say(word), ["released"], "nothing but a signed withdrawal follows a release");
  },
);

t.test("an idempotency key belongs to one call", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  await asked(it);
  const runs = (await agent.poll()).assignments.map((run) => run.run);
  await agent.api.claim({ runs, idempotencyKey: "k" });
  await t.rejects(agent.api.claim({ runs: runs.slice(1), idempotencyKey: "k" }), { code: "bad-request" });
  await t.rejects(agent.api.claim({ runs, idempotencyKey: "" }), { code: "bad-request" });
});

t.test(
  "restored from an old backup, the hub asks again for what it lost, and no one is un-enrolled",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const agent = await it.member("Rowan");
    await asked(it, { periods: 1 });
    const [run] = (await agent.poll()).assignments as [Assignment__Output];
    const backup = `${it.folder}-backup`;
    await backupHub(it.folder, backup);
    await t.rejects(backupHub(it.folder, backup), { code: "backup-place" });
    await agent.api.submit({ releases: [answer(agent, run)], ...key() });
    await agent.renew();
    await agent.poll();
    await it.serving.stop();

    const restored = `${it.folder}-restored`;
    await restoreHub(backup, restored);
    await t.rejects(restoreHub(it.folder + "-nothing", restored + "2"), { code: "backup-unsound" });
    const { serveHubFolder } = await import("@cairn/hub");
    const options = {
      folder: restored,
      host: "127.0.0.1",
      port: 0,
      grpcHost: "127.0.0.1",
      grpcPort: Number(it.serving.grpc.split(":")[1]),
    };
    it.serving = await serveHubFolder({
      ...options,
      logLevel: "silent",
      settings: { now: () => it.clock.now },
    });
    agent.close();
    await t.resolves(agent.poll(), "a certificate that is newer than the backup goes on");
    await agent.api.report({ runs: [{ run: run.run, state: "AGENT_RUN_STATE_ACKNOWLEDGED" }], ...key() });
    t.same((await agent.poll()).lostRuns, [run.run]);
    const { receipts } = await agent.api.submit({ releases: [answer(agent, run)], ...key() });
    t.equal(receipts.length, 1);
    t.same((await agent.poll()).lostRuns, []);
  },
);

t.test("a witness is shown that the log only grows, and its countersignature is kept", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  const { cosign, openCheckpoint, verifyConsistency } = await import("@cairn/audit-log");
  const { publicKeyFromRaw } = await import("@cairn/wire");
  const { createHash } = await import("node:crypto");
  const { origin } = it.serving.hub.store.log;
  const hubKey = { name: origin, key: publicKeyFromRaw(rawPublicKey(it.serving.hub.files.logKey)) };
  const before = openCheckpoint((await agent.poll()).checkpoint, hubKey);
  await asked(it);
  const reply = await agent.api.witness({ seenSize: before?.size ?? 0, cosigned: "" });
  const after = openCheckpoint(reply.checkpoint, hubKey);
  t.ok(before && after && after.size > before.size);
  t.ok(before && after && verifyConsistency(before, after, reply.consistency));
  const name = `cairn-practice-${createHash("sha256").update(rawPublicKey(agent.keeper.publicKey)).digest("hex").slice(0, 16)}`;
  const cosigned = cosign(reply.checkpoint, { name, key: agent.keeper.privateKey }, new Date(it.clock.now));
  await t.resolves(agent.api.witness({ seenSize: after?.size ?? 0, cosigned }));
  await t.rejects(agent.api.witness({ seenSize: 1, cosigned: reply.checkpoint }), { code: "bad-signature" });
  await t.rejects(agent.api.witness({ seenSize: 10_000, cosigned: "" }), { code: "hub-restored" });
});
