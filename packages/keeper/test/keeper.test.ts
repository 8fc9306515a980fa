import t from "tap";
import { Signers } from "@cairn/testkit";
import { AuditLog, verifyExport, cosignedAt } from "@cairn/audit-log";
import { decodeRelease, publicKeyFromRaw, releaseDigest, verifySignedRelease } from "@cairn/wire";
import { openDatabase } from "@cairn/sqlite";
import { homePage, runPage } from "./fixtures/pages.js";
import { approve, decline } from "../src/decisions/approve.js";
import { approveRelease } from "../src/decisions/held-releases.js";
import { pause, resume, setFloor, setHold } from "../src/decisions/standing-decisions.js";
import { KeeperStore } from "../src/store/store.js";
import {
  assignment,
  bundle,
  DATES,
  hubLog,
  practice,
  receipt,
  signers,
  theQuery,
  until,
  runOn,
} from "./fixtures/practice.js";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";

const RUNS = DATES.map((date) => runOn(date));
const lease = (run: string) => ({ run, attempt: 1, seconds: 600 });

t.test("a number goes from records to a signed release, and the log had it first", async (t) => {
  const home = practice(t);
  const { api, keeper, stop } = await home.start();
  t.same(await api.offerLibrary({ bundle: bundle() }), { accepted: true, version: "1", refusal: null });
  const offered = await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  t.same(
    offered.runs.map((run) => run.state),
    ["AGENT_RUN_STATE_READY", "AGENT_RUN_STATE_READY"],
  );
  await api.execute({ leases: RUNS.map(lease) });
  await until(api, RUNS[1]!, "OUTBOX");

  const { release } = await api.takeRelease({ run: RUNS[1]! });
  const cells = assignment(DATES[1]).cells ?? 0;
  const codes = decodeRelease(release!.release, cells);
  t.equal(codes.denominator[0], 60 + 1, "60 people");
  t.equal(codes.numerator[0], 30 + 1, "30 of them seen");
  t.equal(codes.denominator[3], 0 + 1, "nobody of another sex: zero is not withheld");
  const described = await api.describe({});
  t.ok(verifySignedRelease(release!, described.keeperKey), "the practice's own key has signed it");

  const log = [...keeper.store.log.entries()];
  const entry = log[Number(release!.logIndex)];
  t.equal(entry?.kind, "released");
  t.equal(entry?.body["digest"], releaseDigest(release!.release).toString("hex"), "the log holds the digest");
  t.equal(Number(release!.logSize), Number(release!.logIndex) + 1);
  t.ok(keeper.store.log.root(Number(release!.logSize)).equals(release!.logRoot));
  for (const { body } of log)
    t.notMatch(JSON.stringify(body), /195967001|patient-/, "no record is in the log");

  const acknowledged = await api.acknowledge({ receipts: [receipt(RUNS[1]!, release!.release)] });
  t.same(acknowledged.runs, [RUNS[1]]);
  const size = keeper.store.log.size;
  await api.acknowledge({ receipts: [receipt(RUNS[1]!, release!.release)] });
  t.equal(keeper.store.log.size, size, "a receipt heard twice is one entry");
  await stop();

  const again = await home.start();
  const same = await again.api.takeRelease({ run: RUNS[1]! });
  t.same(same.release, release, "asking again, after a restart, gives the same bytes");
  const lines = [...again.keeper.store.log.exportLines()];
  const owner = { name: again.keeper.store.log.origin, key: publicKeyFromRaw(described.keeperKey) };
  t.ok(verifyExport(lines, owner).ok, "the exported log replays to its signed head");
});

t.test(
  "what was queued when a keeper died is told anew, so that the courier asks for it again",
  async (t) => {
    const home = practice(t);
    const { api, stop } = await home.start({ answer: () => new Promise(() => undefined) });
    await api.offerLibrary({ bundle: bundle() });
    const [offered] = (await api.offerRuns({ assignments: [assignment(DATES[0])] })).runs;
    t.equal(offered?.state, "AGENT_RUN_STATE_READY");
    const { change } = await api.describe({});
    await stop();
    const again = await home.start();
    const told = await again.api.waitForChanges({ since: change, holdSeconds: 0 });
    t.match(told.runs, [{ run: RUNS[0], state: "AGENT_RUN_STATE_READY" }], "after a number heard before");
  },
);

t.test("the database itself refuses to change a release or make a second", async (t) => {
  const home = practice(t);
  const { api, stop } = await home.start();
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await until(api, RUNS[0]!, "OUTBOX");
  await stop();
  const db = openDatabase(join(home.folder, "keeper.db"));
  t.throws(() => db.exec("UPDATE release SET k = 1"), /made once/);
  t.throws(() => db.exec("DELETE FROM release"), /made once/);
  db.close();
});

