/** The check of a log beside its readers. */
import { LogCheck, type OwnLogVerdict } from "@cairn/ledger";
import t from "tap";

const HOLDS: OwnLogVerdict = { holds: true, entries: 5, logs: 1, countersigned: 0, root: "00" };

t.test(
  "one check at a time, for all who ask meanwhile; its verdict stands for a minute and for this length",
  async (t) => {
    const at = { size: 5, now: 1_000 };
    const ends: ((verdict: OwnLogVerdict) => void)[] = [];
    const check = new LogCheck({
      check: () => new Promise((resolve) => ends.push(resolve)),
      size: () => at.size,
      now: () => at.now,
      patience: async () => undefined,
    });
    t.same(await check.look(), { holds: null, entries: 5 }, "whoever asks is answered before it is over");
    t.same(await check.look(), { holds: null, entries: 5 });
    t.equal(ends.length, 1);
    ends[0]!(HOLDS);
    await new Promise((resolve) => setImmediate(resolve));
    t.same(await check.look(), { ...HOLDS, checkedAt: 1_000 });
    at.now += 59_000;
    t.match(await check.look(), { holds: true });
    t.equal(ends.length, 1);
    at.size = 6;
    t.same(await check.look(), { holds: null, entries: 6 }, "of a log that has grown nothing is said yet");
    ends[1]!({ holds: false, problem: "an entry was altered" });
    await new Promise((resolve) => setImmediate(resolve));
    t.match(await check.look(), { holds: false });
    at.now += 60_000;
    t.match(await check.look(), { holds: null }, "it may have been altered since");
    t.equal(ends.length, 3);
  },
);

t.test("a check that breaks off is said to, and the next reader has another", async (t) => {
  let tries = 0;
  const check = new LogCheck({
    check: async () => {
      tries += 1;
      if (tries === 1) throw new Error("it was killed");
      return HOLDS;
    },
    ...{ size: () => 5, now: () => 0, patience: () => new Promise(() => undefined) },
  });
  await t.rejects(check.look(), /killed/);
  t.match(await check.look(), { holds: true });
});
