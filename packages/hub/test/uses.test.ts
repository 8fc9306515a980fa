/** H3: a release counts, shows and exports for a group only under the use that its practice signed for that group. */
import { randomUUID } from "node:crypto";
import t from "tap";
import {
  rawPublicKey,
  verifyReceipt,
  verifyUse,
  type Assignment__Output,
  type SignedRelease__Output,
  type Use__Output,
} from "@cairn/wire";
import {
  addSchedule,
  addToGroup,
  closeNow,
  comparisonsJson,
  comparisonText,
  doWhatIsDue,
  heldReleases,
  type NewSchedule,
} from "@cairn/hub";
import { openDatabase } from "@cairn/sqlite";
import { awaited, stateFor } from "../src/runs/requests.js";
import {
  RUN_STATES,
  SETTLED_STATES,
  type RequestState,
  type RunState,
} from "../../comparisons/src/run-states.js";
import { comparisonWords, firstPlaces } from "./comparison-words.js";
import { cluster, made } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { GROUP, story, type Story } from "./story.js";

const OTHER = "Board";
const SCHEDULE: NewSchedule = {
  group: OTHER,
  queries: ["bp-control"],
  every: "quarter",
  periods: 1,
  until: "2025-03-31",
  cron: null,
  timezone: "Europe/London",
  catchUp: "latest",
  catchUpWindow: 0,
  spread: 0,
  collectFor: 86_400_000,
};

/** The same question of the same practices, by another group. */
async function alsoAskedBy(it: Story, names: readonly string[], group = OTHER): Promise<void> {
  for (const name of names) await addToGroup(it.serving.hub, name, group);
  await addSchedule(it.serving.hub, { ...SCHEDULE, group });
  await doWhatIsDue(it.serving.hub);
}

async function first(it: Story, names = ["A"]): Promise<{ agent: TestAgent; run: Assignment__Output }> {
  const { agent, runs } = (await cluster(it, names)).get(names[0]!)!;
  return { agent, run: runs[0]! };
}

async function shown(it: Story, group: string, practice = 0) {
  return (await comparisonsJson(it.serving.hub, group))[0]!.practices[practice]!;
}

interface Told {
  readonly group: string;
  readonly state: string;
  readonly use?: Use__Output;
}

function report(agent: TestAgent, run: string, state: string, groups: readonly Told[]) {
  const said = groups.map((one) => ({ ...one, state: `AGENT_RUN_STATE_${one.state}` as never }));
  const runs = [{ run, state: `AGENT_RUN_STATE_${state}` as never, groups: said }];
  return agent.api.report({ runs, idempotencyKey: randomUUID() });
}

function submit(agent: TestAgent, releases: SignedRelease__Output[], uses: Use__Output[]) {
  return agent.api.submit({ releases, uses, idempotencyKey: randomUUID() });
}

