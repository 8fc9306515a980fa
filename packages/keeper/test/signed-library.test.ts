/** H3: whose signatures a practice trusts, how that changes, and that its history stays. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import t from "tap";
import { openDatabase } from "@cairn/sqlite";
import { decodeDelivery, encodeDelivery } from "@cairn/signed-library";
import { Signers } from "@cairn/testkit";
import { rawPublicKey } from "@cairn/wire";
import { join } from "node:path";
import { pin } from "../src/decisions/standing-decisions.js";
import { keeperStatus } from "../src/status.js";
import { KeeperStore } from "../src/store/store.js";
import { person } from "../src/store/person.js";
import { trustRoot } from "../src/trust/root.js";
import {
  assignment,
  bundle,
  DATES,
  hubLog,
  libraryOf,
  practice,
  runOn,
  signers,
  until,
} from "./fixtures/practice.js";
import { lease, released } from "./fixtures/released.js";

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

t.test("a delivery lost half way through is refused, and the library in force goes on", async (t) => {
  const { api, keeper } = await practice(t).start();
  const whole = bundle();
  t.equal(
    (await api.offerLibrary({ bundle: whole.subarray(0, whole.length / 2) })).refusal?.code,
    "library-malformed",
  );
  await api.offerLibrary({ bundle: whole });
  const lacking = signers.delivered({}, { version: 2 });
  lacking.delete("2.snapshot.json");
  t.equal((await api.offerLibrary({ bundle: encodeDelivery(lacking) })).refusal?.code, "library-incomplete");
  t.equal(keeper.library()?.version, "1");
  t.equal((await api.describe({})).libraryEdition, "1.1");
  const torn = new Map(
    [...decodeDelivery(bundle({ version: 3 }))].filter(([name]) => !name.endsWith(".library.json")),
  );
  t.equal((await api.offerLibrary({ bundle: encodeDelivery(torn) })).refusal?.code, "library-incomplete");
  const older = await api.offerLibrary({ bundle: bundle({ version: 2 }) });
  t.equal(older.refusal?.code, "library-rollback", "what was torn is known, and nothing older is taken");
  t.match(await api.offerLibrary({ bundle: bundle({ version: 3 }) }), { accepted: true });
});

t.test("what is held need not be delivered again, and only the hub's statement is new", async (t) => {
  const { api, keeper } = await practice(t).start();
  await api.offerLibrary({ bundle: bundle() });
  const { libraryHeld } = await api.describe({});
  t.equal(libraryHeld.length, 1);
  const next = new Map(
    [...decodeDelivery(bundle({ timestamp: 2 }))].filter(([name]) => !name.endsWith("library.json")),
  );
  t.match(await api.offerLibrary({ bundle: encodeDelivery(next) }), { accepted: true, version: "1" });
  t.equal((await api.describe({})).libraryEdition, "1.2");
  t.equal(keeper.library()?.queries.length, 1);
  const kinds = [...keeper.store.log.entries()]
    .map(({ kind }) => kind)
    .filter((kind) => /^library/.test(kind));
  t.same(kinds, ["library-verified", "library-renewed"]);
});

t.test("one version never holds other files than it was taken with", async (t) => {
  const { api, keeper } = await practice(t).start();
  const noted = (note: string, timestamp: number): Buffer =>
    bundle({ timestamp, beside: new Map([["note", Buffer.from(note)]]) });
  await api.offerLibrary({ bundle: noted("one", 1) });
  t.match((await api.offerLibrary({ bundle: noted("two", 2) })).refusal, {
    code: "library-rollback",
    words: /version 1 of the library came with another content/,
  });
  t.equal((await api.describe({})).libraryEdition, "1.1");
  t.match(await api.offerLibrary({ bundle: noted("one", 3) }), { accepted: true });
  t.equal(keeper.library()?.edition, "1.3");
});

t.test("metadata torn or altered in the database is never taken for none", async (t) => {
  const home = practice(t);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle({ version: 5 }) });
  await running.stop();
  const altered = (sql: string): void => {
    const db = openDatabase(join(home.folder, "keeper.db"));
    db.exec(sql);
    db.close();
  };
  altered("UPDATE library_trust SET bytes = x'7b' WHERE role IN ('timestamp', 'snapshot', 'targets')");
  const again = await home.start();
  const { refusal } = await again.api.offerLibrary({ bundle: bundle({ version: 4 }) });
  t.equal(refusal?.code, "library-rollback", "an older one is older than the one in force all the same");
  t.match(await again.api.offerLibrary({ bundle: bundle({ version: 6 }) }), { accepted: true });
  await again.stop();
  altered(
    "UPDATE library SET bundle = CAST(replace(CAST(bundle AS TEXT), 'Asthma, seen', 'Asthma, sein') AS BLOB)",
  );
  await t.rejects(home.start(), "and content that was altered there is not in force");
});

t.test("a person trusts another root: the library before goes, and what was released stays", async (t) => {
  const home = practice(t);
  const running = await home.start();
  const { api } = running;
  await released(running);
  const { store } = running.keeper;
  const others = new Signers();
  const root = others.root();
  t.throws(() => trustRoot(store, Buffer.from("{}"), person("Ann")), { code: "root-wrong" });
  t.throws(() => trustRoot(store, signers.root(), person("Ann")), { code: "already-trusted" });
  t.equal(trustRoot(store, root, person("Ann")), 1);
  t.match([...store.log.entries()].at(-1), {
    kind: "root-trusted",
    body: { by: "Ann", library_root: digestOf(root) },
  });
  t.equal(running.keeper.library(), null);
  t.equal((await api.offerLibrary({ bundle: bundle({ version: 9 }) })).refusal?.code, "library-unsigned");
  t.match(
    await api.offerLibrary({ bundle: others.delivery(libraryOf()) }),
    { accepted: true, version: "1" },
    "from version 1 on",
  );
  t.equal(store.db.prepare("SELECT count(*) FROM release").pluck().get(), 1, "the release is there");
  const { runs } = await api.offerRuns({ assignments: [assignment(DATES[0])] });
  t.match(runs[0], { state: /OUTBOX|RELEASED|SENT/ }, "and is not made again");
});

t.test("an agent of before there were several signers waits, says so, and keeps its history", async (t) => {
  const home = practice(t);
  const running = await home.start();
  await released(running);
  await running.stop();
  const db = openDatabase(join(home.folder, "keeper.db"));
  const single = rawPublicKey(generateKeyPairSync("ed25519").publicKey).toString("hex");
  db.exec(
    `DELETE FROM library; DELETE FROM library_trust; UPDATE setting SET value = '${single}' WHERE name = 'library-root'`,
  );
  db.close();
  const late = await home.start();
  t.match(keeperStatus(late.keeper.store).libraryProblem, {
    code: "library-expired",
    words: /cairn agent trust FILE/,
  });
  t.equal((await late.api.offerLibrary({ bundle: bundle({ version: 2 }) })).refusal?.code, "not-enrolled");
  const { runs } = await late.api.offerRuns({ assignments: [assignment(DATES[1])] });
  t.not(runs[0]?.state, "AGENT_RUN_STATE_READY");
  trustRoot(late.keeper.store, signers.root(), person("Ann"));
  await late.api.offerLibrary({ bundle: bundle({ version: 2 }) });
  t.equal(keeperStatus(late.keeper.store).libraryProblem, null);
  await late.api.offerRuns({ assignments: [assignment(DATES[1])] });
  await until(late.api, runOn(DATES[1]), "READY");
  await late.api.execute({ leases: [lease(runOn(DATES[1]))] });
  await until(late.api, runOn(DATES[1]), "OUTBOX");
});

t.test(
  "enrolling again with a newer root keeps the root that is trusted, and another hub is refused",
  async (t) => {
    const home = practice(t);
    const store = KeeperStore.open(home.folder);
    t.teardown(() => store.close());
    const hubLogKey = rawPublicKey(hubLog.publicKey);
    const about = { practice: "Test", hubLogKey, fingerprint: "BBBB", answeredBefore: false };
    pin(store, { ...about, libraryRoot: new Signers().root() });
    const trusted = store.db
      .prepare("SELECT bytes FROM library_trust WHERE role = 'root'")
      .pluck()
      .get() as Buffer;
    t.equal(digestOf(trusted), digestOf(signers.root()));
    const other = rawPublicKey(generateKeyPairSync("ed25519").publicKey);
    t.throws(() => pin(store, { ...about, hubLogKey: other, libraryRoot: signers.root() }), {
      code: "pinned-otherwise",
    });
  },
);

t.test("a stored library that was altered is not answered from, with words on what to do", async (t) => {
  const { folder, start } = practice(t);
  const { api, keeper } = await start();
  await api.offerLibrary({ bundle: bundle() });
  const db = openDatabase(join(folder, "keeper.db"));
  const { bundle: stored } = db.prepare<[], { bundle: Buffer }>("SELECT bundle FROM library").get()!;
  const files = new Map(decodeDelivery(stored));
  const [name] = [...files.keys()].filter((each) => each.endsWith(".library.json"));
  files.set(name!, Buffer.from(String(files.get(name!)).replace("asthma", "asthmb")));
  db.prepare("UPDATE library SET bundle = ?, verified_at = verified_at + 1").run(
    Buffer.from(encodeDelivery(files)),
  );
  db.close();
  t.throws(() => keeper.library(), { code: "library-malformed", message: /cairn agent restore/ });
  await after(1_000); // the keeper's clock looks at it three times
  t.match(
    await api.describe({}).catch((error: Error) => error.message),
    /./,
    "and the keeper is there still",
  );
});
