/** H6: a keeper countersigns one history of the hub's, keeps the proof of any other, and goes on when a person says so. */
import { join } from "node:path";
import t, { type Test } from "tap";
import { AuditLog, cosignedAt, stampedAt } from "@cairn/audit-log";
import { openDatabase } from "@cairn/sqlite";
import { publicKeyFromRaw } from "@cairn/wire";
import {
  acceptHubLog,
  hubLog as hubLogOf,
  keeperStatus,
  person,
  practiceExportLines,
  type KeeperStore,
} from "@cairn/keeper/practice";
import { bundle, hubLog, practice } from "./fixtures/practice.js";

let logs = 0;

function hubsLog(t: Test, entries: readonly string[], origin = "hub.test"): AuditLog {
  const db = openDatabase(join(t.testdir(), `hub-${(logs += 1)}.db`));
  const log = AuditLog.open(db, { origin, key: hubLog.privateKey });
  for (const kind of entries) log.append(kind, {});
  return log;
}

type Api = Awaited<ReturnType<ReturnType<typeof practice>["start"]>>["api"];

async function show(api: Api, log: AuditLog) {
  const seen = Number((await api.describe({})).witnessedSize);
  const consistency = seen > 0 && seen <= log.size ? log.consistency(seen) : [];
  return api.countersign({ checkpoint: log.stampedCheckpoint(), consistency, fromSize: seen });
}

function told(store: KeeperStore, kind: string) {
  return [...store.log.entries()].filter((entry) => entry.kind === kind).map(({ body }) => body);
}

t.test("what was countersigned is in the practice's log, with the hub's word for when", async (t) => {
  const { api, keeper } = await practice(t).start();
  const log = hubsLog(t, []);
  t.equal((await show(api, log)).refusal, null, "a log with nothing in it yet");
  log.append("a", {});
  log.append("b", {});
  t.equal((await show(api, log)).refusal, null, "and what it becomes");
  const [first, second] = told(keeper.store, "checkpoint-countersigned");
  t.match([first, second], [{ size: 0 }, { origin: "hub.test", size: 2, root: log.root().toString("hex") }]);
  const checkpoint = { origin: "hub.test", size: 2, root: log.root() };
  t.ok(stampedAt(checkpoint, String(second?.["stamp"]), { name: "hub.test", key: hubLog.publicKey }));
  t.match(keeperStatus(keeper.store).hubLog, { state: "countersigned", size: 2 });
});

t.test("a hub that goes on in a new log is countersigned again once a person here has said so", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  const log = hubsLog(t, ["a", "b", "c"]);
  t.throws(() => acceptHubLog(store, person("Dr Fell")), { code: "hub-log-settled" });
  await show(api, log);
  log.continueAs("hub.test/2", () => ({ kind: "c", body: {} }));
  t.match((await show(api, log)).refusal, {
    code: "checkpoint-inconsistent",
    words: /new log.*cairn agent accept-hub-log/,
  });
  log.append("d", {});
  await show(api, log);
  log.append("e", {});
  t.equal((await show(api, log)).cosigned, "", "however often it is shown");
  t.match(
    told(store, "checkpoint-refused"),
    [{ origin: "hub.test/2", size: 1, seen_origin: "hub.test", seen_size: 3 }],
    "both are in the log, once",
  );
  t.match(hubLogOf(store), { state: "new-log", words: /cairn agent accept-hub-log/ });

  t.match(acceptHubLog(store, person("Dr Fell")), /hub.test\/2 is accepted/);
  t.match(told(store, "hub-log-accepted"), [
    {
      origin: "hub.test/2",
      size: 3,
      root: log.root().toString("hex"),
      old_origin: "hub.test",
      old_size: 3,
      by: "Dr Fell",
    },
  ]);
  t.match(hubLogOf(store), { state: "countersigned", size: 3 });
  log.append("f", {});
  const next = await show(api, log);
  const witness = { name: store.log.origin, key: publicKeyFromRaw((await api.describe({})).keeperKey) };
  t.ok(cosignedAt(next.cosigned, witness));
  const other = hubsLog(t, ["x", "y", "z", "w", "v"], "hub.test/2");
  t.equal((await show(api, other)).refusal?.code, "checkpoint-inconsistent", "and it is held to that one");
});