t.test("one release, two groups: each sees it only under its own use", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, run } = await first(it);
  await alsoAskedBy(it, ["A"]);
  const told = (await agent.poll()).assignments;
  t.same(
    told.map((one) => [one.run, one.group]),
    [
      [run.run, OTHER],
      [run.run, GROUP],
    ],
    "one run, an assignment for each group",
  );
  await report(agent, run.run, "READY", [
    { group: GROUP, state: "READY" },
    { group: OTHER, state: "WAITING_FOR_APPROVAL" },
  ]);
  const release = made(agent, run, 500, 0.5);
  t.equal((await submit(agent, [release], [])).receipts.length, 1, "taken with no use at all");
  t.same(await shown(it, GROUP), { practice: "A", state: "pending" }, "and shown to nobody");
  t.same(await shown(it, OTHER), { practice: "A", state: "waiting-for-approval" });

  const use = agent.use(release, GROUP);
  const { receipts } = await submit(agent, [], [use]);
  t.match(receipts, [{ run: run.run, group: GROUP, withdrawn: false, correction: 0 }]);
  t.ok(verifyReceipt(receipts[0]!, rawPublicKey(it.serving.hub.files.logKey)));
  t.same((await submit(agent, [], [use])).receipts, receipts, "the same use again gets the same receipt");
  t.match(await shown(it, GROUP), { state: "released", denominator: { value: 500 } });
  t.same(await shown(it, OTHER), { practice: "A", state: "waiting-for-approval" });
  t.notMatch(await comparisonText(it.serving.hub, OTHER, "names"), /500/);
  const page = await comparisonWords(it.serving.hub, OTHER, "bp-control");
  t.match(page, /trusted Who has released: not shown in a group of fewer than five\. /);

  const later = await report(agent, run.run, "ACKNOWLEDGED", [
    { group: GROUP, state: "READY", use },
    { group: OTHER, state: "READY", use: agent.use(release, OTHER) },
  ]);
  t.same(
    later.receipts.map((receipt) => receipt.group),
    [GROUP, OTHER],
  );
  t.match(await shown(it, OTHER), { state: "released", denominator: { value: 500 } });
  const [held] = await heldReleases(it.serving.hub);
  t.match(held, {
    signed: true,
    uses: [
      { group: GROUP, ended: false },
      { group: OTHER, ended: false },
    ],
  });
  const logged = [...it.serving.hub.store.log.entries()].filter(({ kind }) => kind === "use-received");
  t.same(
    logged.map(({ body }) => [body.run, body.group, body.digest, body.practice_log_index]),
    held?.uses.map((one) => [run.run, one.group, held.digest, one.logIndex]),
  );
});

t.test(
  "a group that asks later of a run that is released is told of until the agent has spoken of it",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { agent, run } = await first(it);
    const release = made(agent, run, 500, 0.5);
    await agent.send(release, [GROUP]);
    await report(agent, run.run, "ACKNOWLEDGED", [{ group: GROUP, state: "READY" }]);
    t.same((await agent.poll()).assignments, [], "nothing is open");
    await alsoAskedBy(it, ["A"]);
    t.same(await shown(it, OTHER), { practice: "A", state: "pending" });
    t.match((await agent.poll()).assignments, [{ run: run.run, group: OTHER }]);
    t.same((await agent.poll()).assignments, [], "not in every poll");
    it.clock.now += 60_000;
    t.match((await agent.poll([run.run])).assignments, [{ run: run.run, group: OTHER }], "but again");
    it.clock.now += 60_000;
    t.same((await agent.poll()).assignments, [], "each time after twice as long");
    it.clock.now += 60_000;
    t.equal((await agent.poll()).assignments.length, 1);
    await report(agent, run.run, "ACKNOWLEDGED", [{ group: OTHER, state: "DECLINED" }]);
    it.clock.now += 86_400_000;
    t.same((await agent.poll()).assignments, []);
    t.same(await shown(it, OTHER), { practice: "A", state: "declined" });
    t.match(await shown(it, GROUP), { state: "released" }, "one group's answer is not another's");
  },
);

