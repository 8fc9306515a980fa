/** H3, H6: a release serves a group only under that group's use, signed here and in the practice's log before it leaves. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { openDatabase } from "@cairn/sqlite";
import { rawPublicKey, releaseDigest, verifyUse, type Use__Output } from "@cairn/wire";
import { approve } from "../src/decisions/approve.js";
import { join as joinGroup, leave } from "../src/decisions/membership.js";
import { pause, resume, setRule } from "../src/decisions/standing-decisions.js";
import { withdrawUse } from "../src/decisions/withdraw.js";
import { keeperStatus } from "../src/status.js";
import type { KeeperStore } from "../src/store/store.js";
import { assignment, bundle, DATES, GROUP, practice, receipt, until, runOn } from "./fixtures/practice.js";
import { lease, people, RUN, told } from "./fixtures/released.js";

type Started = Awaited<ReturnType<ReturnType<typeof practice>["start"]>>;

const BOARD = "board";
const QUERY = "asthma-seen";

async function groupsOf(running: Started) {
  const { groups } = await told(running);
  return Object.fromEntries(groups.map((one) => [one.group, one]));
}

/** Offered for each group, answered, and where it is to be sent. */
async function answered({ api }: Started, ...groups: string[]): Promise<void> {
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: groups.map((group) => assignment(DATES[0], { group })) });
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
}

/** Handed to the courier, and confirmed by the hub with the uses that came along. */
async function sent({ api }: Started): Promise<readonly Use__Output[]> {
  const { release, uses } = await api.takeRelease({ run: RUN });
  const receipts = uses.map(({ group }, i) => receipt(RUN, release!.release, 8 + i, { group }));
  await api.acknowledge({ receipts: [receipt(RUN, release!.release), ...receipts] });
  return uses;
}

function kinds(store: KeeperStore, ...wanted: string[]): string[] {
  return [...store.log.entries()].map(({ kind }) => kind).filter((kind) => wanted.includes(kind));
}

t.test(
  "a use is in the log before it leaves, and says of which release, for whom, and of what",
  async (t) => {
    const home = practice(t);
    const running = await home.start();
    await answered(running, GROUP);
    const { store } = running.keeper;
    const { release, uses } = await running.api.takeRelease({ run: RUN });
    t.equal(uses.length, 1);
    const [use] = uses as [Use__Output];
    t.ok(verifyUse(use, rawPublicKey(store.key)), "signed by the practice");
    t.match(use, { run: RUN, correction: 0, group: GROUP, ended: false });
    t.ok(use.releaseDigest.equals(releaseDigest(release!.release)));
    const entry = [...store.log.entries()][Number(use.logIndex)];
    t.match(entry, {
      kind: "use",
      body: { run: RUN, group: GROUP, query: QUERY, date: DATES[0], charter: "" },
    });
    t.ok(store.log.root(Number(use.logSize)).equals(use.logRoot));
    t.equal((await groupsOf(running))[GROUP]?.use, null, "it goes with its release, not before");

    const words = receipt(RUN, release!.release, 9, { group: GROUP });
    await t.rejects(running.api.acknowledge({ receipts: [{ ...words, group: BOARD }] }), {
      code: "bad-signature",
    });
    const other = receipt(RUN, release!.release, 9, { group: BOARD });
    await t.rejects(running.api.acknowledge({ receipts: [other] }), { code: "run-conflict" });
    await running.api.acknowledge({ receipts: [receipt(RUN, release!.release), words] });
    await running.api.acknowledge({ receipts: [words] });
    t.same(kinds(store, "use", "receipt", "use-receipt"), ["use", "receipt", "use-receipt"]);
    t.match((await groupsOf(running))[GROUP], { state: "AGENT_RUN_STATE_READY", use });
  },
);

