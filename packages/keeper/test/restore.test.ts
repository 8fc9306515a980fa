/** H5, H6, H9: whatever is restored, rolled back or made anew, nothing is released twice, or beside what is not known. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { answer, memorySource } from "@cairn/engine";
import { withoutOptOuts } from "../../records/src/opt-outs.js";
import { cellsOf, periodEnds, type Query } from "@cairn/query-library";
import {
  decodeRelease,
  rawPublicKey,
  signRelease,
  signWithdrawal,
  type SignedRelease__Output,
  type Withdrawal__Output,
} from "@cairn/wire";
import type { Outcome } from "../src/answering/answer.js";
import { allowCorrection, withdraw } from "../src/decisions/withdraw.js";
import { pin } from "../src/decisions/standing-decisions.js";
import { storedHistory } from "../src/history/history.js";
import { reasonsOf } from "../src/releases/reasons.js";
import { signedWithdrawal } from "../src/releases/withdrawal.js";
import { findRun } from "../src/runs/run.js";
import { restoreKeeper } from "../src/restore/restore.js";
import { person } from "../src/store/person.js";
import { initKeeper, KeeperStore } from "../src/store/store.js";
import {
  assignment,
  bundle,
  DATES,
  hubLog,
  PATIENTS,
  practice,
  signers,
  theQuery,
  until,
} from "./fixtures/practice.js";
import { LATER, lease, people, released, RUN, told, WHY } from "./fixtures/released.js";

const DAY = 86_400_000;

/** What a hub that received these would hand over. */
function held(release: SignedRelease__Output, withdrawal: Withdrawal__Output | null = null) {
  return { assignment: assignment(release.referenceDate), release, withdrawal };
}

async function backupOf(t: Test, folder: string): Promise<string> {
  const into = mkdtempSync(join(tmpdir(), "keeper-backup-"));
  t.teardown(() => rmSync(into, { recursive: true, force: true }));
  const store = KeeperStore.open(folder);
  await store.backup(join(into, "keeper.db"));
  store.close();
  cpSync(join(folder, "key.pem"), join(into, "key.pem"));
  return into;
}