t.test("a use that is not what it says is refused by name, and the rest is taken", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = await cluster(it, ["A", "B"], { periods: 2 });
  const [a, b] = [members.get("A")!, members.get("B")!];
  const release = made(a.agent, a.runs[0]!, 500, 0.5);
  const good = a.agent.use(release, GROUP);
  const elsewhere = made(b.agent, b.runs[0]!, 500, 0.5);
  const bad: [string, Use__Output, string][] = [
    ["altered", { ...good, group: OTHER }, "bad-signature"],
    ["ended by who brought it", { ...good, ended: true }, "bad-signature"],
    ["signed by another practice", b.agent.use(release, GROUP), "bad-signature"],
    ["half a signature", { ...good, signature: good.signature.subarray(1) }, "bad-signature"],
    ["another practice's run", a.agent.use(elsewhere, GROUP), "run-unknown"],
    ["other bytes", a.agent.use(release, GROUP, { releaseDigest: Buffer.alloc(32, 1) }), "run-conflict"],
    ["a group that never asked", a.agent.use(release, OTHER), "run-unknown"],
    [
      "a charter that its group has not",
      a.agent.use(release, GROUP, { charterDigest: Buffer.alloc(32) }),
      "bad-request",
    ],
    ["a third release", a.agent.use({ ...release, correction: 2 }, GROUP), "bad-signature"],
  ];
  const sent = await submit(a.agent, [release], [...bad.map(([, use]) => use), good]);
  t.same(
    sent.refusals.map((one, i) => [bad[i]?.[0], one.refusal?.code]),
    bad.map(([what, , code]) => [what, code]),
  );
  t.same(
    sent.receipts.map((receipt) => receipt.group),
    ["", GROUP],
    "the release and the good use are taken",
  );
  const [, second] = a.runs;
  const said = await a.agent.api.report({
    runs: [
      {
        run: a.runs[0]!.run,
        state: "AGENT_RUN_STATE_ACKNOWLEDGED",
        groups: [{ group: OTHER, use: good }, ...bad.map(([, use]) => ({ group: use.group, use }))],
      },
      { run: second!.run, state: "AGENT_RUN_STATE_DECLINED", groups: [] },
    ],
    idempotencyKey: randomUUID(),
  });
  t.match(
    said.refusals[0],
    { refusal: { code: "bad-request" } },
    "a use reported of another group than it names",
  );
  t.same(
    said.refusals.slice(1).map((one, i) => [bad[i]?.[0], one.refusal?.code]),
    bad.map(([what, , code]) => [
      what,
      code === "run-unknown" && what.startsWith("another") ? "bad-signature" : code,
    ]),
  );
  const all = await comparisonsJson(it.serving.hub, GROUP);
  t.match(all.find(({ date }) => date === second!.referenceDate)?.practices[0], { state: "declined" });
  t.match(all[0]?.practices, [{ state: "released" }, { state: "pending" }]);
  t.same(
    (await heldReleases(it.serving.hub)).map(({ uses }) => uses.length),
    [1],
  );
});

t.test(
  "a use may come before its release, and what its practice logged last counts, in whatever order it comes",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { agent, run } = await first(it);
    const release = made(agent, run, 500, 0.5);
    const given = agent.use(release, GROUP);
    const ended = agent.use(release, GROUP, { ended: true });
    const anew = agent.use(release, GROUP);
    t.equal((await submit(agent, [], [given])).receipts.length, 1);
    t.same(await shown(it, GROUP), { practice: "A", state: "pending" });
    await submit(agent, [release], []);
    t.match(await shown(it, GROUP), { state: "released" });
    const end = await report(agent, run.run, "ACKNOWLEDGED", [
      { group: GROUP, state: "WITHDRAWN", use: ended },
    ]);
    t.match(end.receipts, [{ group: GROUP, withdrawn: true }]);
    t.same(await shown(it, GROUP), { practice: "A", state: "withdrawn" });
    await submit(agent, [], [given]);
    t.same(
      await shown(it, GROUP),
      { practice: "A", state: "withdrawn" },
      "an old leave brought again is none",
    );
    await report(agent, run.run, "ACKNOWLEDGED", [{ group: GROUP, state: "READY", use: anew }]);
    t.match(await shown(it, GROUP), { state: "released" }, "a new one is");

    const { agent: late, run: its } = await first(it, ["B"]).then(async () => {
      const agent = await it.member("C", "Late");
      await addSchedule(it.serving.hub, { ...SCHEDULE, group: "Late" });
      await doWhatIsDue(it.serving.hub);
      return { agent, run: (await agent.poll()).assignments[0]! };
    });
    const taken = made(late, its, 500, 0.5);
    const uses = [late.use(taken, "Late"), late.use(taken, "Late", { ended: true })];
    await submit(late, [taken], [uses[1]!]);
    await submit(late, [], [uses[0]!]);
    t.same(await shown(it, "Late"), { practice: "C", state: "withdrawn" }, "the end came first");
  },
);

