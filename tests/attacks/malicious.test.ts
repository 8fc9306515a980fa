/**
 * A malicious hub and a malicious courier, beside a practice's own processes. The hub has all of a hub's keys and answers what it
 * likes; the courier speaks on the keeper's socket. Each lie is told by both where both can tell it, and refused by name.
 */
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { AuditLog, cosign, placeOf, printEntryProof, vkeyOf, type NoteKey } from "@cairn/audit-log";
import { charterBytes } from "@cairn/charters";
import { Federation, type Practice } from "@cairn/demo";
import { addSchedule, logVkey, publishLibrary } from "@cairn/hub";
import { documentBytes, documentDigest } from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import { openContent } from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { encodeDelivery, newKey, signOnline, type SigningKey } from "@cairn/signed-library";
import { openDatabase } from "@cairn/sqlite";
import { groupCharter, until, type Publication } from "@cairn/testkit";
import {
  signComparison,
  signReceipt,
  signUse,
  type Assignment,
  type FetchComparisonsReply,
  type KeeperApi,
  type RunState__Output,
  type WitnessReply,
} from "@cairn/wire";
import { connectHub, connectKeeper } from "@cairn/wire/grpc";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";
import { honest } from "../../packages/keeper/test/fixtures/comparisons.js";
import { MaliciousHub, type Lies } from "./malicious/hub.js";
import { People } from "./malicious/people.js";

t.setTimeout(600_000); // an agent that was lied to waits longer each time before it asks again

type Files = Map<string, Uint8Array>;

const GROUP = "cluster";
const [QUERY, DELEGATED, OUTSIDE] = [
  "hypertension-register",
  "diabetes-register",
  "asthma-register",
] as const;
const DATE = "2026-06-30";
const DAY_MS = 86_400_000;
const now = Date.now();
const officer: NoteKey = { name: "officer.invented/w", key: generateKeyPairSync("ed25519").privateKey };
const inventedOfficer: NoteKey = { ...officer, key: generateKeyPairSync("ed25519").privateKey };

const folder = mkdtempSync(join(tmpdir(), "cairn-malicious-"));
const queries = readLibraryFolder(someQueries(join(folder, "library"), [QUERY, DELEGATED, OUTSIDE]));
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600 });
let hub: MaliciousHub;
let people: People;
let practice: Practice;
let keeper: KeeperApi;

/** A publication with the charter of the group, which asks one query. */
function beside(more: Publication = {}): Publication {
  const asks = {
    queries: [DELEGATED, QUERY],
    newQuery: { rule: "accept-signed" },
    witness: "not-required",
  } as const;
  const policy = `log ${logVkey(hub.hub)}\nwitness officer ${vkeyOf(officer, "witness")}\nquorum officer\n`;
  const files = new Map<string, Uint8Array>([
    [`charters/${GROUP}.json`, charterBytes(groupCharter(GROUP, asks))],
    ["witness-policy", Buffer.from(policy)],
  ]);
  return { now, ...more, beside: files };
}

const delivered = (version: number, more: Publication = {}): Files =>
  people.delivered(queries, beside({ version, ...more }));

const waited = <T>(what: string, find: () => Promise<T>): Promise<Exclude<T, false | null | undefined>> =>
  until(what, find, async () =>
    [practice.agent?.log, JSON.stringify(await keeper.waitForChanges({ since: 0, holdSeconds: 0 }))].join(
      "\n",
    ),
  );

/** Waits until the practice's agent says this. */
const says = (words: RegExp): Promise<true> =>
  waited(`the agent says ${words}`, async () => words.test(practice.agent?.log ?? "") || null);

/** The state of a run at the keeper. */
async function stateOf(run: string): Promise<RunState__Output | undefined> {
  const { runs } = await keeper.waitForChanges({ since: 0, holdSeconds: 0 });
  return runs.find((each) => each.run === run);
}

/** Ends the lies, and waits until the agent finds the hub honest. */
async function honestAgain(): Promise<void> {
  hub.lies = {};
  await says(/the hub answers again/);
}

/** Entries of the hub's log that the practice has countersigned. */
const seenSize = async (): Promise<number> => Number((await keeper.describe({})).witnessedSize);

/** Adds to the hub's log, and waits until the practice has countersigned that. */
async function logGoesOn(): Promise<void> {
  const digest = Buffer.alloc(32).toString("hex");
  await hub.hub.store.change(async (change) => change.note(hubLog.releaseConflict, { run: "none", digest }));
  const { size } = hub.hub.store.log;
  await waited("the hub's log is countersigned", async () => (await seenSize()) >= size);
}