t.test("a library is believed for its signature, version and expiry, and for nothing else", async (t) => {
  const home = practice(t);
  const { api, keeper } = await home.start();
  const offer = async (bytes: Buffer) => (await api.offerLibrary({ bundle: bytes })).refusal?.code;
  const altered = Buffer.from(bundle().toString("utf8").replace("Asthma, seen", "Asthma, sein"));
  t.equal(await offer(altered), "library-mixed");
  t.equal(await offer(new Signers().delivery({})), "library-unsigned");
  t.equal(await offer(bundle({ version: 2, by: [signers.clinical] })), "library-unsigned", "one signature");
  t.equal(await offer(bundle({ version: 3, expires: Date.parse("2025-06-01") })), "library-expired");
  t.equal(await offer(bundle({ version: 4 })), undefined);
  t.equal(await offer(bundle({ version: 2 })), "library-rollback");
  t.equal(
    await offer(bundle({ version: 4, timestamp: 5 }, "{every: quarter, count: 4}")),
    "library-rollback",
    "another text under the same number",
  );
  const refusals = [...keeper.store.log.entries()].filter(({ kind }) => kind === "library-refused");
  t.equal(refusals.length, 4, "each new reason is in the log once");
});

t.test("a query that is in no verified library does not run, and says why", async (t) => {
  const { api } = await practice(t).start();
  const early = await api.offerRuns({ assignments: [assignment(DATES[0])] });
  t.equal(early.runs[0]?.refusal?.code, "query-unknown", "before the library has come");
  await api.offerLibrary({ bundle: bundle() });
  const other = assignment(DATES[1], { queryDigest: Buffer.alloc(32, 1) });
  const refused = await api.offerRuns({ assignments: [other] });
  t.equal(refused.runs[0]?.state, "AGENT_RUN_STATE_REFUSED");
  const now = await api.offerRuns({ assignments: [assignment(DATES[0])] });
  t.equal(now.runs[0]?.state, "AGENT_RUN_STATE_READY", "offered again once the library is there, it may run");
});

t.test("the practice decides: ask, accept, decline, and again", async (t) => {
  const home = practice(t, null);
  const { api } = await home.start();
  await api.offerLibrary({ bundle: bundle() });
  const offered = await api.offerRuns({ assignments: [assignment(DATES[0])] });
  t.equal(offered.runs[0]?.state, "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
  await api.execute({ leases: [lease(RUNS[0]!)] });
  const people = KeeperStore.open(home.folder); // as another process, beside the running keeper
  t.teardown(() => people.close());
  decline(people, theQuery().query);
  await until(api, RUNS[0]!, "DECLINED");
  approve(people, theQuery().query);
  await until(api, RUNS[0]!, "READY");
  t.throws(() => approve(people, theQuery().query), { code: "nothing-waits", kind: "wrong-use" });
  const kinds = [...people.log.entries()].map(({ kind }) => kind);
  t.notOk(kinds.includes("run-started"), "a lease does not make a run that was not accepted start");
  t.same(
    kinds.filter((kind) => kind.startsWith("query-")),
    ["query-offered", "query-declined", "query-accepted"],
  );
});

t.test("records have to cover the date and fourteen days after it", async (t) => {
  const home = practice(t);
  home.records.coversTo = "2025-01-13";
  const { api } = await home.start();
  await api.offerLibrary({ bundle: bundle() });
  const offered = await api.offerRuns({ assignments: [assignment("2024-12-31")] });
  t.equal(offered.runs[0]?.state, "AGENT_RUN_STATE_WAITING_FOR_RECORDS");
  home.records.coversTo = "2025-01-14";
  home.records.version = 2;
  await until(api, RUNS[0]!, "READY");
});

t.test("what an extract says of days to come brings no date nearer", async (t) => {
  const home = practice(t);
  home.records.coversTo = "2099-12-31";
  const at = (day: string) => ({ now: () => Date.parse(day) });
  const early = await home.start(at("2025-01-13"));
  await early.api.offerLibrary({ bundle: bundle() });
  const offered = await early.api.offerRuns({ assignments: [assignment("2024-12-31")] });
  t.equal(offered.runs[0]?.state, "AGENT_RUN_STATE_WAITING_FOR_RECORDS");
  await early.stop();
  const { api } = await home.start(at("2025-01-14"));
  await until(api, RUNS[0]!, "READY");
});

t.test("a paused practice runs nothing and lets nothing leave", async (t) => {
  const home = practice(t);
  const { api } = await home.start();
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await until(api, RUNS[0]!, "OUTBOX");
  const people = KeeperStore.open(home.folder);
  t.teardown(() => people.close());
  pause(people);
  t.equal((await api.takeRelease({ run: RUNS[0]! })).refusal?.code, "paused");
  await t.rejects(api.execute({ leases: [lease(RUNS[1]!)] }), { code: "paused" });
  t.equal((await api.describe({})).paused, true);
  const { change: since } = await api.waitForChanges({ since: 0, holdSeconds: 0 });
  resume(people);
  const { runs } = await api.waitForChanges({ since, holdSeconds: 20 });
  t.equal(runs.length, 2, "the courier hears of what may go on");
  t.ok((await api.takeRelease({ run: RUNS[0]! })).release, "and goes on where it was");
});

t.test("pausing stops what runs, and that does not count as a death", async (t) => {
  const home = practice(t);
  let started = (): void => undefined;
  const running = new Promise<void>((resolve) => (started = resolve));
  const { api } = await home.start({
    answer: (_job, signal) => {
      started();
      return new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve({ outcome: "called-off" })),
      );
    },
  });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await running;
  const people = KeeperStore.open(home.folder);
  t.teardown(() => people.close());
  pause(people);
  await until(api, RUNS[0]!, "READY");
  const row = people.db.prepare("SELECT starts FROM run").get() as { starts: number };
  t.equal(row.starts, 0);
});