for (const how of ["the command", "a plain copy"]) {
  t.test(
    `restored from an older backup by ${how}: only its own signed bytes answer an old date`,
    async (t) => {
      const home = practice(t);
      const running = await home.start();
      await running.api.offerLibrary({ bundle: bundle() });
      await running.api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
      const backup = await backupOf(t, home.folder);
      const release = await released(running);
      await running.stop();
      for (const file of ["keeper.db", "keeper.db-wal", "keeper.db-shm", "key.pem"])
        rmSync(join(home.folder, file), { force: true });
      if (how === "the command") await restoreKeeper(backup, home.folder);
      else cpSync(backup, home.folder, { recursive: true });

      const again = await home.start();
      for (const run of [RUN, LATER]) t.equal((await told(again, run)).refusal?.code, "history-lost");
      t.equal((await again.api.describe({})).historyMissing, true);
      await again.api.execute({ leases: [RUN, LATER].map(lease) });
      t.equal((await again.api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");

      const forged = signRelease({ ...release, release: Buffer.from(release.release) }, hubLog.privateKey);
      await t.rejects(again.api.takeBack({ held: [held(forged)], all: false }), { code: "bad-signature" });
      const other = { ...held(release), assignment: assignment(DATES[1]) };
      await t.rejects(again.api.takeBack({ held: [other], all: false }), { code: "bad-request" });
      const back = await again.api.takeBack({ held: [held(release)], all: true });
      t.equal(back.runs[0]?.state, "AGENT_RUN_STATE_OUTBOX");
      t.same(
        (await again.api.takeRelease({ run: RUN })).release,
        release,
        "the very same bytes and signature",
      );
      t.equal((await told(again, LATER)).refusal?.code, "history-lost", "nobody gave this one back");
      t.equal((await again.api.describe({})).historyMissing, false);

      await again.stop();
      const next = periodEnds("quarter", 1, new Date(Date.now() + 92 * DAY).toISOString().slice(0, 10))[0]!;
      home.records.coversTo = "2099-12-31";
      home.records.version = 2;
      const later = await home.start({ now: () => Date.parse(next) + 20 * DAY });
      await released(later, next);
      const kinds = [...later.keeper.store.log.entries()].map(({ kind }) => kind);
      for (const kind of ["restored", "release-given-back", "history-given-back"])
        t.equal(kinds.filter((each) => each === kind).length, 1, `the log tells once: ${kind}`);
    },
  );
}

t.test(
  "a date after a restore is decided beside what was given back: what was withheld stays so",
  async (t) => {
    const home = practice(t);
    const atRestore = { now: () => Date.parse("2025-02-01") };
    const fewMen = async (job: { query: Query; dates: readonly string[] }): Promise<Outcome> => {
      const [tables = []] = answer(
        memorySource(PATIENTS.slice(0, 45)),
        [job.query],
        job.dates,
        withoutOptOuts(),
      );
      return {
        outcome: "answered",
        answer: { tables, recordBasis: "RECORD_BASIS_REGISTRATIONS", optOutCodes: "00" },
      };
    };
    const running = await home.start({ ...atRestore, answer: fewMen });
    await running.api.offerLibrary({ bundle: bundle() });
    const backup = await backupOf(t, home.folder);
    const release = await released(running);
    const [, , men] = cellsOf(theQuery(), DATES[0]);
    t.same(men, { sex: "male" });
    const cells = cellsOf(theQuery(), DATES[0]).length;
    const before = decodeRelease(release.release, cells).denominator.slice(0, 3);
    t.same(before, [46, 0, 0], "five men are withheld, and the women who would tell of them");
    await running.stop();
    for (const file of ["keeper.db", "keeper.db-wal", "keeper.db-shm"])
      rmSync(join(home.folder, file), { force: true });
    cpSync(backup, home.folder, { recursive: true });

    const again = await home.start(atRestore);
    await again.api.takeBack({ held: [held(release)], all: true });
    await again.stop();
    const later = await home.start({ now: () => Date.parse("2025-05-01") });
    const next = await released(later, DATES[1]);
    const { denominator } = decodeRelease(next.release, cells);
    t.same(denominator.slice(0, 3), [61, 0, 0], "twenty men now, and not two periods on");
    t.equal(reasonsOf(later.keeper.store, LATER, 0)(2, "denominator"), "g5-sticky");
  },
);

for (const [how, records] of [
  ["made anew", { identity: "second", version: 1 }],
  ["put back from an older copy", { identity: "first", version: 1 }],
] as const) {
  t.test(`records ${how}: nothing is decided beside sets of people that are others now`, async (t) => {
    const home = practice(t);
    home.records.version = 2;
    const running = await home.start();
    await released(running);
    await running.stop();
    Object.assign(home.records, records);
    const again = await home.start();
    t.match([...again.keeper.store.log.entries()].at(-1), { kind: "records-changed" });
    t.throws(
      () => {
        withdraw(again.keeper.store, RUN, WHY);
        allowCorrection(again.keeper.store, RUN);
      },
      { code: "history-lost" },
    );
    const strict = storedHistory(again.keeper.store, () => null).before("asthma-seen", DATES[1]);
    t.same(
      [...strict].map(({ givenBack }) => givenBack),
      [true],
    );
    await released(again, DATES[1]);
    const after = storedHistory(again.keeper.store, () => null).before("asthma-seen", "2025-06-30");
    t.same(
      [...after].map(({ givenBack }) => givenBack ?? false),
      [false, true],
      "later ones are by the new keys",
    );
  });
}

t.test("what runs while a rollback shows itself is refused, and not released", async (t) => {
  const home = practice(t);
  const first = await home.start();
  await first.api.offerLibrary({ bundle: bundle() });
  await first.api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  const snapshot = await backupOf(t, home.folder);
  const unmarked = KeeperStore.open(snapshot);
  unmarked.change(({ db }) => db.exec("DELETE FROM setting WHERE name = 'copied-at'")); // as a machine's snapshot
  unmarked.close();
  const release = await released(first);
  await first.stop();
  rmSync(join(home.folder, "keeper.db-wal"), { force: true });
  cpSync(snapshot, home.folder, { recursive: true });

  let finish = (): void => undefined;
  const shown = new Promise<void>((resolve) => (finish = resolve));
  const second = await home.start({
    answer: async (job) => {
      await shown;
      const [tables = []] = answer(memorySource(PATIENTS), [job.query], job.dates, withoutOptOuts());
      return {
        outcome: "answered",
        answer: { tables, recordBasis: "RECORD_BASIS_REGISTRATIONS", optOutCodes: "00" },
      };
    },
  });
  await second.api.execute({ leases: [lease(LATER)] });
  await until(second.api, LATER, "RUNNING");
  await second.api.takeBack({ held: [held(release)], all: false });
  finish();
  await until(second.api, LATER, "REFUSED");
  t.equal((await told(second, LATER)).refusal?.code, "history-lost");
});

t.test("a rollback that nobody announced shows itself by the keeper's own signature", async (t) => {
  const home = practice(t);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle() });
  await running.api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  await running.stop();
  const snapshot = mkdtempSync(join(tmpdir(), "keeper-snapshot-"));
  t.teardown(() => rmSync(snapshot, { recursive: true, force: true }));
  cpSync(home.folder, snapshot, { recursive: true });
  const second = await home.start();
  const release = await released(second);
  await second.stop();
  rmSync(join(home.folder, "keeper.db-wal"), { force: true });
  cpSync(snapshot, home.folder, { recursive: true });

  const third = await home.start();
  t.equal((await told(third)).state, "AGENT_RUN_STATE_READY", "it cannot know by itself");
  await third.api.takeBack({ held: [held(release)], all: false });
  t.same((await third.api.takeRelease({ run: RUN })).release, release);
  t.equal((await told(third, LATER)).refusal?.code, "history-lost");
  t.equal((await third.api.describe({})).historyMissing, true, "and it asks for the rest");
});