t.test("the very same entries under another name are another log", async (t) => {
  const { api, keeper } = await practice(t).start();
  const db = openDatabase(join(t.testdir(), "hub.db"));
  const log = AuditLog.open(db, { origin: "hub.test", key: hubLog.privateKey });
  log.append("a", {});
  await show(api, log);
  const renamed = AuditLog.open(db, { origin: "hub.test/2", key: hubLog.privateKey });
  t.ok(renamed.root().equals(log.root()), "of the same entries");
  t.equal((await show(api, renamed)).refusal?.code, "checkpoint-inconsistent", "as it was");
  renamed.append("b", {});
  t.equal((await show(api, renamed)).refusal?.code, "checkpoint-inconsistent", "and as it goes on");
  t.match(hubLogOf(keeper.store), { state: "new-log", size: 1 });
});

t.test("a person accepts the new log, in another process, while it is being shown once more", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  const log = hubsLog(t, ["a", "b", "c"]);
  await show(api, log);
  log.continueAs("hub.test/2", () => ({ kind: "c", body: {} }));
  await show(api, log);
  const change = store.change.bind(store);
  store.change = (...args) => {
    store.change = change;
    acceptHubLog(store, person("Dr Fell"));
    return change(...args);
  };
  log.append("d", {});
  t.equal((await show(api, log)).refusal, null, "it is the one that was accepted");
  t.match(hubLogOf(store), { state: "countersigned", size: 2 }, "and no other waits");
  t.equal(told(store, "checkpoint-refused").length, 1);
});

t.test("two histories of one log are kept as evidence, and nobody here can accept the second", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  const log = hubsLog(t, ["a", "b", "c"]);
  await show(api, log);
  const shorter = hubsLog(t, ["a", "x"]);
  for (let i = 0; i < 3; i++) {
    t.equal((await show(api, shorter)).refusal?.code, "checkpoint-inconsistent");
    shorter.append("y", {});
  }
  t.match(told(store, "checkpoint-refused"), [{ origin: "hub.test", size: 2, seen_size: 3 }]);
  t.match(hubLogOf(store), { state: "forked", words: /cairn hub new-log/ });
  t.throws(() => acceptHubLog(store, person("Dr Fell")), { code: "hub-log-forked" });
  const evidence = [...practiceExportLines(store)].map((line) => {
    const { body } = JSON.parse(line) as { body?: Readonly<Record<string, string>> };
    return body?.["root"] === undefined ? {} : body;
  });
  const key = { name: "hub.test", key: hubLog.publicKey };
  for (const [size, of] of [
    [3, log],
    [2, shorter],
  ] as const) {
    const [told] = evidence.filter((body) => Number(body["size"]) === size);
    const checkpoint = { origin: "hub.test", size, root: Buffer.from(told?.["root"] ?? "", "hex") };
    t.ok(checkpoint.root.equals(of.root(size)));
    t.ok(stampedAt(checkpoint, told?.["stamp"] ?? "", key), "the export has the hub's signature on it");
  }
  t.match(await api.offerLibrary({ bundle: bundle() }), {
    accepted: false,
    refusal: { code: "checkpoint-inconsistent", words: /nothing new is taken/ },
  });
  log.append("d", {});
  t.equal((await show(api, log)).refusal, null, "the first history goes on");
  await show(api, log);
  t.match(hubLogOf(store), { state: "went-back", size: 4, words: /then say cairn agent accept-hub-log/ });
  t.match(await api.offerLibrary({ bundle: bundle() }), { accepted: false }, "two were shown");
  await show(api, shorter);
  t.match(hubLogOf(store), { state: "forked" }, "once more");
  t.throws(() => acceptHubLog(store, person("Dr Fell")), { code: "hub-log-forked" });
  log.append("e", {});
  await show(api, log);
  acceptHubLog(store, person("Dr Fell"));
  t.match(told(store, "hub-log-went-back"), [
    { origin: "hub.test", size: 5, seen_origin: "hub.test", seen_size: 5, by: "Dr Fell" },
  ]);
  t.match(hubLogOf(store), { state: "countersigned", size: 5 });
  t.match(await api.offerLibrary({ bundle: bundle() }), { accepted: true });
});

t.test(
  "a new log that the hub takes back before anybody accepted it is settled by a person, too",
  async (t) => {
    const { api, keeper } = await practice(t).start();
    const { store } = keeper;
    const log = hubsLog(t, ["a", "b"]);
    await show(api, log);
    await show(api, hubsLog(t, ["x"], "hub.test/2"));
    t.match(hubLogOf(store), { state: "new-log" });
    await show(api, log);
    t.match(hubLogOf(store), { state: "went-back", words: /hub\.test\/2/ });
    t.match(acceptHubLog(store, person("Dr Fell")), /hub\.test is taken from again/);
    t.match(hubLogOf(store), { state: "countersigned", size: 2 });
  },
);