t.test("on hold, a release waits until someone lets it go", async (t) => {
  const home = practice(t);
  const { api, keeper } = await home.start();
  const people = KeeperStore.open(home.folder);
  t.teardown(() => people.close());
  const saidOnPage = (): string => runPage(keeper, RUNS[0]!);
  setHold(people, true);
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await until(api, RUNS[0]!, "ON_HOLD");
  t.match(saidOnPage(), `cairn agent approve ${RUNS[0]!}`, "the page says how");
  t.equal((await api.takeRelease({ run: RUNS[0]! })).refusal?.code, "run-not-released");
  decline(people, theQuery().query);
  await until(api, RUNS[0]!, "DECLINED");
  approve(people, theQuery().query);
  await until(api, RUNS[0]!, "ON_HOLD");
  approveRelease(people, RUNS[0]!);
  await until(api, RUNS[0]!, "OUTBOX");
  t.notMatch(saidOnPage(), "cairn agent approve");
  t.ok((await api.takeRelease({ run: RUNS[0]! })).release);
});

t.test("the practice's page lists runs by where they stand, each date a way to its numbers", async (t) => {
  const home = practice(t);
  const { api, keeper } = await home.start();
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  const linksOf = (words: string): string[] => {
    const items = homePage(keeper).match(/<li>[^]*?<\/li>/g) ?? [];
    const alike = items.filter((item) => item.includes(words));
    t.ok(alike.length <= 1, `${words} is said once`);
    return [...(alike[0] ?? "").matchAll(/href="\/runs\/([^"]*)"/g)].map(([, run]) => run!);
  };
  t.same(linksOf("ready to be answered"), RUNS.toReversed());
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await until(api, RUNS[0]!, "OUTBOX");
  t.same(linksOf("decided, on its way to the hub"), [RUNS[0]]);
  t.same(linksOf("ready to be answered"), RUNS.slice(1));
});

t.test("a hub can raise the floor and never lower it", async (t) => {
  const home = practice(t);
  const { api } = await home.start();
  const people = KeeperStore.open(home.folder);
  t.teardown(() => people.close());
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({
    assignments: [
      assignment(DATES[0], { floor: { k: 5, base: 5, midpoint: 0 } }),
      assignment(DATES[1], { floor: { k: 10, base: 6, midpoint: 0 } }),
    ],
  });
  await api.execute({ leases: RUNS.map(lease) });
  for (const run of RUNS) await until(api, run, "OUTBOX");
  const policies = await Promise.all(
    RUNS.map(async (run) => (await api.takeRelease({ run })).release?.policy),
  );
  t.match(policies, [
    { k: 8, base: 5 },
    { k: 10, base: 6 },
  ]);
  setFloor(people, "midpoint6");
  t.throws(() => setFloor(people, "none"), { code: "floor-unknown", kind: "wrong-use" });
  const broken = assignment("2025-06-30", { floor: { k: 50, base: 5, midpoint: 0 } });
  t.equal((await api.offerRuns({ assignments: [broken] })).runs[0]?.refusal?.code, "policy-too-weak");
});

t.test("dates are decided in order: an earlier one that never left expires", async (t) => {
  const { api } = await practice(t).start();
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[1])] });
  await api.execute({ leases: [lease(RUNS[1]!)] });
  await until(api, RUNS[1]!, "OUTBOX");
  const late = await api.offerRuns({ assignments: [assignment(DATES[0])] });
  t.equal(late.runs[0]?.refusal?.code, "date-too-old");
});