t.test("what was withdrawn and corrected is given back as that", async (t) => {
  const home = practice(t);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle() });
  await running.api.offerRuns({ assignments: [assignment(DATES[0])] });
  const backup = await backupOf(t, home.folder);
  const first = await released(running);
  const store = people(t, home.folder);
  withdraw(store, RUN, WHY);
  const withdrawn = signedWithdrawal(store, findRun(store, RUN)!)!;
  allowCorrection(store, RUN);
  const correctable = signedWithdrawal(store, findRun(store, RUN)!)!;
  await running.api.execute({ leases: [lease(RUN)] });
  await until(running.api, RUN, "OUTBOX");
  const second = (await running.api.takeRelease({ run: RUN })).release!;
  await running.stop();

  const restored = async (name: string) => {
    const folder = mkdtempSync(join(tmpdir(), `keeper-${name}-`));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    await restoreKeeper(backup, folder);
    return home.start({ folder, socket: join(folder, "k.sock") });
  };
  const taken = await restored("withdrawn");
  await taken.api.takeBack({ held: [held(first, withdrawn)], all: true });
  t.equal((await told(taken)).state, "AGENT_RUN_STATE_WITHDRAWN");
  t.throws(() => allowCorrection(taken.keeper.store, RUN), { code: "history-lost" });
  await taken.stop();
  const allowed = await restored("allowed");
  await allowed.api.takeBack({ held: [held(first, correctable)], all: true });
  t.equal((await told(allowed)).refusal?.code, "history-lost", "allowed, and not answered in time");
  await allowed.stop();
  const corrected = await restored("corrected");
  await corrected.api.takeBack({ held: [held(first, correctable), held(second)], all: true });
  t.same((await corrected.api.takeRelease({ run: RUN })).release, second);
  const forged = signWithdrawal({ ...withdrawn, correctable: true }, hubLog.privateKey);
  await t.rejects(corrected.api.takeBack({ held: [held(first, forged)], all: true }), {
    code: "bad-signature",
  });
});

t.test("a keeper made anew for a practice answers no date that another may have answered", async (t) => {
  const home = practice(t);
  const pinned = {
    practice: "Test",
    libraryRoot: signers.root(),
    hubLogKey: rawPublicKey(hubLog.publicKey),
    fingerprint: "AAAA",
    answeredBefore: true,
  };
  const store = people(t, home.folder);
  pin(store, pinned);
  const size = store.log.size;
  pin(store, pinned);
  t.equal(store.log.size, size, "enrolling again with the same code changes nothing");
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle() });
  const { runs } = await running.api.offerRuns({ assignments: [assignment(DATES[0])] });
  t.equal(runs[0]?.refusal?.code, "history-lost");
});

t.test("who joined a hub is in the practice's log", async (t) => {
  const store = initKeeper(join(t.testdir(), "keeper"));
  t.teardown(() => store.close());
  const keys = { libraryRoot: signers.root(), hubLogKey: rawPublicKey(hubLog.publicKey) };
  pin(store, { practice: "Test", ...keys, fingerprint: "AAAA", answeredBefore: false }, person("Ann"));
  t.match([...store.log.entries()].at(-1), { kind: "enrolled", body: { by: "Ann" } });
});

t.test("a backup that is not whole, or whose log was altered, is refused", async (t) => {
  const home = practice(t);
  const into = (): string => join(t.testdir(), "restored");
  await t.rejects(restoreKeeper(t.testdir(), into()), { code: "backup-unsound", kind: "does-not-hold" });
  const backup = await backupOf(t, home.folder);
  await t.rejects(restoreKeeper(backup, home.folder), { code: "exists", kind: "wrong-use" });
  const altered = KeeperStore.open(backup);
  altered.change(({ db }) => {
    db.exec("DROP TRIGGER log_entry_is_append_only_update");
    db.exec("UPDATE log_entry SET body = replace(body, 'false', 'true') WHERE kind = 'made'");
  });
  altered.close();
  await t.rejects(restoreKeeper(backup, into()), { code: "backup-unsound", message: /does not replay/ });
});