t.test(
  "two histories stay an alarm whatever log the hub shows next, until a person settles it",
  async (t) => {
    const { api, keeper } = await practice(t).start();
    const { store } = keeper;
    const log = hubsLog(t, ["a", "b", "c"]);
    const anew = hubsLog(t, ["x"], "hub.test/2");
    const takes = async (): Promise<boolean> => (await api.offerLibrary({ bundle: bundle() })).accepted;
    const settle = (): string => acceptHubLog(store, person("Dr Fell"));
    await show(api, log);
    await show(api, hubsLog(t, ["a", "x"]));
    await show(api, anew);
    t.match(hubLogOf(store), { state: "forked", words: /two histories.*hub\.test\/2.*accept-hub-log/ });
    t.notOk(await takes(), "a new log takes no alarm back");
    await show(api, log);
    t.match(hubLogOf(store), { state: "went-back" });
    anew.append("y", {});
    await show(api, anew);
    t.match(hubLogOf(store), { state: "forked" }, "nor after the hub went back");
    t.notOk(await takes());
    await show(api, hubsLog(t, ["z"]));
    t.throws(settle, { code: "hub-log-forked" });
    await show(api, anew);
    t.match(settle(), /hub\.test\/2 is accepted, though the hub showed two histories before it/);
    t.match(hubLogOf(store), { state: "countersigned", size: 2 });
    t.ok(await takes());
    await show(api, hubsLog(t, ["w"], "hub.test/3"));
    t.match(hubLogOf(store), { state: "new-log" }, "what was settled is no alarm over the next log");
  },
);

t.test(
  "a new log that waits has one history, too: another of it is an alarm before anybody accepts",
  async (t) => {
    const { api, keeper } = await practice(t).start();
    const { store } = keeper;
    const log = hubsLog(t, ["a", "b", "c"]);
    const anew = hubsLog(t, ["d", "e"], "hub.test/2");
    await show(api, log);
    await show(api, anew);
    anew.append("f", {});
    await show(api, anew);
    t.match(hubLogOf(store), { state: "new-log" }, "it went on");
    const longer = hubsLog(t, ["d", "x", "y", "z"], "hub.test/2");
    const hidden = { checkpoint: longer.stampedCheckpoint(), consistency: [], fromSize: 0 };
    t.equal((await api.countersign(hidden)).refusal?.code, "checkpoint-inconsistent");
    t.match(
      hubLogOf(store),
      { state: "new-log" },
      "what was not proved from there says nothing, and is not kept",
    );
    await show(api, longer);
    t.match(hubLogOf(store), { state: "forked", words: /two histories.*hub\.test\/2/ });
    t.match(await api.offerLibrary({ bundle: bundle() }), { accepted: false });
    t.match(told(store, "checkpoint-refused"), [
      { origin: "hub.test/2", size: 2, root: anew.root(2).toString("hex") },
      { origin: "hub.test/2", size: 4, root: longer.root().toString("hex") },
    ]);
    t.match(acceptHubLog(store, person("Dr Fell")), /accepted, though the hub showed two histories/);
  },
);

t.test("a hub that shows logs by turns is written down once, and is an alarm", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  const log = hubsLog(t, ["a", "b", "c"]);
  const fork = hubsLog(t, ["a", "x"]);
  const [second, third] = ["hub.test/2", "hub.test/3"].map((origin) => hubsLog(t, ["y"], origin));
  await show(api, log);
  await show(api, second!);
  await show(api, third!);
  t.match(hubLogOf(store), { state: "new-log" }, "it may have been restored twice");
  await show(api, second!);
  t.match(hubLogOf(store), { state: "forked" }, "a log that it had left");
  const round = async (): Promise<number> => {
    for (const each of [fork, second!, log, third!, log]) await show(api, each);
    t.match(hubLogOf(store), { state: "went-back" });
    return store.log.size;
  };
  const size = await round();
  for (let times = 0; times < 3; times++) t.equal(await round(), size, "nothing new was seen");
  for (let i = 0; i < 30; i++) await show(api, hubsLog(t, [], `hub.test/made-up/${i}`));
  t.equal(
    told(store, "checkpoint-refused").length,
    20,
    "nor is there an entry for each name that a hub makes up",
  );
  await show(api, log);
  acceptHubLog(store, person("Dr Fell"));
  await show(api, second!);
  t.match(told(store, "checkpoint-refused").at(-1), { origin: "hub.test/2" }, "after that it is new again");
});