/** The one run that the hub truly asks for. */
function theRun(): Assignment {
  return hub.asked[0] as Assignment;
}

t.before(async () => {
  await command.must(["hub", "init", "--data", federation.hubData, "--host", "127.0.0.1"]);
  hub = new MaliciousHub(federation.hubData);
  people = new People(hub.hub.files.libraryKey);
  await publishLibrary(hub.hub, people.publication(queries, beside()));
  const grpc = await hub.start();
  federation.addresses = { pages: "", grpc };
  practice = federation.addPractice({
    name: "Ash Surgery",
    ...{ patients: 150, eventsPerPatient: 50, seed: 21, until: "2026-07-31" },
  });
  await practice.loadRecords();
  await federation.enrol(practice);
  await practice.start({ CAIRN_AGAIN_MS: "200" });
  keeper = connectKeeper(join(practice.data, "run", "keeper.sock"));
});

t.teardown(async () => {
  keeper.close();
  await federation.stop();
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
});

t.test("receipts that are withheld: what was sent stays to be sent, and the audit names it", async (t) => {
  await waited("the library", async () => (await keeper.describe({})).libraryVersion === "1");
  await practice.join(); // accepts the charter, which came with the library
  let took = 0;
  hub.lies = {
    submit: async (truth) => {
      took += (await truth()).receipts?.length ?? 0;
      return { receipts: [], refusals: [] };
    },
  };
  const when = { cron: null, timezone: "Europe/London", catchUp: "latest" } as const;
  const rest = { catchUpWindow: 0, spread: 0, collectFor: 3_600_000 };
  const what = { group: GROUP, queries: [QUERY], every: "quarter", periods: 1, until: DATE } as const;
  await addSchedule(hub.hub, { ...what, ...when, ...rest });
  await waited("the hub has it", async () => took > 0);
  t.equal((await stateOf(theRun().run!))?.state, "AGENT_RUN_STATE_OUTBOX");
  for (let times = 0; times < 2; times++) await logGoesOn(); // what is on its way is given some time
  const [ours, theirs] = [join(folder, "practice.log"), join(folder, "hub.log")];
  writeFileSync(ours, await practice.must("agent", "log", "--json"));
  writeFileSync(theirs, await federation.mustHub("hub", "export"));
  const { code, stdout } = await command.run([
    "audit",
    "verify",
    "--practice",
    ours,
    "--hub",
    theirs,
    "--json",
  ]);
  t.equal(code, 1);
  t.match(stdout, /"receipt-missing"/);
  hub.lies = {};
  await waited(
    "the receipt",
    async () => (await stateOf(theRun().run!))?.state === "AGENT_RUN_STATE_ACKNOWLEDGED",
  );
});

/** The number of the hub's newest statement. */
let numbers = 10;

/** A delivery with the hub's newest statement over what is signed in it, as stated at `at`. */
function restated(files: Files, at: number, number = (numbers += 1), key = people.online): Files {
  const roles = [...files].flatMap(([name, bytes]) => {
    const role = /^\d+\.(targets|acceptances-.*)\.json$/.exec(name)?.[1];
    return role ? [[role, bytes] as const] : [];
  });
  const rest = without(files, /snapshot\.json$|timestamp\.json$/);
  return new Map([...rest, ...signOnline({ snapshot: number, timestamp: number }, new Map(roles), key, at)]);
}

/** One delivery with the snapshot of another under its own one's name. */
function mixed(files: Files, others: Files): Files {
  const snapshot = ([name]: [string, Uint8Array]): boolean => name.endsWith(".snapshot.json");
  const [name] = [...files].find(snapshot)!;
  return new Map([...files, [name, [...others].find(snapshot)![1]]]);
}

function without(files: Files, name: RegExp): Files {
  return new Map([...files].filter(([each]) => !name.test(each)));
}

function altered(files: Files, name: string): Files {
  const bytes = Uint8Array.from(files.get(name)!);
  bytes[200]! ^= 1;
  return new Map([...files, [name, bytes]]);
}

let editions = 0;

/** What a hub answers that delivers these files. */
function delivering(files: Files): Lies {
  const bytes = Buffer.from(encodeDelivery(files));
  const version = `9.${(editions += 1)}`;
  return {
    poll: async (truth) => ({ ...(await truth()), libraryEdition: version }),
    fetchLibrary: async () => ({
      ...{ version, chunk: bytes, size: bytes.length },
      digest: createHash("sha256").update(bytes).digest(),
    }),
  };
}