t.test(
  "a group that nobody here has accepted gets nothing, whatever the rule and whoever is asked for",
  async (t) => {
    const home = practice(t);
    const running = await home.start();
    const store = people(t, home.folder);
    setRule(store, BOARD, { rule: "accept-signed" });
    await answered(running, GROUP, BOARD);
    const uses = await sent(running);
    t.same(
      uses.map(({ group }) => group),
      [GROUP],
      "one release, under the leave of one group",
    );
    t.match(await groupsOf(running), {
      [GROUP]: { state: "AGENT_RUN_STATE_READY" },
      [BOARD]: { state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL", use: null },
    });
    const { groups } = keeperStatus(store);
    t.same(groups, [
      { group: BOARD, state: "waiting", command: "cairn agent join board" },
      { group: GROUP, state: "joined", command: null },
    ]);

    joinGroup(store, BOARD);
    const later = (await groupsOf(running))[BOARD];
    t.equal(later?.state, "AGENT_RUN_STATE_READY", "accepted later, it gets its use then");
    t.ok(later?.use && verifyUse(later.use, rawPublicKey(store.key)));
    t.equal(store.db.prepare("SELECT count(*) AS n FROM release").pluck().get(), 1, "of the same bytes");
    t.same(kinds(store, "group-joined", "group-offered"), ["group-joined", "group-offered", "group-joined"]);
  },
);

t.test(
  "a group that waits itself is told apart from a query that waits, and anew once it is accepted",
  async (t) => {
    const home = practice(t, null, []);
    const running = await home.start();
    await running.api.offerLibrary({ bundle: bundle() });
    const waits = { group: GROUP, state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL" };
    const { runs } = await running.api.offerRuns({ assignments: [assignment(DATES[0])] });
    t.match(runs[0]?.groups, [{ ...waits, groupWaits: true }]);
    joinGroup(people(t, home.folder), GROUP);
    const since = runs[0]!.change;
    const later = await running.api.waitForChanges({ since, holdSeconds: 0 });
    t.match(later.runs, [{ run: RUN, groups: [{ ...waits, groupWaits: false }] }], "the query waits on");
  },
);

t.test("a run that only groups wait for that nobody has accepted is not answered", async (t) => {
  const home = practice(t, "accept-signed", []);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle() });
  const { runs } = await running.api.offerRuns({ assignments: [assignment(DATES[0])] });
  t.equal(runs[0]?.state, "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
  await running.api.execute({ leases: [lease(RUN)] });
  t.same(kinds(running.keeper.store, "run-started", "query-accepted"), [], "no rule accepts for it");
  joinGroup(people(t, home.folder), GROUP);
  await until(running.api, RUN, "READY");
});

t.test(
  "a release keeps the strictest floor of those allowed by then; a stricter one later waits for the next",
  async (t) => {
    const strict = { k: 10, base: 6, midpoint: 0 };
    const home = practice(t, "accept-signed", [GROUP, BOARD]);
    const running = await home.start();
    const store = people(t, home.folder);
    await running.api.offerLibrary({ bundle: bundle() });
    const asked = (date: string, group: string) =>
      assignment(date, group === BOARD ? { group, floor: strict } : {});
    await running.api.offerRuns({ assignments: [asked(DATES[0], GROUP), asked(DATES[0], BOARD)] });
    await running.api.execute({ leases: [lease(RUN)] });
    await until(running.api, RUN, "OUTBOX");
    t.match((await running.api.takeRelease({ run: RUN })).release?.policy, { k: 10, base: 6 });

    const next = runOn(DATES[1]);
    await running.api.offerRuns({ assignments: [asked(DATES[1], GROUP)] });
    await running.api.execute({ leases: [lease(next)] });
    await until(running.api, next, "OUTBOX");
    t.match((await running.api.takeRelease({ run: next })).release?.policy, { k: 8, base: 5 });
    const { runs } = await running.api.offerRuns({ assignments: [asked(DATES[1], BOARD)] });
    const late = runs[0]?.groups.find(({ group }) => group === BOARD);
    t.match(late, { state: "AGENT_RUN_STATE_REFUSED", refusal: { code: "floor-not-met" }, use: null });
    t.equal(runs[0]?.state, "AGENT_RUN_STATE_OUTBOX", "and the others' release goes its way");
    t.match(keeperStatus(store).runs[1]?.groups[0], { group: BOARD, refusal: { code: "floor-not-met" } });
  },
);

t.test("one group's leave is taken back: the release stays, and what others may see", async (t) => {
  const home = practice(t, "accept-signed", [GROUP, BOARD]);
  const running = await home.start();
  const store = people(t, home.folder);
  await answered(running, GROUP, BOARD);
  await sent(running);
  t.throws(() => withdrawUse(store, RUN, "nobody"), { code: "not-released", kind: "wrong-use" });
  withdrawUse(store, RUN, BOARD, "of Mrs Example");
  const { [BOARD]: board, [GROUP]: cluster } = await groupsOf(running);
  t.match(board, { state: "AGENT_RUN_STATE_WITHDRAWN", use: { ended: true, group: BOARD } });
  t.ok(verifyUse(board!.use!, rawPublicKey(store.key)));
  t.match(cluster, { state: "AGENT_RUN_STATE_READY", use: { ended: false } });
  t.equal((await told(running)).state, "AGENT_RUN_STATE_ACKNOWLEDGED");
  t.notMatch(JSON.stringify([...store.log.entries()]), /Mrs Example/, "why stays here");
  t.throws(() => withdrawUse(store, RUN, BOARD), { code: "withdrawn-already" });
  leave(store, BOARD);
  joinGroup(store, BOARD);
  t.match((await groupsOf(running))[BOARD], { state: "AGENT_RUN_STATE_WITHDRAWN" }, "and is not given again");
  const { uses } = await running.api.takeRelease({ run: RUN });
  t.same(
    uses.map(({ group }) => group),
    [GROUP],
    "nor to a hub that was restored",
  );
});

t.test("a paused practice gives and tells no use", async (t) => {
  const home = practice(t);
  const running = await home.start();
  const store = people(t, home.folder);
  await answered(running, GROUP, BOARD);
  await sent(running);
  pause(store);
  joinGroup(store, BOARD);
  const paused = await groupsOf(running);
  t.equal(paused[GROUP]?.use, null);
  t.equal(paused[BOARD]?.use, null);
  t.equal(kinds(store, "use").length, 1);
  resume(store);
  const after = await groupsOf(running);
  t.ok(after[GROUP]?.use && after[BOARD]?.use);
});

t.test("approving is for the group that is meant, and several that wait are named", async (t) => {
  const home = practice(t, null, [GROUP, BOARD]);
  const running = await home.start();
  const store = people(t, home.folder);
  await running.api.offerLibrary({ bundle: bundle() });
  const both = [GROUP, BOARD].map((group) => assignment(DATES[0], { group }));
  await running.api.offerRuns({ assignments: both });
  t.throws(() => approve(store, QUERY), {
    code: "group-unsaid",
    kind: "wrong-use",
    message: /board, cluster.*--group/,
  });
  approve(store, QUERY, GROUP);
  t.match(await groupsOf(running), {
    [GROUP]: { state: "AGENT_RUN_STATE_READY" },
    [BOARD]: { state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL" },
  });
  t.equal(approve(store, QUERY), "asthma-seen is accepted for board", "one alone waits: it is meant");
  t.throws(() => approve(store, QUERY), { code: "nothing-waits" });
});

t.test("a hub that gives back what it holds gives back uses, and none of another's making", async (t) => {
  const home = practice(t, "accept-signed", [GROUP, BOARD]);
  const before = await home.start();
  await before.api.offerLibrary({ bundle: bundle() });
  await before.stop();
  const file = join(home.folder, "keeper.db");
  cpSync(file, `${file}.snapshot`);
  const running = await home.start();
  await answered(running, GROUP, BOARD);
  const { release, uses } = await running.api.takeRelease({ run: RUN });
  await running.stop();
  cpSync(`${file}.snapshot`, file);
  const again = await home.start();
  const held = { assignment: assignment(DATES[0]), release: release!, uses };
  const forged = { ...held, uses: [{ ...uses[0]!, group: "another" }] };
  await t.rejects(again.api.takeBack({ held: [forged], all: false }), { code: "bad-signature" });
  await again.api.takeBack({ held: [held], all: true });
  t.same(kinds(again.keeper.store, "use-given-back"), ["use-given-back", "use-given-back"]);
  t.same((await again.api.takeRelease({ run: RUN })).uses, uses, "the very same");
});

t.test(
  "a store from before groups were accepted goes on: its groups are carried over, and said to be",
  async (t) => {
    const home = practice(t);
    const running = await home.start();
    await answered(running, GROUP);
    await sent(running);
    await running.stop();
    const db = openDatabase(join(home.folder, "keeper.db"));
    db.exec(`DELETE FROM membership; DELETE FROM release_use; DELETE FROM use_receipt;
           UPDATE request SET state = 'waiting-for-approval'; DELETE FROM setting WHERE name = 'groups-accepted'`);
    db.close();
    const again = await home.start();
    const { store } = again.keeper;
    const by = "carried over from before groups were accepted";
    t.match([...store.log.entries()].filter(({ kind }) => kind === "group-joined").at(-1)?.body, {
      group: GROUP,
      by,
    });
    const { [GROUP]: carried } = await groupsOf(again);
    t.match(carried, { state: "AGENT_RUN_STATE_READY", use: { ended: false, group: GROUP } });
    t.ok(verifyUse(carried!.use!, rawPublicKey(store.key)));
    await again.stop();
    const third = await home.start();
    t.equal(kinds(third.keeper.store, "use").length, 2, "once");
  },
);
