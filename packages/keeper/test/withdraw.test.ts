/** H5, H6, H9: a release is made once; taken back, it may be followed by one corrected release, and no other. */
import t from "tap";
import { rawPublicKey, releaseDigest, signReceipt, verifyWithdrawal } from "@cairn/wire";
import { allowCorrection, withdraw } from "../src/decisions/withdraw.js";
import { setHold } from "../src/decisions/standing-decisions.js";
import { reasonsOf } from "../src/releases/reasons.js";
import { whyWithdrawn } from "../src/releases/withdrawal.js";
import { findRun, shortRunNames, wholeRunName } from "../src/runs/run.js";
import { assignment, bundle, DATES, hubLog, practice, receipt, runOn, until } from "./fixtures/practice.js";
import { lease, people, released, RUN, told, WHY } from "./fixtures/released.js";

t.test(
  "a release is taken back: the log has it first, the keeper signs it, and why stays here",
  async (t) => {
    const home = practice(t);
    const running = await home.start();
    const release = await released(running);
    const store = people(t, home.folder);
    withdraw(store, RUN, WHY);
    await until(running.api, RUN, "WITHDRAWN");

    const { withdrawal } = await told(running);
    t.ok(withdrawal && verifyWithdrawal(withdrawal, rawPublicKey(store.key)));
    t.ok(withdrawal?.releaseDigest.equals(releaseDigest(release.release)));
    t.equal(withdrawal?.correctable, false);
    const entry = [...store.log.entries()][Number(withdrawal!.logIndex)];
    t.match(entry, { kind: "withdrawn", body: { run: RUN, correction: 0 } });
    t.ok(store.log.root(Number(withdrawal!.logSize)).equals(withdrawal!.logRoot));
    t.equal((await running.api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");

    t.equal(whyWithdrawn(store, RUN, 0), WHY, "the practice itself can read why");
    t.notMatch(JSON.stringify([...store.log.entries()]), /Mrs Example/, "not even its own log has the words");
    t.notMatch(JSON.stringify(await told(running)), /Mrs Example/);

    const bytes = releaseDigest(release.release);
    const about = {
      run: RUN,
      releaseDigest: bytes,
      hubLogIndex: 9,
      withdrawn: true,
      correction: 0,
      group: "",
    };
    const noted = signReceipt(about, hubLog.privateKey);
    t.equal((await running.api.describe({})).receiptsTo, 0);
    await running.api.acknowledge({ receipts: [noted] });
    await running.api.acknowledge({ receipts: [noted] });
    t.equal((await running.api.describe({})).receiptsTo, 9);
    const kinds = [...store.log.entries()].map(({ kind }) => kind);
    t.equal(kinds.filter((kind) => kind === "withdrawal-receipt").length, 1);
    t.equal(findRun(store, RUN)?.state, "withdrawn");
  },
);

t.test("what cannot be taken back is said in one line, and changes nothing", async (t) => {
  const home = practice(t);
  const running = await home.start();
  const store = people(t, home.folder);
  setHold(store, true);
  await running.api.offerLibrary({ bundle: bundle() });
  await running.api.offerRuns({ assignments: [assignment(DATES[0])] });
  const size = store.log.size;
  t.throws(() => withdraw(store, "no-such-run", WHY), { code: "run-unknown", kind: "wrong-use" });
  t.throws(() => withdraw(store, RUN, WHY), { code: "not-released", kind: "wrong-use", message: /ready/ });
  t.throws(() => withdraw(store, RUN, "  "), { code: "why-missing", kind: "wrong-use" });
  t.throws(() => allowCorrection(store, RUN), { code: "not-withdrawn", kind: "wrong-use" });
  t.equal(store.log.size, size);
  await running.api.execute({ leases: [lease(RUN)] });
  await until(running.api, RUN, "ON_HOLD");
  t.throws(() => withdraw(store, RUN, WHY), {
    code: "not-released",
    message: new RegExp(`decline ${runOn("2024-12-31")} keeps it here`),
  });
});

t.test(
  "one corrected run, after its logged correction, beside what was withdrawn, and no third",
  async (t) => {
    const home = practice(t);
    const running = await home.start();
    const first = await released(running);
    await running.api.acknowledge({ receipts: [receipt(RUN, first.release)] });
    await released(running, DATES[1]); // a later date has left meanwhile
    const store = people(t, home.folder);
    withdraw(store, RUN, WHY);
    t.throws(() => withdraw(store, RUN, WHY), { code: "withdrawn-already", kind: "wrong-use" });
    allowCorrection(store, RUN);
    await until(running.api, RUN, "READY");
    t.equal((await told(running)).withdrawal?.correctable, true);
    await running.api.execute({ leases: [lease(RUN)] });
    await until(running.api, RUN, "OUTBOX");
    const second = (await running.api.takeRelease({ run: RUN })).release!;
    t.equal(second.correction, 1);
    t.not(second.logIndex, first.logIndex, "it is another release, with its own place in the log");
    store.change(({ db }) =>
      db.exec(`INSERT INTO withheld VALUES ('${RUN}', 0, 900, 'numerator', 'g0-small')`),
    );
    t.equal(reasonsOf(store, RUN, 0)(900, "numerator"), "g0-small");
    t.equal(reasonsOf(store, RUN, 1)(900, "numerator"), null, "the first one's reasons are not the second's");

    await running.api.acknowledge({ receipts: [receipt(RUN, first.release)] });
    t.equal(findRun(store, RUN)?.state, "outbox", "an old receipt is for the first one only");
    withdraw(store, RUN, "wrong again");
    t.throws(() => allowCorrection(store, RUN), { code: "corrected-already", kind: "refused" });
    const entries = store.db.prepare("SELECT 1 FROM release_history WHERE reference_date = ?").all(DATES[0]);
    t.equal(entries.length, 2, "the guard still knows both");
    const kinds = [...store.log.entries()].map(({ kind }) => kind);
    t.same(
      kinds.filter((kind) => ["released", "withdrawn", "correction-allowed"].includes(kind)),
      ["released", "released", "withdrawn", "correction-allowed", "released", "withdrawn"],
    );
  },
);

t.test("the database itself refuses a corrected release that no correction allows", async (t) => {
  const home = practice(t);
  const running = await home.start();
  await released(running);
  await running.stop();
  const store = people(t, home.folder);
  const columns = "query, reference_date, bytes, digest, query_digest, library_digest, k, base, midpoint";
  const copy = (run: string, correction: string) =>
    store.change(({ db }) =>
      db.exec(
        `INSERT INTO release SELECT '${run}', ${correction}, ${columns}, log_index, log_size, log_root, record_basis, signature, opt_outs FROM release`,
      ),
    );
  t.throws(() => copy(RUN, "1"), /follows a logged correction/);
  t.throws(() => copy(RUN, "0"), /UNIQUE/);
});

t.test("a person may write the beginning of a run's name, where it begins one alone", async (t) => {
  const home = practice(t);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle() });
  const runs = ["3f2a91c07d", "3f2a91c0ee"].map((begins) => begins.padEnd(32, "0"));
  const assignments = runs.map((run, i) => ({ ...assignment(DATES[i]!), run }));
  await running.api.offerRuns({ assignments });
  const store = people(t, home.folder);
  const short = shortRunNames([...runs, "77aa00bb11"]);
  t.same([...short.values()].sort(), ["3f2a91c07", "3f2a91c0e", "77aa00bb"]);
  for (const run of runs) t.equal(wholeRunName(store, short.get(run)!), run);
  t.throws(() => wholeRunName(store, "3f2a91"), {
    code: "run-unknown",
    message: /^2 runs begin with 3f2a91:/,
  });
  t.equal(wholeRunName(store, "77a"), "77a", "too little to mean a run");
  t.equal(wholeRunName(store, "asthma-seen"), "asthma-seen", "a query");
});