/** Tells the keeper of a library, by a courier and by a hub. */
async function refusesLibrary(t: Test, files: Files, code: string, words: RegExp): Promise<void> {
  const told = await keeper.offerLibrary({ bundle: encodeDelivery(files) });
  t.notOk(told.accepted);
  t.equal(told.refusal?.code, code);
  t.match(told.refusal?.words, words);
  practice.agent?.forget();
  hub.lies = delivering(files);
  await says(new RegExp(`the keeper turned down library version 9\\.${editions}: .*${words.source}`));
  await honestAgain();
}

t.test("a library that is not as it was signed, or not the newest, is refused by name", async (t) => {
  await publishLibrary(hub.hub, people.publication(queries, beside({ version: 2 })));
  await waited("the true second", async () => (await keeper.describe({})).libraryVersion === "2");
  // The hub's own statements are good: each is the newest, so that nothing but the lie is refused.
  const third = (more: Publication = {}): Files => delivered(3, { ...more, timestamp: (numbers += 1) });
  const by = (...keys: SigningKey[]): Files => third({ by: keys });
  const { clinical, secondClinical, stranger, roots } = people;
  const oneKey = people.signedRoot(people.keys, 2, now, roots.slice(0, 1));
  const lies: [what: string, files: () => Files, code: string, words: RegExp][] = [
    ["one signature", () => by(clinical), "library-unsigned", /3\.targets\.json lacks signatures .*1\/2/],
    [
      "two of one kind",
      () => by(clinical, secondClinical),
      "library-unsigned",
      /no signature of a governance key/,
    ],
    ["a stranger's", () => by(clinical, stranger), "library-unsigned", /1\/2/],
    ["unsigned", () => by(), "library-unsigned", /0\/2/],
    ["one byte changed", () => altered(third(), "3.targets.json"), "library-mixed", /3\.targets\.json/],
    ["an old one", () => delivered(1), "library-rollback", /older/],
    ["of two publications", () => mixed(third(), third()), "library-mixed", /snapshot\.json/],
    ["a file missing", () => without(third(), /targets\.json$/), "library-incomplete", /is missing/],
    ["an old statement", () => restated(third(), now - 8 * DAY_MS), "library-expired", /timestamp\.json/],
    [
      "old targets",
      () => restated(third({ now: now - 181 * DAY_MS }), now),
      "library-expired",
      /targets\.json has expired/,
    ],
    [
      "a root of one key",
      () => new Map([...third(), ["2.root.json", oneKey]]),
      "library-unsigned",
      /2\.root\.json .*1\/2/,
    ],
  ];
  for (const [what, files, code, words] of lies)
    await t.test(what, (t) => refusesLibrary(t, files(), code, words));
  t.equal((await keeper.describe({})).libraryVersion, "2");
});

let runs = 0;

/** An id of a run that the hub invents. */
const anotherRun = (): string =>
  createHash("md5")
    .update(`another ${(runs += 1)}`)
    .digest("hex");

