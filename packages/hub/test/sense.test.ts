/** One practice, one row or one fault stops nobody else: what cannot be is refused, or shown as that, and never thrown. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import t from "tap";
import {
  decodeRelease,
  encodeRelease,
  signRelease,
  verifyReceipt,
  rawPublicKey,
  type Assignment__Output,
  type ReleaseCodes,
  type SignedRelease__Output,
} from "@cairn/wire";
import {
  closeNow,
  comparisonsJson,
  comparisonText,
  doWhatIsDue,
  heldReleases,
  invite,
  revoke,
  setAsideOf,
  type NewSchedule,
} from "@cairn/hub";
import { nonsenseIn } from "../src/runs/sense.js";
import { cluster, made, release } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { publishFolder } from "./publish-folder.js";
import { someQueries } from "./some-queries.js";
import { GROUP, story, type Story } from "./story.js";

const K8 = { k: 8, base: 5, midpoint: 0 };

function codes(run: Assignment__Output, denominator: number, numerator: number): [number[], number[]] {
  const all = (n: number): number[] => Array.from({ length: run.cells }, () => n);
  return [all(denominator + 1), all(numerator + 1)];
}

function submit(agent: TestAgent, releases: SignedRelease__Output[]) {
  const uses = releases.map((one) => agent.use(one, GROUP));
  return agent.api.submit({ releases, uses, idempotencyKey: randomUUID() });
}

/** The same release with something else in it, signed anew. */
function changed(
  agent: TestAgent,
  run: Assignment__Output,
  release: SignedRelease__Output,
  as: (is: ReleaseCodes) => ReleaseCodes,
) {
  const is = decodeRelease(release.release, run.cells);
  return signRelease({ ...release, release: encodeRelease(as(is)) }, agent.keeper.privateKey);
}

/** The last of whom is waited for: nothing closes before it is told to. */
async function seven(it: Story, schedule: Partial<NewSchedule> = {}) {
  return [...(await cluster(it, ["A", "B", "C", "D", "E", "F", "G"], schedule)).values()];
}

/** What a hub that did not look took in: the rows as they would stand there. */
async function putIn(it: Story, agent: TestAgent, sent: SignedRelease__Output): Promise<void> {
  const { db } = it.serving.hub.store;
  const { run } = sent;
  await db.deleteFrom("release").where("run", "=", run).execute();
  const row = await db.selectFrom("run").selectAll().where("id", "=", run).executeTakeFirstOrThrow();
  await db
    .insertInto("release")
    .values({
      run,
      correction: 0,
      digest: agent.use(sent, GROUP).releaseDigest,
      bytes: sent.release,
      library_digest: sent.libraryDigest,
      policy_k: 8,
      policy_base: 5,
      policy_midpoint: 0,
      log_index: sent.logIndex,
      log_size: sent.logSize,
      log_root: sent.logRoot,
      signature: sent.signature,
      record_basis: sent.recordBasis,
      opt_outs: sent.optOuts,
      received_at: row.changed_at,
      hub_log_index: 1,
      receipt: Buffer.alloc(64),
    })
    .execute();
  await db.updateTable("run").set({ state: "released" }).where("id", "=", run).execute();
  await agent.api.submit({ releases: [], uses: [agent.use(sent, GROUP)], idempotencyKey: randomUUID() });
}

