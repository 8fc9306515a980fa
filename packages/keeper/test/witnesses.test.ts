/** A charter that asks for witnesses: nothing runs for its group before the publication is proved under their quorum. */
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import t, { type Test } from "tap";
import {
  AuditLog,
  cosign,
  indexIn,
  printEntryProof,
  readEntryProof,
  vkeyOf,
  type NoteKey,
} from "@cairn/audit-log";
import { charterBytes, type Charter } from "@cairn/charters";
import { encode, hubLog as hubKinds } from "@cairn/ledger";
import { openDatabase } from "@cairn/sqlite";
import { releaseDigest } from "@cairn/wire";
import { join as joinGroup } from "../src/decisions/membership.js";
import { keeperStatus } from "../src/status.js";
import { acceptHubLog } from "../src/trust/hub-log.js";
import { person } from "../src/store/person.js";
import type { KeeperStore } from "../src/store/store.js";
import { homePage } from "./fixtures/pages.js";
import { charterOf } from "./fixtures/charters.js";
import { assignment, bundle, DATES, GROUP, hubLog, practice, receipt, until } from "./fixtures/practice.js";
import { LATER, lease, people, RUN, told } from "./fixtures/released.js";

const BOARD = "board";
const ORIGIN = "hub.test";
const DAY_MS = 86_400_000;
const required = (group = GROUP): Charter => charterOf({ group, witness: "required" });
const ann: NoteKey = { name: "ann.example/w", key: generateKeyPairSync("ed25519").privateKey };
const stranger: NoteKey = { name: "ann.example/w", key: generateKeyPairSync("ed25519").privateKey };
const log: NoteKey = { name: ORIGIN, key: hubLog.publicKey };
const POLICY = `log ${vkeyOf(log, "log")}\nwitness A ${vkeyOf(ann, "witness")}\nquorum A\n`;
const clock = { now: Date.now() }; // of the keeper; people decide beside it by the machine's

/** A library version with these charters and, unless null, a witness policy. */
function library(
  charters: readonly Charter[],
  { version = 1, policy = POLICY }: { version?: number; policy?: string | null } = {},
): Buffer {
  const files = charters.map((one) => [`charters/${one.group}.json`, charterBytes(one)] as const);
  const beside = policy === null ? [] : [["witness-policy", Buffer.from(policy)] as const];
  return bundle({ version, beside: new Map<string, Uint8Array>([...files, ...beside]) });
}

let logs = 0;

/** A hub's log, of which an entry is proved as a hub does. */
class HubsLog {
  readonly log: AuditLog;

  constructor(t: Test, origin = ORIGIN) {
    const db = openDatabase(join(t.testdir(), `hub-${(logs += 1)}.db`));
    this.log = AuditLog.open(db, { origin, key: hubLog.privateKey });
  }

  publish(version: string, digest: Buffer): number {
    const facts = { version, digest: digest.toString("hex"), queries: "asthma-seen", signers: "", root: 1 };
    const { kind, body } = encode(hubKinds.libraryPublished, { ...facts, by: "Ann" as never });
    return this.log.append(kind, body).index;
  }

  receive(run: string, bytes: Buffer): number {
    const digest = releaseDigest(bytes).toString("hex");
    const sent = { practice_log_index: 1, practice_log_size: 2, practice_log_root: "00".repeat(32) };
    const { kind, body } = encode(hubKinds.releaseReceived, {
      run,
      practice: "p1",
      correction: 0,
      digest,
      ...sent,
    });
    return this.log.append(kind, body).index;
  }

  /** The proof of an entry under the present checkpoint, signed by a witness. */
  prove(position: number, witness: NoteKey | null = ann): string {
    const head = this.log.stampedCheckpoint();
    const note = witness ? cosign(head, witness, new Date(clock.now)) : head;
    const extra = Buffer.from(this.log.lineAt(position));
    return printEntryProof({ extra, index: position, proof: this.log.inclusion(position), note });
  }
}

/** A running keeper that was offered a run of a group. */
async function started(
  t: Test,
  charters: readonly Charter[],
  { groups = [GROUP], policy = POLICY }: { groups?: string[]; policy?: string | null } = {},
) {
  const home = practice(t, "accept-signed", []);
  const running = await home.start({ now: () => clock.now });
  const store = people(t, home.folder);
  await running.api.offerLibrary({ bundle: library(charters, { policy }) });
  await running.api.offerRuns({ assignments: groups.map((group) => assignment(DATES[0], { group })) });
  for (const group of groups) joinGroup(store, group);
  await running.api.offerRuns({ assignments: groups.map((group) => assignment(DATES[0], { group })) });
  const { libraryDigest } = await running.api.describe({});
  return { ...running, store, libraryDigest };
}