t.test(
  "what the practice did not accept to be asked is refused by name, or waits for a person",
  async (t) => {
    const true1 = theRun();
    const theirs = signedAs(OUTSIDE);
    const lies: [what: string, lie: Partial<Assignment>, code: string][] = [
      ["a day of the hub's", { referenceDate: "2026-06-29" }, "date-not-asked"],
      ["outside of the charter", theirs, "not-in-charter"],
      ["another practice's run", {}, "run-conflict"],
      ["a query that nobody signed", { queryDigest: Buffer.alloc(32, 7) }, "query-unknown"],
    ];
    for (const [what, lie, code] of lies) {
      const byCourier = { ...true1, ...lie, run: anotherRun() };
      const { runs } = await keeper.offerRuns({ assignments: [byCourier] });
      t.equal(codeOf(runs, byCourier.run), code, `${what}, by the courier`);
      const byHub = { ...true1, ...lie, run: code === "not-in-charter" ? byCourier.run : anotherRun() };
      const reported: RunState__Output[] = [];
      hub.lies = {
        poll: async (truth) => ({ ...(await truth()), assignments: [byHub] }),
        report: async (truth, request) => {
          reported.push(...request.runs);
          return truth();
        },
      };
      await waited(`${what}, by the hub`, async () => codeOf(reported, byHub.run) === code);
      hub.lies = {};
    }
    hub.lies = {
      poll: async (truth) => ({ ...(await truth()), assignments: [{ ...true1, group: "board" }] }),
    };
    const board = await waited("the board waits", async () =>
      (await stateOf(true1.run!))?.groups.find(({ group }) => group === "board"),
    );
    hub.lies = {};
    t.match(board, { state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL", groupWaits: true, use: null });
    const taken = await keeper.takeRelease({ run: true1.run! });
    const to = taken.uses.map(({ group }) => group);
    t.same(to, [GROUP], "another group's label gives it nothing");
  },
);

/** A query as an assignment names it. */
function signedAs(name: string): { query: string; queryVersion: string; queryDigest: Buffer } {
  const content = people.delivered(queries);
  const file = [...content.keys()].find((each) => each.endsWith(".library.json"))!;
  const { version, digest } = [...openContent(content.get(file)!).queries.values()].find(
    ({ query }) => query === name,
  )!;
  return { query: name, queryVersion: version, queryDigest: Buffer.from(digest, "hex") };
}

/** The code by which a run was refused, for it or for its only group. */
function codeOf(runs: readonly RunState__Output[], run: string): string | undefined {
  const found = runs.findLast((each) => each.run === run);
  return found?.refusal?.code ?? found?.groups[0]?.refusal?.code;
}

t.test("a use that the practice did not sign, and a receipt for one, are refused by name", async (t) => {
  const assignment = theRun();
  const { release, uses } = await keeper.takeRelease({ run: assignment.run! });
  const { signature: _its, ...use } = uses[0]!;
  const forged = signUse({ ...use, group: "board" }, generateKeyPairSync("ed25519").privateKey);
  const held = [{ assignment, release, uses: [forged] }];
  const words = /the restored release of run \w+ does not bear this keeper's signature/;
  await t.rejects(keeper.takeBack({ held, all: false }), { code: "bad-signature", message: words });
  const digest = use.releaseDigest;
  const receipt = signReceipt(
    {
      ...{ run: use.run, releaseDigest: digest, hubLogIndex: 4, withdrawn: false },
      correction: 0,
      group: "board",
    },
    hub.hub.files.logKey,
  );
  const never = /the receipt for run \w+ is for a use that was never given/;
  await t.rejects(keeper.acknowledge({ receipts: [receipt] }), { code: "run-conflict", message: never });
  practice.agent?.forget();
  // A hub that says it lost the release is sent it again, with a report.
  hub.lies = {
    poll: async (truth) => ({ ...(await truth()), lostRuns: [assignment.run!] }),
    submit: async () => ({ receipts: [receipt], refusals: [] }),
  };
  await says(never);
  await honestAgain();
  hub.lies = {
    poll: async (truth) => ({ ...(await truth()), assignments: [assignment] }),
    report: async (truth) => ({ ...(await truth()), holdsMore: true }),
    giveBack: async () => ({ held, next: 0 }),
  };
  await says(words);
  hub.lies = {};
  t.same(
    (await keeper.takeRelease({ run: assignment.run! })).uses.map(({ group }) => group),
    [GROUP],
  );
});

/** The next page of comparisons of a hub that signs and logs what it likes, for a keeper that saw `seen` entries. */
async function comparisonPage(group: string, seen: number): Promise<FetchComparisonsReply> {
  const { store, files } = hub.hub;
  const document = honest(null, null, { group });
  const bytes = documentBytes(document);
  const place = await store.change(async (change) =>
    change.note(hubLog.comparisonMade, {
      ...{
        collection: 1,
        group,
        query: document.query,
        version: document.query_version,
        date: document.date,
      },
      ...{ revision: document.revision, digest: documentDigest(bytes), replaces: null, closed: null },
    }),
  );
  const position = placeOf(place.index).position;
  return {
    comparisons: [
      {
        ...{ document: bytes, signature: signComparison(bytes, files.logKey) },
        ...{ entry: store.log.lineAt(position), inclusion: store.log.inclusion(position) },
      },
    ],
    ...{ next: 0, more: false, checkpoint: store.log.stampedCheckpoint() },
    ...{ consistency: seen > 0 ? store.log.consistency(seen) : [], fromSize: seen },
  };
}

t.test("a comparison that makes the practice a member, and a witness that nobody named", async (t) => {
  const page = await comparisonPage("strangers", await seenSize());
  const { refusals, taken } = await keeper.offerComparisons({ ...page, next: 0 });
  t.equal(taken, 0);
  t.match(refusals, [{ code: "not-a-member" }]);
  practice.agent?.forget();
  hub.lies = {
    poll: async (truth) => ({ ...(await truth()), newestComparison: 2 ** 52 }),
    fetchComparisons: async (_truth, request) => comparisonPage("strangers", Number(request.seenSize)),
  };
  await says(/a comparison was turned down: not-a-member/);
  hub.lies = {};

  const { log } = hub.hub.store;
  const position = Array.from({ length: log.size }, (_, i) => i).find((i) =>
    log.lineAt(i).includes('"release-received"'),
  )!;
  const proofBy = (witness: NoteKey): string => {
    const note = cosign(log.stampedCheckpoint(), witness, new Date());
    const extra = Buffer.from(log.lineAt(position));
    return printEntryProof({ extra, index: position, proof: log.inclusion(position), note });
  };
  const head = (seen: number, witness: NoteKey): WitnessReply => ({
    ...{ checkpoint: log.stampedCheckpoint(), consistency: log.consistency(seen), fromSize: seen },
    ...{ proofs: [proofBy(witness)], proofsConsistency: [] },
  });
  const told = await keeper.countersign(head(await seenSize(), inventedOfficer));
  t.equal(told.proofsRefusal?.code, "proof-wrong");
  practice.agent?.forget();
  hub.lies = { witness: async (_truth, request) => head(Number(request.seenSize), inventedOfficer) };
  await hub.hub.store.change(async (change) =>
    change.note(hubLog.releaseConflict, { run: "", digest: "00" }),
  );
  await says(/proof-wrong: a proof of the hub's log was not taken/);
  hub.lies = {};
  const honest = await keeper.countersign(head(await seenSize(), officer));
  t.equal(honest.proofsRefusal, null, "the officer's is taken");
});

t.test(
  "a courier that speaks to the hub gets nothing of others, and gives nothing in their name",
  async (t) => {
    const own = (name: string): string => readFileSync(join(practice.data, "courier", `${name}.pem`), "utf8");
    const [host = "", port] = federation.addresses.grpc.split(":");
    const connection = { hub: { host, port: Number(port) }, caBundle: own("ca") };
    const courier = connectHub({ ...connection, key: own("key"), certificate: own("certificate") });
    const nobody = connectHub(connection);
    t.teardown(() => [courier, nobody].forEach((each) => each.close()));
    const { run = "" } = theRun();
    const { release, uses } = await keeper.takeRelease({ run });
    const theirs = anotherRun();
    const claimed = await courier.claim({ runs: [theirs], idempotencyKey: "1" });
    t.match(claimed, { leases: [], refusals: [{ run: theirs, refusal: { code: "run-unknown" } }] });
    const bytes = Buffer.from(release!.release);
    bytes[bytes.length - 1]! ^= 1;
    const forged = { ...release!, release: bytes };
    const sent = await courier.submit({ releases: [forged], uses, idempotencyKey: "2" });
    t.match(sent, {
      receipts: [],
      refusals: [{ run, refusal: { code: /bad-signature|release-malformed/ } }],
    });
    const renamed = await courier.submit({ releases: [{ ...release!, run: theirs }], idempotencyKey: "3" });
    t.match(renamed, { receipts: [], refusals: [{ run: theirs }] });
    await t.rejects(nobody.claim({ runs: [run], idempotencyKey: "4" }), { code: "not-enrolled" });
  },
);

/** The hub's key after the theft of the one before. */
const laterKey = newKey("hub", "online");

/** A delivery under the root in which the signers gave the hub another key. */
function rotated(files: Files, number: number): Files {
  const root = people.signedRoot({ ...people.keys, online: laterKey.publicKey }, 2, now);
  return new Map([...restated(files, now, number, laterKey), ["2.root.json", root]]);
}

t.test(
  "versions that are run up, and files torn, are left behind when the signers change the hub's key",
  async (t) => {
    const seventh = delivered(7, { timestamp: (numbers += 1) });
    const torn = without(seventh, /\.library\.json$/);
    await refusesLibrary(t, torn, "library-incomplete", /is missing/);
    const sixth = restated(delivered(6), now);
    await refusesLibrary(t, sixth, "library-rollback", /./);
    const second = delivered(2);
    await refusesLibrary(t, restated(second, now), "library-rollback", /./);
    const up = restated(delivered(7), now, 2 ** 40);
    t.ok((await keeper.offerLibrary({ bundle: encodeDelivery(up) })).accepted, "the thief has the hub's key");
    hub.edition = (await keeper.describe({})).libraryEdition;
    const eighth = delivered(8);
    await refusesLibrary(t, restated(eighth, now), "library-rollback", /./);
    hub.lies = delivering(rotated(eighth, 1));
    await waited("the true eighth", async () => (await keeper.describe({})).libraryVersion === "8");
    hub.lies = {};
  },
);

t.test("an acceptance that the hub signed for a body counts for nothing", async (t) => {
  const [lin, lou] = ["Lin", "Lou"].map((name) => newKey(name, "body"));
  const { query, queryVersion: version, queryDigest: digest } = signedAs(DELEGATED);
  const ceg = (...by: SigningKey[]): Publication => ({
    bodies: {
      ceg: { keys: [lin!, lou!], accepts: [{ query, version, digest: digest.toString("hex") }], by },
    },
    timestamp: (numbers += 1),
  });
  const assignment = { ...theRun(), ...signedAs(DELEGATED), run: anotherRun() };
  const takes = async (files: Files): Promise<void> => {
    hub.lies = delivering(files);
    const targets = /(\d+)\.targets\.json/.exec([...files.keys()].join(" "))?.[1];
    await waited("the library", async () => (await keeper.describe({})).libraryVersion === targets);
    hub.edition = (await keeper.describe({})).libraryEdition;
    hub.lies = {};
  };
  await takes(rotated(delivered(9, ceg(newKey("Eve", "body"), newKey("Eva", "body"))), 2));
  const rule = ["agent", "rules", "--group", GROUP, "--delegate", "ceg", "--yes", "--as", "Ann Example"];
  await practice.must(...rule);
  await keeper.offerRuns({ assignments: [assignment] });
  t.match(await stateOf(assignment.run), { state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL" });
  await takes(rotated(delivered(10, ceg(lin!, lou!)), 3));
  t.match(await stateOf(assignment.run), { state: "AGENT_RUN_STATE_READY" }, "the body's own does");
});

/** Another log of as many entries and more, signed by the hub's key. */
function anotherLog(origin: string): AuditLog {
  const db = openDatabase(join(folder, `${origin.replaceAll(/\W/g, "-")}.db`));
  const log = AuditLog.open(db, { origin, key: hub.hub.files.logKey });
  while (log.size < 200) log.append("another", {});
  return log;
}

t.test(
  "a second log and a second history of one are kept as evidence, and nothing new is taken",
  async (t) => {
    const { origin } = hub.hub.files;
    const lies: [what: string, log: AuditLog, words: RegExp][] = [
      ["a new log", anotherLog(`${origin}/new`), /the hub goes on in a new log/],
      ["a rewritten log", anotherLog(origin), /does not extend the \d+ that this practice saw before/],
    ];
    for (const [what, log, words] of lies) {
      const checkpoint = log.stampedCheckpoint();
      const told = await keeper.countersign({ checkpoint, consistency: [], fromSize: 0 });
      t.match(told.refusal, { code: "checkpoint-inconsistent", words }, `${what}, by the courier`);
      practice.agent?.forget();
      hub.lies = {
        poll: async (truth) => ({ ...(await truth()), checkpoint }),
        witness: async (_truth, { seenSize }) => {
          const consistency = seenSize > 0 ? log.consistency(Number(seenSize)) : [];
          return { checkpoint, consistency, fromSize: seenSize };
        },
      };
      await says(new RegExp(`the hub's log was not countersigned: .*${words.source}`));
    }
    const newer = rotated(delivered(11), 4);
    const { refusal } = await keeper.offerLibrary({ bundle: encodeDelivery(newer) });
    t.match(refusal, { code: "checkpoint-inconsistent", words: /nothing new is taken/ });
    t.match(
      await practice.must("agent", "status"),
      /the hub shows a log of 200 entries \(.+\) that does not extend/,
    );
    hub.lies = {};
  },
);

t.test("the practice's own log names what was refused", async (t) => {
  const log = await practice.must("agent", "log");
  for (const code of ["unsigned", "mixed", "rollback", "incomplete", "expired"])
    t.match(log, `library refused: code library-${code}`);
  t.match(log, /checkpoint refused: origin \S+\/new, seen origin .*, size 200/);
  t.match(log, /checkpoint refused: origin cairn-hub\/127\.0\.0\.1, seen origin .*, size 200/);
});