/** Six practices whose release serves two groups, both closed. */
async function twoGroups(it: Story) {
  const names = ["A", "B", "C", "D", "E", "F"];
  const members = [...(await cluster(it, names)).values()];
  await alsoAskedBy(it, names);
  const sent = members.map(({ agent, runs }, i) => made(agent, runs[0]!, 500 + 10 * i, 0.5));
  for (const [i, { agent }] of members.entries()) await agent.send(sent[i]!, [GROUP, OTHER]);
  await doWhatIsDue(it.serving.hub);
  const group = async (name: string) => (await comparisonsJson(it.serving.hub, name))[0]!.group;
  return { members, sent, group };
}

t.test("when a use ends, this group's figures come down, and no other group's", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { members, sent, group } = await twoGroups(it);
  const { agent } = members[0]!;
  t.match(await group(GROUP), { state: "made", contributors: 6 }, "closed when all have answered it");
  t.match(await group(OTHER), { state: "made" });
  const ended = agent.use(sent[0]!, OTHER, { ended: true });
  await report(agent, sent[0]!.run, "ACKNOWLEDGED", [{ group: OTHER, state: "WITHDRAWN", use: ended }]);
  t.match(await group(OTHER), { state: "withdrawn" });
  t.match(await group(GROUP), { state: "made" });
  t.same(await shown(it, OTHER), { practice: "A", state: "withdrawn" });
  t.match(await shown(it, GROUP), { state: "released" });
  const kinds = [...it.serving.hub.store.log.entries()].filter(({ kind }) => kind === "use-ended");
  t.match(kinds, [{ body: { run: sent[0]!.run, group: OTHER, correction: 0 } }]);
});

t.test("a withdrawal takes down the figures of those groups that had a use, and of no other", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { signWithdrawal, releaseDigest } = await import("@cairn/wire");
  const names = ["A", "B", "C", "D", "E", "F"];
  const members = [...(await cluster(it, names)).values()];
  await alsoAskedBy(it, names);
  for (const [i, { agent, runs }] of members.entries())
    await agent.send(made(agent, runs[0]!, 500, 0.5), i === 0 ? [GROUP] : [GROUP, OTHER]);
  await closeNow(it.serving.hub, GROUP);
  await closeNow(it.serving.hub, OTHER);
  const group = async (name: string) => (await comparisonsJson(it.serving.hub, name))[0]!.group.state;
  t.same([await group(GROUP), await group(OTHER)], ["made", "too-close"], "five of the six in the other");
  const { agent, runs } = members[0]!;
  const taken = made(agent, runs[0]!, 500, 0.5);
  const about = {
    run: taken.run,
    correction: 0,
    releaseDigest: releaseDigest(taken.release),
    correctable: false,
  };
  const where = { logIndex: 40, logSize: 41, logRoot: Buffer.alloc(32) };
  const withdrawal = signWithdrawal({ ...about, ...where }, agent.keeper.privateKey);
  await agent.api.report({
    runs: [{ run: taken.run, state: "AGENT_RUN_STATE_WITHDRAWN", withdrawal, groups: [] }],
    idempotencyKey: randomUUID(),
  });
  t.equal(await group(GROUP), "withdrawn");
  t.equal(await group(OTHER), "too-close");
});