t.test("what no practice can have counted is refused, and what came with it is taken", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, runs } = (await cluster(it, ["A"], { periods: 2 })).get("A")!;
  const [run, other] = runs as [Assignment__Output, Assignment__Output];
  const good = made(agent, run, 500, 0.5);
  const without = await publishFolder(
    it.serving.hub,
    someQueries(join(it.folder, "..", "small"), ["hypertension-register"]),
  );
  const from = (library: Buffer): SignedRelease__Output =>
    signRelease({ ...good, libraryDigest: library }, agent.keeper.privateKey);
  for (const [what, bad, code] of [
    ["15 of 10", agent.release(run, ...codes(run, 10, 15)), "release-malformed"],
    ["1,000 of 10", agent.release(run, ...codes(run, 10, 1000)), "release-malformed"],
    ["10 of nobody", agent.release(run, ...codes(run, 0, 10)), "release-malformed"],
    ["a library that was not published", from(Buffer.alloc(32, 9)), "query-unknown"],
    ["a library without its query", from(Buffer.from(without.digest, "hex")), "query-unknown"],
    ["half a library's digest", from(agent.library.subarray(16)), "bad-signature"],
    [
      "carried from the year dot",
      changed(agent, run, good, (is) => ({ ...is, carried: is.denominator.map(() => 4_000_000) })),
      "release-malformed",
    ],
    [
      "its log's end before its place there",
      signRelease({ ...good, logSize: 1 }, agent.keeper.privateKey),
      "bad-signature",
    ],
  ] as const) {
    const sent = await agent.api.submit({
      releases: [bad, made(agent, other, 500, 0.5)],
      uses: [],
      idempotencyKey: randomUUID(),
    });
    t.match(sent.refusals, [{ run: run.run, refusal: { code } }], what);
    t.match(sent.receipts, [{ run: other.run }], `${what}: the other is taken`);
  }
  const kept = changed(agent, run, good, (is) => ({ ...is, carried: is.denominator.map((_, i) => i % 3) }));
  const { receipts } = await submit(agent, [kept]);
  t.ok(
    verifyReceipt(receipts[0]!, rawPublicKey(it.serving.hub.files.logKey)),
    "carried for two periods can be",
  );
  t.ok(
    nonsenseIn({ denominator: [0], numerator: [11], carried: [] }, K8),
    "a denominator that is withheld withholds its numerator",
  );
  t.equal(nonsenseIn({ denominator: [0], numerator: [0], carried: [] }, K8), null, "withheld says nothing");
  t.equal(nonsenseIn({ denominator: [11], numerator: [11], carried: [] }, K8), null, "a full cell");
});

t.test(
  "a release that cannot be, taken by a hub that did not look, is refused there and stops no collection",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = (await seven(it, { periods: 2 })).slice(0, 6);
    for (const { agent, runs } of members) for (const run of runs) await release(agent, run, 500, 0.5);
    const { agent, runs } = members[0]!;
    const [first, second] = runs as [Assignment__Output, Assignment__Output];
    await putIn(it, agent, agent.release(first, ...codes(first, 10, 15)));
    await putIn(it, agent, agent.release(second, ...codes(second, 10, 1000)));
    await closeNow(it.serving.hub, GROUP);
    const totals = (await comparisonsJson(it.serving.hub, GROUP)).filter(
      ({ split }) => Object.keys(split).length === 0,
    );
    t.equal(totals.length, 2);
    for (const { practices, group } of totals) {
      t.same(practices[0], { practice: "A", state: "refused", alarm: "release-malformed" });
      t.match(group, { state: "made", contributors: 5 }, "made of the others");
    }
    t.match(
      await comparisonText(it.serving.hub, GROUP, "names"),
      /A +sent numbers that cannot be, which are not counted/,
    );
    for (const date of [first.referenceDate, second.referenceDate]) {
      const page = await fetch(
        `${it.serving.pages}/groups/${encodeURIComponent(GROUP)}/bp-control?date=${date}`,
      );
      t.equal(page.status, 200);
      t.match(await page.text(), /1 practice sent numbers that cannot be, which are not counted/);
    }
  },
);

t.test("the key of an agent that was locked out before it was let in vouches for no bytes", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const [{ agent, runs }] = (await seven(it)) as [Awaited<ReturnType<typeof seven>>[number]];
  const sent = made(agent, runs[0]!, 500, 0.5);
  await submit(agent, [sent]);
  const shown = async () => (await comparisonsJson(hub, GROUP))[0]!.practices[0]!;
  const stranger = it.newAgent();
  await stranger.enrol(await invite(hub, "A", [GROUP], "Ada", true));
  await revoke(hub, "A");
  t.match(await shown(), { state: "released" }, "of one that was let in it does, locked out too");
  const { signature } = signRelease(sent, stranger.keeper.privateKey);
  await hub.store.db.updateTable("release").set({ signature }).where("run", "=", sent.run).execute();
  t.match(await shown(), { state: "refused", alarm: "bad-signature" });
});