t.test("a query that asks what the records do not say is refused by name, and never released", async (t) => {
  const words = "asthma-seen asks what these records do not say";
  const { api, keeper } = await practice(t).start({
    answer: async () => ({ outcome: "unanswerable", words }),
  });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await until(api, RUNS[0]!, "REFUSED");
  const { runs } = await api.waitForChanges({ since: 0, holdSeconds: 0 });
  t.match(runs[0]?.refusal, { code: "facts-unavailable", words });
  const kinds = [...keeper.store.log.entries()].map(({ kind }) => kind);
  t.ok(kinds.includes("run-refused"));
  t.notOk(kinds.includes("released"));
});

t.test("a query that dies twice is quarantined, and the others go on", async (t) => {
  const home = practice(t);
  const { api } = await home.start({
    answer: async () => ({ outcome: "died", how: "it was stopped after 1 s" }),
  });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await until(api, RUNS[0]!, "READY");
  await api.execute({ leases: [{ ...lease(RUNS[0]!), attempt: 2 }] });
  await until(api, RUNS[0]!, "QUARANTINED");
  const { runs } = await api.waitForChanges({ since: 0, holdSeconds: 0 });
  t.equal(runs[0]?.refusal?.code, "run-quarantined");
});

t.test("what was running when the keeper died counts as a death", async (t) => {
  const home = practice(t);
  const first = await home.start();
  await first.api.offerLibrary({ bundle: bundle() });
  await first.api.offerRuns({ assignments: [assignment(DATES[0])] });
  await first.stop();
  const store = KeeperStore.open(home.folder);
  store.change(({ db }) => db.exec("UPDATE run SET state = 'running', starts = 1"));
  store.close();
  const second = await home.start();
  const { runs } = await second.api.waitForChanges({ since: 0, holdSeconds: 0 });
  t.equal(runs[0]?.state, "AGENT_RUN_STATE_READY", "once, it is tried again");
  await second.stop();
  const again = KeeperStore.open(home.folder);
  again.change(({ db }) => db.exec("UPDATE run SET state = 'running', starts = 2"));
  again.close();
  const third = await home.start();
  const { runs: later } = await third.api.waitForChanges({ since: 0, holdSeconds: 0 });
  t.equal(later[0]?.state, "AGENT_RUN_STATE_QUARANTINED");
});

t.test("the keeper countersigns a log of the hub that extends what it saw, and no other", async (t) => {
  const { api, keeper } = await practice(t).start();
  const hub = AuditLog.open(openDatabase(join(t.testdir(), "hub.db")), {
    origin: "hub.test",
    key: hubLog.privateKey,
  });
  hub.append("a", {});
  const first = await api.countersign({ checkpoint: hub.checkpoint(), consistency: [], fromSize: 0 });
  const witness = {
    name: keeper.store.log.origin,
    key: publicKeyFromRaw((await api.describe({})).keeperKey),
  };
  t.ok(cosignedAt(first.cosigned, witness));
  hub.append("b", {});
  hub.append("c", {});
  const next = await api.countersign({
    checkpoint: hub.checkpoint(),
    consistency: hub.consistency(1),
    fromSize: 1,
  });
  t.equal(Number(next.seenSize), 3);

  const other = AuditLog.open(openDatabase(join(t.testdir(), "other.db")), {
    origin: "hub.test",
    key: hubLog.privateKey,
  });
  for (const kind of ["a", "x", "y", "z"]) other.append(kind, {});
  const lie = await api.countersign({
    checkpoint: other.checkpoint(),
    consistency: other.consistency(3),
    fromSize: 3,
  });
  t.equal(lie.refusal?.code, "checkpoint-inconsistent");
  t.ok(
    [...keeper.store.log.entries()].some(({ kind }) => kind === "checkpoint-refused"),
    "and the log remembers it",
  );
  const stranger = AuditLog.open(openDatabase(join(t.testdir(), "stranger.db")), {
    origin: "hub.test",
    key: generateKeyPairSync("ed25519").privateKey,
  });
  stranger.append("a", {});
  const unsigned = await api.countersign({ checkpoint: stranger.checkpoint(), consistency: [], fromSize: 0 });
  t.equal(unsigned.refusal?.code, "bad-signature");
});

t.test("receipts are believed for the hub's signature and these very bytes", async (t) => {
  const { api } = await practice(t).start();
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [lease(RUNS[0]!)] });
  await until(api, RUNS[0]!, "OUTBOX");
  const { release } = await api.takeRelease({ run: RUNS[0]! });
  const good = receipt(RUNS[0]!, release!.release);
  await t.rejects(api.acknowledge({ receipts: [{ ...good, hubLogIndex: 8 }] }), { code: "bad-signature" });
  await t.rejects(api.acknowledge({ receipts: [receipt(RUNS[0]!, Buffer.of(1))] }), { code: "run-conflict" });
});

t.test("a second keeper on the same socket is told so; a socket left behind is taken over", async (t) => {
  const home = practice(t);
  const first = await home.start();
  await t.rejects(home.start(), { code: "running", kind: "unavailable" });
  await first.stop();
  await t.resolves(home.start());
});