t.test("a use that comes after closing adds no dot and changes no figure", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const names = ["A", "B", "C", "D", "E", "F"];
  const members = [...(await cluster(it, names)).values()];
  const sent = members.map(({ agent, runs }) => made(agent, runs[0]!, 500, 0.5));
  for (const [i, { agent }] of members.entries()) await agent.send(sent[i]!, i === 0 ? [] : [GROUP]);
  await doWhatIsDue(it.serving.hub);
  t.match(
    (await comparisonsJson(it.serving.hub, GROUP))[0]!.group,
    { state: "collecting" },
    "one leave is awaited",
  );
  await closeNow(it.serving.hub, GROUP);
  it.clock.now += 1000;
  const { agent } = members[0]!;
  await submit(agent, [], [agent.use(sent[0]!, GROUP)]);
  t.match(await shown(it, GROUP), { state: "released" });
  t.match((await comparisonsJson(it.serving.hub, GROUP))[0]!.group, { state: "made", contributors: 5 });
  t.equal(await firstPlaces(it.serving.hub, GROUP, "bp-control"), 5);
  await report(agent, sent[0]!.run, "ACKNOWLEDGED", [
    { group: GROUP, state: "WITHDRAWN", use: agent.use(sent[0]!, GROUP, { ended: true }) },
  ]);
  t.match((await comparisonsJson(it.serving.hub, GROUP))[0]!.group, { state: "made" }, "it was in no figure");
});

t.test("each group has its own floor: a release below it serves the others", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, run } = await first(it);
  const { db } = it.serving.hub.store;
  await alsoAskedBy(it, ["A"]);
  await db
    .updateTable("practice_group")
    .set({ floor_k: 10, floor_base: 6 })
    .where("name", "=", OTHER)
    .execute();
  t.match((await agent.poll()).assignments, [
    { group: OTHER, floor: { k: 10, base: 6 } },
    { group: GROUP, floor: { k: 8, base: 5 } },
  ]);
  const release = made(agent, run, 500, 0.5);
  const early = agent.use(release, OTHER);
  await submit(agent, [], [early]);
  const sent = await submit(agent, [release], [agent.use(release, GROUP), agent.use(release, OTHER)]);
  t.same(
    sent.receipts.map((receipt) => receipt.group),
    ["", GROUP],
  );
  t.match(sent.refusals, [{ refusal: { code: "floor-not-met" } }]);
  t.match(await shown(it, GROUP), { state: "released" });
  t.same(
    await shown(it, OTHER),
    { practice: "A", state: "refused", alarm: "floor-not-met" },
    "nor under a use that came before the release could be looked at",
  );
  await report(agent, run.run, "ACKNOWLEDGED", [
    { group: OTHER, state: "REFUSED", use: agent.use(release, OTHER, { ended: true }) },
  ]);
  t.same(await shown(it, OTHER), { practice: "A", state: "refused" });
});

t.test(
  "what is given back to a keeper holds each group's newest use, and its groups are told anew",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { agent, run } = await first(it);
    await alsoAskedBy(it, ["A"]);
    const release = made(agent, run, 500, 0.5);
    await agent.send(release, [GROUP, OTHER]);
    const ended = agent.use(release, OTHER, { ended: true });
    await report(agent, run.run, "ACKNOWLEDGED", [
      { group: GROUP, state: "READY" },
      { group: OTHER, state: "WITHDRAWN", use: ended },
    ]);
    t.same((await agent.poll()).assignments, []);
    const { held } = await agent.api.giveBack({ after: 0 });
    const key = rawPublicKey(agent.keeper.publicKey);
    t.ok(held[0]?.uses.every((use) => verifyUse(use, key)));
    t.same(
      held[0]?.uses.map((use) => [use.group, use.ended]),
      [
        [OTHER, true],
        [GROUP, false],
      ],
    );
    t.equal((await agent.poll()).assignments.length, 2, "a keeper that forgot hears of both again");
  },
);