t.test(
  "bytes that were swapped in the hub's file are an alarm, and are never counted, exported or given back",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = (await seven(it)).slice(0, 6);
    const sent = members.map(({ agent, runs }, i) => made(agent, runs[0]!, 500 + 10 * i, 0.5));
    for (const [i, { agent }] of members.entries()) await submit(agent, [sent[i]!]);
    const { db } = it.serving.hub.store;
    const { agent } = members[0]!;
    const run = sent[0]!.run;
    const shown = async () => (await comparisonsJson(it.serving.hub, GROUP))[0]!.practices[0]!;
    const before = await db
      .selectFrom("release")
      .selectAll()
      .where("run", "=", run)
      .executeTakeFirstOrThrow();
    const use = await db
      .selectFrom("release_use")
      .selectAll()
      .where("run", "=", run)
      .executeTakeFirstOrThrow();
    t.match(await shown(), { state: "released", denominator: { value: 500 } });
    const alarm = { practice: "A", state: "refused", alarm: "bad-signature" };
    const other = await db
      .selectFrom("release")
      .selectAll()
      .where("run", "=", sent[5]!.run)
      .executeTakeFirstOrThrow();
    for (const [what, change] of [
      ["another practice's bytes", { bytes: other.bytes }],
      ["another practice's whole row", { ...other, run }],
      ["another policy", { policy_k: 10, policy_base: 6 }],
      ["another basis", { record_basis: "RECORD_BASIS_BIRTH" }],
      ["no bytes at all", { bytes: Buffer.alloc(0) }],
      ["half a signature", { signature: before.signature.subarray(32) }],
    ] as const) {
      await db.updateTable("release").set(change).where("run", "=", run).execute();
      t.same(await shown(), alarm, what);
      t.match(
        (await heldReleases(it.serving.hub)).find((one) => one.run === run),
        { signed: false },
        what,
      );
      t.same((await agent.api.giveBack({ after: 0 })).held, [], what);
      await db.updateTable("release").set(before).where("run", "=", run).execute();
      t.match(await shown(), { state: "released" });
    }
    await db.updateTable("release_use").set({ log_index: 99 }).where("run", "=", run).execute();
    t.same(await shown(), alarm, "a use is looked at like a release");
    t.same((await agent.api.giveBack({ after: 0 })).held[0]?.uses, []);
    await closeNow(it.serving.hub, GROUP);
    t.match((await comparisonsJson(it.serving.hub, GROUP))[0]!.group, { state: "made", contributors: 5 });
    t.match(await comparisonText(it.serving.hub, GROUP, "names"), /do\s+not bear its\s+signature/);
    await db.updateTable("release_use").set(use).where("run", "=", run).execute();
    t.match(await shown(), { state: "released" }, "put back as it was, it verifies again");
  },
);

t.test(
  "a collection or a schedule that cannot be done is said once and set aside, and the others are done",
  async (t) => {
    const faults: string[] = [];
    const it = await story({ fault: (_error, what) => faults.push(what) });
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const members = [...(await cluster(it, ["A", "B"], { periods: 3 })).values()];
    const { db } = hub.store;
    const [first] = await db.selectFrom("collection").selectAll().orderBy("id").execute();
    await db.updateTable("collection").set({ query_digest: "lost" }).where("id", "=", first!.id).execute();
    for (const { agent, runs } of members) for (const run of runs) await release(agent, run, 500, 0.5);
    const open = async (): Promise<number> =>
      (await db.selectFrom("collection").select("id").where("closed_at", "is", null).execute()).length;
    for (let round = 0; round < 5; round++) await doWhatIsDue(hub);
    t.equal(await open(), 1);
    t.same(faults, [`collection ${first!.id} is set aside for an hour`], "said once");
    t.match(await setAsideOf(hub, GROUP), [{ query: "bp-control", fault: "WireRefusal query-unknown" }]);
    await db
      .updateTable("collection")
      .set({ query_digest: first!.query_digest })
      .where("id", "=", first!.id)
      .execute();
    await doWhatIsDue(hub);
    t.equal(await open(), 1);
    it.clock.now += 3_600_000;
    await doWhatIsDue(hub);
    t.equal(await open(), 0, "tried again after an hour");
    t.same(await setAsideOf(hub, GROUP), []);

    const wanted = {
      group_name: GROUP,
      every: "quarter",
      periods: 1,
      timezone: "Europe/London",
      catch_up: "latest",
      catch_up_window: 0,
      spread: 0,
      collect_for: 1,
      until_date: null,
      cron: null,
      created_at: it.clock.now,
      next_due: it.clock.now,
    } as const;
    const rows = ["no list", '["hypertension-register"]'].map((queries) => ({ ...wanted, queries }));
    await db.insertInto("schedule").values(rows).execute();
    for (let round = 0; round < 3; round++) await doWhatIsDue(hub);
    t.same(faults.slice(1), ["schedule 2 is set aside for an hour"]);
    const asked = await db
      .selectFrom("collection")
      .select("query")
      .where("query", "=", "hypertension-register")
      .execute();
    t.equal(asked.length, 1);
    const shown = await db.selectFrom("schedule").select("fault").where("id", "=", 2).executeTakeFirst();
    t.same(shown, { fault: "SyntaxError" });
  },
);