type Started = Awaited<ReturnType<typeof started>>;

/** Brings the log's head with proofs, as the courier does. */
async function bring({ api }: Started, hub: HubsLog, proofs: string[]) {
  const { witnessedSize: seen } = await api.describe({});
  const proved = Number(readEntryProof(proofs[0] ?? "")?.note.split("\n")[1] ?? 0);
  return api.countersign({
    checkpoint: hub.log.stampedCheckpoint(),
    consistency: Number(seen) > 0 && Number(seen) <= hub.log.size ? hub.log.consistency(Number(seen)) : [],
    fromSize: seen,
    proofs,
    proofsConsistency: proved > 0 && proved <= hub.log.size ? hub.log.consistency(proved) : [],
  });
}

function logged(store: KeeperStore, kind: string) {
  return [...store.log.entries()].filter((entry) => entry.kind === kind).map(({ body }) => body);
}

t.test("a query runs once the publication that holds it is proved under the quorum", async (t) => {
  const running = await started(t, [required()]);
  const { api, store, keeper, libraryDigest } = running;
  const waits = await told(running);
  t.match(waits, {
    state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL",
    refusal: { code: "waiting-for-witness", words: /nothing is to be done here.*cairn hub witnesses/ },
    groups: [{ group: GROUP, state: "AGENT_RUN_STATE_READY" }],
  });
  await api.execute({ leases: [lease(RUN)] });
  t.same(logged(store, "run-started"), [], "a lease starts nothing");
  const status = keeperStatus(store);
  t.match(status.runs, [{ state: "waiting-for-witness", groups: [{ state: "waiting-for-witness" }] }]);
  t.equal(status.witnessWait?.code, "waiting-for-witness");
  t.match(homePage(keeper), /countersigned the hub(’|&#39;|')s log with this library/);
  t.match(await api.describe({}), { unprovedLibrary: "1", unproved: [] });

  const hub = new HubsLog(t);
  hub.log.append("a", {});
  const place = hub.publish("1", libraryDigest);
  const proof = hub.prove(place);
  hub.log.append("b", {});
  t.match(await bring(running, hub, [proof]), { refusal: null, proofsRefusal: null });
  await until(api, RUN, "READY");
  t.match(logged(store, "publication-witnessed"), [
    {
      version: "1",
      digest: libraryDigest.toString("hex"),
      origin: ORIGIN,
      position: 1,
      size: 2,
      witnesses: "A",
    },
  ]);
  t.equal((await api.describe({})).unprovedLibrary, "");
  t.equal(keeperStatus(store).witnessWait, null);
  await bring(running, hub, [proof]);
  t.equal(logged(store, "publication-witnessed").length, 1, "the same again changes nothing");
  await api.offerLibrary({ bundle: library([required()], { version: 2 }) });
  await api.offerRuns({ assignments: [assignment(DATES[1])] });
  await until(api, LATER, "READY");
  t.equal((await api.describe({})).unprovedLibrary, "", "the next version holds no query that is not proved");
});

t.test("what proves nothing is refused by name, and the run waits on", async (t) => {
  const running = await started(t, [required()]);
  const { api, store, libraryDigest } = running;
  const hub = new HubsLog(t);
  const [older, other, strange, place] = [
    hub.publish("0", libraryDigest),
    hub.publish("1", Buffer.alloc(32, 7)),
    hub.log.append("a", {}).index,
    hub.publish("1", libraryDigest),
  ];
  const another = new HubsLog(t);
  const elsewhere = another.publish("1", libraryDigest);
  const good = hub.prove(place);
  const refused: Readonly<Record<string, [string, RegExp]>> = {
    "no proof": ["proof", /not an entry's proof/],
    "no entry": [good.replace(/^extra .*\n/m, ""), /not an entry's proof/],
    "another entry than it leads to": [good.replace("index 3", "index 2"), /does not lead/],
    "nobody signed": [hub.prove(place, null), /quorum A is not reached/],
    "another than the policy's witness": [hub.prove(place, stranger), /quorum A is not reached/],
    "another version": [hub.prove(older), /something else/],
    "another content": [hub.prove(other), /something else/],
    "another kind of entry": [hub.prove(strange), /something else/],
    "another history": [another.prove(elsewhere), /another history/],
  };
  for (const [name, [proof, words]] of Object.entries(refused)) {
    const { refusal, proofsRefusal } = await bring(running, hub, [proof]);
    t.equal(refusal, null, `${name}: the checkpoint is countersigned all the same`);
    t.match(proofsRefusal, { code: "proof-wrong", words }, name);
  }
  t.match((await bring(running, hub, Array<string>(66).fill(good))).proofsRefusal, { code: "bad-request" });
  t.match(await told(running), { refusal: { code: "waiting-for-witness" } });
  t.same(logged(store, "publication-witnessed"), []);
  t.match(
    (await bring(running, hub, [hub.prove(older), good])).proofsRefusal,
    { code: "proof-wrong", words: /a proof of the hub's log was not taken/ },
    "one that is wrong is refused",
  );
  await until(api, RUN, "READY");
  t.equal(logged(store, "publication-witnessed").length, 1, "and keeps out no other");
});

t.test("a library without a witness policy is waited for, and that is said", async (t) => {
  const running = await started(t, [required()], { policy: null });
  const { api, store } = running;
  t.match(keeperStatus(store).witnessWait, {
    words: /the library has no witness policy: .*cairn library add --policy FILE/,
  });
  t.equal((await api.describe({})).unprovedLibrary, "", "there is nothing that could prove it");
  const hub = new HubsLog(t);
  const { libraryDigest } = await api.describe({});
  const place = hub.publish("1", libraryDigest);
  t.match((await bring(running, hub, [hub.prove(place)])).proofsRefusal, { words: /no witness policy/ });
  t.match(await told(running), { refusal: { code: "waiting-for-witness" } });
});

t.test("a policy that asks nobody but the hub itself is none", async (t) => {
  const own: NoteKey = { name: "own.example/w", key: hubLog.privateKey };
  const none = POLICY.replace("quorum A", "quorum none");
  const itself = POLICY.replace(
    "quorum A",
    `witness B ${vkeyOf(own, "witness")}\ngroup one any A B\nquorum one`,
  );
  for (const [policy, witness] of [
    [none, null],
    [itself, own],
  ] as const) {
    const running = await started(t, [required()], { policy });
    const hub = new HubsLog(t);
    const proof = hub.prove(hub.publish("1", running.libraryDigest), witness);
    t.match((await bring(running, hub, [proof])).proofsRefusal, { words: /no witness policy/ });
    t.match(await told(running), { refusal: { code: "waiting-for-witness" } });
    t.match(keeperStatus(running.store).witnessWait, { words: /has no witness policy/ });
  }
});

t.test("a group that asks for witnesses gets its use later than one that asks for none", async (t) => {
  const charters = [required(), charterOf({ group: BOARD, witness: "not-required" })];
  const running = await started(t, charters, { groups: [GROUP, BOARD] });
  const { api, store, libraryDigest } = running;
  await until(api, RUN, "READY");
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const { release, uses } = await api.takeRelease({ run: RUN });
  t.match(
    uses.map(({ group }) => group),
    [BOARD],
  );
  await api.acknowledge({
    receipts: [receipt(RUN, release!.release), receipt(RUN, release!.release, 8, { group: BOARD })],
  });
  t.match(keeperStatus(store).runs, [
    { groups: [{ group: BOARD }, { group: GROUP, state: "waiting-for-witness" }] },
  ]);
  const hub = new HubsLog(t);
  const place = hub.publish("1", libraryDigest);
  await bring(running, hub, [hub.prove(place)]);
  t.match(logged(store, "use"), [{ group: BOARD }, { group: GROUP }]);
});

/** A keeper whose release is on its way, with a hub's log in which the publication was proved. */
async function sent(t: Test) {
  const running = await started(t, [required()]);
  const { api, keeper, libraryDigest } = running;
  const hub = new HubsLog(t);
  const publication = hub.publish("1", libraryDigest);
  await bring(running, hub, [hub.prove(publication)]);
  await until(api, RUN, "READY");
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const { release } = await api.takeRelease({ run: RUN });
  const bytes = release!.release;
  const acknowledge = (index: number) =>
    api.acknowledge({
      receipts: [receipt(RUN, bytes, index), receipt(RUN, bytes, index + 1, { group: GROUP })],
    });
  const unproved = async () => (await api.describe({})).unproved.map(Number);
  const alarm = () => keeperStatus(keeper.store).receiptsUnwitnessed;
  return { running, hub, publication, bytes, acknowledge, unproved, alarm };
}

t.test("a receipt that is not proved within seven days is an alarm, which a later proof ends", async (t) => {
  const { running, hub, bytes, alarm, acknowledge } = await sent(t);
  const { api, keeper } = running;
  const index = hub.receive(RUN, bytes);
  await acknowledge(index);
  t.match(await api.describe({}), { unproved: [index] });
  clock.now += 7 * DAY_MS;
  t.equal(alarm(), null, "seven days are given");
  clock.now += 60_000;
  t.match(alarm(), {
    code: "receipts-unwitnessed",
    words: /more than seven days ago.*ask the hub's operator/,
  });
  t.match(homePage(keeper), /more than seven days ago/);
  t.notMatch(alarm()?.words, /fault|fail|blame|red\b/);

  const other = hub.receive(RUN, Buffer.from("other bytes"));
  t.match((await bring(running, hub, [hub.prove(other)])).proofsRefusal, {
    words: /the receipt of another release/,
  });
  t.match((await bring(running, hub, [hub.prove(index, stranger)])).proofsRefusal, { words: /quorum/ });
  t.ok(alarm());
  t.match(await bring(running, hub, [hub.prove(index)]), { proofsRefusal: null });
  t.equal(alarm(), null);
  t.same((await api.describe({})).unproved, []);
});

t.test("a receipt at the place of something else that was proved is not proved by it", async (t) => {
  for (const number of [0, 1]) {
    const { running, hub, publication, acknowledge, unproved, alarm } = await sent(t);
    const index = indexIn(number, publication);
    await acknowledge(index);
    t.same(await unproved(), [index]);
    await bring(running, hub, [hub.prove(publication)]);
    clock.now += 7 * DAY_MS + 60_000;
    t.match(alarm(), { code: "receipts-unwitnessed" });
  }
});

t.test("a receipt is proved by the entry of its own release, at the place that it names", async (t) => {
  const { running, hub, bytes, acknowledge, unproved } = await sent(t);
  const other = hub.receive(RUN, Buffer.from("other bytes"));
  const own = hub.receive(RUN, bytes);
  await acknowledge(other);
  for (const place of [other, own])
    t.match((await bring(running, hub, [hub.prove(place)])).proofsRefusal, { code: "proof-wrong" });
  t.same(await unproved(), [other]);
  await acknowledge(own);
  await bring(running, hub, [hub.prove(own)]);
  t.same(await unproved(), []);
});

t.test(
  "a receipt that is given again at another place gets no more time, and is to be proved there",
  async (t) => {
    const { running, hub, bytes, acknowledge, unproved, alarm } = await sent(t);
    await acknowledge(100);
    clock.now += 6 * DAY_MS;
    await acknowledge(101);
    clock.now += 2 * DAY_MS;
    t.ok(alarm());
    const index = hub.receive(RUN, bytes);
    await acknowledge(index);
    await bring(running, hub, [hub.prove(index)]);
    t.equal(alarm(), null);
    await acknowledge(102);
    t.same(await unproved(), [102]);
  },
);

t.test("in a new log that a person accepted, what came since it was shown is to be proved", async (t) => {
  const { running, bytes, acknowledge, unproved, alarm } = await sent(t);
  await acknowledge(indexIn(4000, 7));
  const next = new HubsLog(t, `${ORIGIN}/2`);
  next.log.append("a", {});
  t.match(await bring(running, next, []), { refusal: { code: "checkpoint-inconsistent" } });
  acceptHubLog(running.keeper.store, person("Dr Fell"));
  t.same(await unproved(), [], "the log of the receipt is gone");
  await acknowledge(indexIn(1, next.receive(RUN, bytes)));
  t.same(await unproved(), [indexIn(1, 1)], "whatever place the hub named before");

  await bring(running, new HubsLog(t, `${ORIGIN}/3`), []);
  await acknowledge(indexIn(2, 5));
  clock.now += 8 * DAY_MS;
  t.ok(alarm());
  acceptHubLog(running.keeper.store, person("Dr Fell"));
  t.same(await unproved(), [indexIn(2, 5)], "also what came before it was accepted");
  t.equal(alarm(), null, "and its seven days begin, as nothing could be proved before");
  clock.now += 8 * DAY_MS;
  t.ok(alarm());
});

t.test("what cannot be proved keeps no later receipt from being asked for", async (t) => {
  const { running, acknowledge, unproved } = await sent(t);
  await acknowledge(3);
  running.store.change(({ db }) => {
    for (const table of ["release_use", "receipt"])
      db.exec(`CREATE TEMP TABLE a_${table} AS SELECT * FROM ${table}`);
    for (let i = 1; i <= 64; i += 1)
      db.exec(`UPDATE a_release_use SET position = NULL, correction = ${i};
        INSERT INTO release_use SELECT * FROM a_release_use;
        UPDATE a_receipt SET correction = ${i}, hub_log_index = ${indexIn(7, i)}, awaited_from = 1;
        INSERT INTO receipt SELECT * FROM a_receipt`);
  });
  const asked = await unproved();
  t.equal(asked.length, 64);
  t.equal(asked[0], 3, "the newest comes first");
});