t.test("a collection waits for what this group is answered, however the run stands for others", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, run } = await first(it);
  await alsoAskedBy(it, ["A"]);
  const { hub } = it.serving;
  const { db } = hub.store;
  const release = made(agent, run, 500, 0.5);
  await submit(agent, [release], [agent.use(release, GROUP), agent.use(release, GROUP, { ended: true })]);
  const rows = await db
    .selectFrom("release_use")
    .select(["hub_log_index", "ended"])
    .orderBy("ended")
    .execute();
  const uses = { none: null, given: rows[0]!.hub_log_index, ended: rows[1]!.hub_log_index };
  const requests: RequestState[] = [
    "asked",
    "waiting-for-approval",
    "ready",
    "declined",
    "refused",
    "withdrawn",
    "expired",
    "left",
  ];
  const open = (state: RunState | "left"): boolean =>
    !(["left", ...SETTLED_STATES] as readonly string[]).includes(state);
  const wrong: string[] = [];
  const unseen: string[] = [];
  const setRun = (state: RunState, asksFirst: boolean): Promise<unknown> =>
    db
      .updateTable("run")
      .set({ state, group_name: asksFirst ? GROUP : OTHER })
      .execute();
  const setRequest = (state: RequestState, use: keyof typeof uses): Promise<unknown> =>
    db
      .updateTable("run_request")
      .set({ state, newest_use: uses[use] })
      .where("group_name", "=", GROUP)
      .execute();
  const waits = async (): Promise<boolean> => {
    const all = db.selectFrom("collection").select("id").where("group_name", "=", GROUP);
    return (await all.where((where) => awaited(where)).execute()).length > 0;
  };
  // Set aside, so that the hub's own rounds leave it alone.
  await db.updateTable("collection").set({ retry_at: Number.MAX_SAFE_INTEGER }).execute();
  /** Whether a change that ends the waiting has the hub look at the collection. */
  const endsSeen = async (change: () => Promise<unknown>): Promise<boolean> => {
    const before = await waits();
    await db.updateTable("collection").set({ look_at: null }).execute();
    await change();
    if (!before || (await waits())) return true;
    const { look_at } = await db
      .selectFrom("collection")
      .select("look_at")
      .where("group_name", "=", GROUP)
      .executeTakeFirstOrThrow();
    return look_at === 0;
  };
  for (const state of RUN_STATES)
    for (const request of requests)
      for (const asksFirst of [true, false])
        for (const use of ["none", "given", "ended"] as const) {
          const name = `${state} ${request} ${asksFirst} ${use}`;
          await setRun("offered", asksFirst);
          await setRequest(request, use);
          if (!(await endsSeen(() => setRun(state, asksFirst)))) unseen.push(`run: ${name}`);
          const expected = open(stateFor(state, request, asksFirst, use));
          if ((await waits()) !== expected) wrong.push(name);
          await setRequest("asked", "none");
          if (!(await endsSeen(() => setRequest(request, use)))) unseen.push(`request: ${name}`);
        }
  t.same(unseen, [], "what ends the waiting is looked at");
  t.same(wrong, []);
});