t.test("a log that was countersigned before a new one was accepted stays held to that", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  const log = hubsLog(t, ["a", "b", "c"]);
  const anew = hubsLog(t, ["d", "e"], "hub.test/2");
  const settle = (): string => acceptHubLog(store, person("Dr Fell"));
  for (const each of [log, anew]) await show(api, each);
  settle();
  await show(api, anew);
  for (const entries of [
    ["a", "b", "x"],
    ["a", "b"],
    ["a", "x", "y", "z"],
    ["a", "b", "c", "d"],
  ]) {
    t.match((await show(api, hubsLog(t, entries))).refusal, { words: /does not extend the 3/ });
    t.match(
      hubLogOf(store),
      { state: "forked", words: /\(hub\.test\) that does not extend the 3/ },
      entries.join(),
    );
    t.throws(settle, { code: "hub-log-forked" });
    t.notOk((await api.offerLibrary({ bundle: bundle() })).accepted);
    const refused = { origin: "hub.test", size: entries.length, seen_origin: "hub.test", seen_size: 3 };
    t.match(told(store, "checkpoint-refused").at(-1), refused);
    await show(api, anew);
    settle();
  }
  t.match(hubLogOf(store), { state: "countersigned", size: 2 });
});

t.test("more new logs than anybody would begin are an alarm, with what is shown after", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  await show(api, hubsLog(t, ["a", "b", "c"]));
  for (let i = 0; i < 20; i++) await show(api, hubsLog(t, [], `hub.test/made-up/${i}`));
  t.match(hubLogOf(store), { state: "new-log" });
  await show(api, hubsLog(t, ["x"], "hub.test/x"));
  t.match(hubLogOf(store), { state: "forked", words: /more than 20 logs/ });
  t.match(told(store, "checkpoint-refused").at(-1), { origin: "hub.test/x" });
  const fork = hubsLog(t, ["a", "x"]);
  for (let times = 0; times < 2; times++) {
    await show(api, fork);
    await show(api, hubsLog(t, ["y"], "hub.test/y"));
  }
  t.match(told(store, "checkpoint-refused").slice(20), [
    { origin: "hub.test/x" },
    { origin: "hub.test", size: 2 },
  ]);
  t.equal(told(store, "checkpoint-refused").length, 22, "a fork is kept as evidence, once");
  t.match(
    acceptHubLog(store, person("Dr Fell")),
    /hub.test\/y is accepted, though the hub showed more than 20/,
  );
});

t.test("a longer fork that is shown once, while a new log waits, is kept as evidence", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  const anew = hubsLog(t, ["d"], "hub.test/2");
  const fork = hubsLog(t, ["a", "x", "y", "z"]);
  for (const each of [hubsLog(t, ["a", "b", "c"]), anew, fork, anew]) await show(api, each);
  t.match(hubLogOf(store), { state: "forked" });
  t.match(told(store, "checkpoint-refused"), [
    { origin: "hub.test/2" },
    { origin: "hub.test", size: 4, root: fork.root().toString("hex"), seen_origin: "hub.test", seen_size: 3 },
  ]);
});

t.test("an earlier checkpoint of a new log that waits, come late, is no alarm", async (t) => {
  const { api, keeper } = await practice(t).start();
  const { store } = keeper;
  const anew = hubsLog(t, ["d"], "hub.test/2");
  for (const each of [hubsLog(t, ["a", "b", "c"]), anew]) await show(api, each);
  const late = { checkpoint: anew.stampedCheckpoint(), consistency: [], fromSize: 3 };
  anew.append("e", {});
  await show(api, anew);
  t.equal((await api.countersign(late)).refusal?.code, "checkpoint-inconsistent");
  t.match(hubLogOf(store), { state: "new-log" });
  anew.append("f", {});
  await show(api, anew);
  t.match(hubLogOf(store), { state: "new-log" }, "it goes on from where it was");
  const other = hubsLog(t, ["x"], "hub.test/2");
  await api.countersign({ ...late, checkpoint: other.stampedCheckpoint() });
  t.match(hubLogOf(store), { state: "forked" }, "another history of that size is");
});