t.test(
  "a store from before there were uses asks every group again, shows none, and keeps its figures",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const names = ["A", "B", "C", "D", "E", "F"];
    const members = [...(await cluster(it, names)).values()];
    const sent = members.map(({ agent, runs }, i) => made(agent, runs[0]!, 500 + 10 * i, 0.5));
    for (const [i, { agent }] of members.entries()) await agent.send(sent[i]!, [GROUP]);
    await closeNow(it.serving.hub, GROUP);
    const before = (await comparisonsJson(it.serving.hub, GROUP))[0]!;
    t.match(before.group, { state: "made", contributors: 6 });
    await it.serving.stop();
    const old = openDatabase(`${it.folder}/hub.db`);
    old.exec(`
      DROP TABLE charter;
      DROP TABLE library_file;
      ALTER TABLE library RENAME COLUMN content TO bundle;
      ALTER TABLE library ADD COLUMN digest BLOB;
      UPDATE library SET bundle = CAST(json_object('content', CAST(bundle AS TEXT)) AS BLOB);
      DROP TABLE consent;
      ALTER TABLE agent DROP COLUMN decided_charters;
      DROP TABLE opening;
      DROP INDEX run_not_due;
      DROP TRIGGER look_after_run;
      DROP TRIGGER look_after_request;
      DROP TRIGGER look_after_other_end;
      DROP INDEX collection_look_at;
      ALTER TABLE collection DROP COLUMN look_at;
      DROP TABLE run_request;
      DROP TABLE release_use;
      DROP TABLE schedule_skip;
      DROP TABLE setting;
      DROP TABLE session;
      DROP TABLE one_time_link;
      DROP TABLE person_group;
      DROP TABLE person;
      DROP TABLE openid_provider;
      DROP TABLE comparison_document;
      DROP TABLE group_note;
      DROP TABLE group_question;
      DROP TABLE published_reference;
      DROP INDEX idempotency_of_agent;
      DROP INDEX collection_unshown;
      DROP INDEX collection_of_question;
      DROP INDEX collection_document_due;
      ALTER TABLE invitation DROP COLUMN invited_by;
      DROP INDEX collection_dots;
      ALTER TABLE collection DROP COLUMN dots;
      ALTER TABLE collection DROP COLUMN document_due;
      ALTER TABLE group_member DROP COLUMN offered_to;
      ALTER TABLE collection_member DROP COLUMN joined_at;
      ALTER TABLE collection_member DROP COLUMN left_before;
      ALTER TABLE collection_member DROP COLUMN late;
      ALTER TABLE collection DROP COLUMN shown;
      ALTER TABLE collection DROP COLUMN closed_index;
      ALTER TABLE collection DROP COLUMN fault;
      ALTER TABLE collection DROP COLUMN retry_at;
      ALTER TABLE schedule DROP COLUMN fault;
      ALTER TABLE schedule DROP COLUMN retry_at;
      ALTER TABLE practice DROP COLUMN forgotten_at;
      ALTER TABLE invitation DROP COLUMN replaced_at;
      PRAGMA user_version = 3`);
    old.close();
    await it.restart();
    for (const { agent } of members) Object.assign(agent, { address: it.serving.grpc }).close();

    const after = (await comparisonsJson(it.serving.hub, GROUP))[0]!;
    t.same(after.group, before.group, "a figure that was made stays");
    t.ok(
      after.practices.every(({ state }) => state === "pending"),
      "no release shows before its practice has signed",
    );
    const { agent } = members[0]!;
    t.match(
      (await agent.poll()).assignments,
      [{ run: sent[0]!.run, group: GROUP }],
      "the agent is asked again",
    );
    await report(agent, sent[0]!.run, "ACKNOWLEDGED", [
      { group: GROUP, state: "READY", use: agent.use(sent[0]!, GROUP) },
    ]);
    t.same(await shown(it, GROUP), before.practices[0], "and then shows as before");
    for (const [i, { agent }] of members.entries())
      if (i > 0) await submit(agent, [], [agent.use(sent[i]!, GROUP)]);
    t.equal(await firstPlaces(it.serving.hub, GROUP, "bp-control"), 6, "dots stand where they stood");
    await report(agent, sent[0]!.run, "ACKNOWLEDGED", [
      { group: GROUP, state: "WITHDRAWN", use: agent.use(sent[0]!, GROUP, { ended: true }) },
    ]);
    t.match((await comparisonsJson(it.serving.hub, GROUP))[0]!.group, { state: "withdrawn" });
  },
);

t.test("an end is heard however many uses came before, and no row that was changed undoes it", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, run } = await first(it);
  const release = made(agent, run, 500, 0.5);
  await submit(agent, [release], [agent.use(release, GROUP)]);
  for (let i = 1; i < 64; i++) await submit(agent, [], [agent.use(release, GROUP)]);
  t.match((await submit(agent, [], [agent.use(release, GROUP)])).refusals, [
    { refusal: { code: "bad-request" } },
  ]);
  t.match((await submit(agent, [], [agent.use(release, GROUP, { ended: true })])).refusals, []);
  t.notMatch((await shown(it, GROUP)).state, "released");
  const { db } = it.serving.hub.store;
  const [{ oldest }] = (await db
    .selectFrom("release_use")
    .select((of) => of.fn.min("hub_log_index").as("oldest"))
    .execute()) as [{ oldest: number }];
  await db.updateTable("run_request").set({ newest_use: oldest }).execute();
  t.notMatch((await shown(it, GROUP)).state, "released", "the signed end is there");
});
