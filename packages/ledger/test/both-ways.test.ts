/** H6: what one side wrote down and the other did not is named or said, in either direction. */
import t, { type Test } from "tap";
import { AuditLog } from "@cairn/audit-log";
import type { Account } from "@cairn/ledger";
import {
  crossCheck,
  DAY,
  digestOf,
  facts,
  GROUP,
  type Practice,
  rootOf,
  Story,
} from "./fixtures/two-logs.js";

function named(t: Test, account: Account, problem: RegExp, label: string): void {
  t.match(account, { verified: false, problem }, label);
}

function told(tell: (story: Story, alder: Practice) => void): Account {
  const story = new Story();
  const alder = story.practice("Alder", { uses: true });
  story.release(alder, "r1");
  story.use(alder, "r1");
  tell(story, alder);
  return crossCheck(...story.exported(alder));
}

/** A release with a use that the hub takes, and of which the practice gets no receipt. */
function unreceipted(story: Story, alder: Practice, run: string): void {
  story.make(alder, run);
  story.take(alder, run);
  story.use(alder, run, { receipted: false });
}

function later(story: Story, alder: Practice): void {
  story.clock.now += 30 * DAY;
  story.release(alder, "r9");
  story.use(alder, "r9");
}

const declined = { query: "bp-control", version: "1.0.0", by: "Dr Fell" };

t.test("a decline stands for a missing receipt only of what it called back on its way", async (t) => {
  const missing = /run r2: the hub took this release .* no receipt for it/;
  const decline = (body: object, days = 0): Account =>
    told((story, alder) => {
      unreceipted(story, alder, "r2");
      if (days > 0) story.countersign(alder);
      story.clock.now += days * DAY;
      if (days > 0) story.countersign(alder);
      alder.note("query-declined", { ...declined, ...body });
      story.clock.now += 3 * DAY;
      alder.note("history-given-back", {});
    });
  named(t, decline({ group: "Other" }), missing, "a decline for a group that had no use of it");
  t.match(decline({}), { verified: true, problem: null }, "a decline for all, as it was sent");
  t.match(decline({ group: GROUP }), { verified: true, problem: null }, "for the one group that had a use");
  named(t, decline({}, 20), missing, "a decline long after the hub took it, heard of meanwhile");
});

t.test("what the practice sent and the hub never wrote down is named", async (t) => {
  named(
    t,
    told((story, alder) => {
      alder.note("withdrawn", { ...facts("r1"), why: "78" });
      later(story, alder);
    }),
    /run r1: .*withdrawal.*hub's log does not tell of/,
    "a withdrawal",
  );
  named(
    t,
    told((story, alder) => {
      alder.note("use-ended", { ...facts("r1"), group: GROUP, charter: "" });
      later(story, alder);
    }),
    /run r1: .*end of the use of Glen.*hub's log does not tell of/,
    "the end of a use",
  );
  named(
    t,
    told((story, alder) => {
      story.release(alder, "r2");
      alder.note("use", { ...facts("r2"), group: GROUP, charter: "" });
      later(story, alder);
    }),
    /run r2: .*use of Glen.*hub's log does not tell of/,
    "a use",
  );
  named(
    t,
    told((story, alder) => {
      story.make(alder, "r2");
      alder.note("use", { ...facts("r2"), group: GROUP, charter: "" });
      later(story, alder);
    }),
    /run r2: .*release.*hub's log does not tell of/,
    "a release",
  );
});

t.test("a withdrawal that the hub's export does not tell of yet is said, and no problem", async (t) => {
  const account = told((_story, alder) => alder.note("withdrawn", { ...facts("r1"), why: "78" }));
  t.match(account, { verified: true, practices: [{ withdrawn: 1 }] });
  t.match(account.notes.join("\n"), /1 withdrawal of Alder that this hub export does not tell of: export/);
  t.same(told(() => undefined).notes, [], "where none was taken back there is nothing to say");
  const neverSent = told((story, alder) => {
    story.make(alder, "r2");
    alder.note("use", { ...facts("r2"), group: GROUP, charter: "" });
    alder.note("withdrawn", { ...facts("r2"), why: "78" });
  });
  t.same(neverSent.notes, [], "nor where the hub never had the release");
});

t.test("what is on its way to the hub, or was settled before it left, is no problem", async (t) => {
  const holds = (label: string, tell: (story: Story, alder: Practice) => void): void =>
    void t.match(told(tell), { verified: true, problem: null }, label);
  holds("a hub that has taken nothing since", (story, alder) => {
    alder.note("withdrawn", { ...facts("r1"), why: "78" });
    story.clock.now += 30 * DAY;
    alder.note("history-given-back", {});
  });
  holds("on the same day", (story, alder) => {
    alder.note("withdrawn", { ...facts("r1"), why: "78" });
    story.release(alder, "r2");
    story.use(alder, "r2");
  });
  holds("called back before it left", (story, alder) => {
    story.make(alder, "r2");
    alder.note("use", { ...facts("r2"), group: GROUP, charter: "" });
    alder.note("query-declined", declined);
    alder.note("use-ended", { ...facts("r2"), group: GROUP, charter: "" });
    alder.note("query-accepted", { ...declined, digest: facts("r1")["queryDigest"]!, group: GROUP });
    later(story, alder);
  });
  holds("withdrawn before it left", (story, alder) => {
    story.make(alder, "r2");
    alder.note("use", { ...facts("r2"), group: GROUP, charter: "" });
    alder.note("withdrawn", { ...facts("r2"), why: "78" });
    later(story, alder);
  });
});

t.test(
  "a hub's export that is older than what practices hold of the hub says what it passes over",
  async (t) => {
    const story = new Story();
    const alder = story.practice("Alder", { uses: true });
    for (const run of ["r1", "r2", "r3"]) {
      story.release(alder, run);
      story.use(alder, run);
      story.countersign(alder);
      story.clock.now += 30 * DAY;
    }
    const entries = [...story.hub.log.entries()];
    const size = entries.findIndex(({ kind, body }) => kind === "release-received" && body["run"] === "r2");
    const at = new Date(entries[size - 1]!.time);
    story.hub.cut(size);
    const log = AuditLog.open(story.hub.db, { origin: story.hub.origin, key: story.hub.key, now: () => at });
    const lines = [...log.exportLines()].filter((line) => !line.startsWith('{"cosigned"'));
    const { notes, hubSignedAt } = crossCheck({ name: "the hub", lines }, [alder.exported()]);
    t.equal(hubSignedAt, at.toISOString());
    const said = notes.join("\n");
    t.match(said, `The hub's export is of ${at.toISOString()}`);
    t.match(
      said,
      /4 receipts and \d checkpoints of Alder are later: not checked, export the hub's log again/,
    );
    t.match(said, /60 days later.*exported together.*was cut/);
  },
);

t.test("a restore at the practice is always said, with what stands unchecked because of it", async (t) => {
  const account = told((story, alder) => {
    alder.note("restored", { copiedAt: null, lostTo: "x" });
    alder.note("release-given-back", { ...facts("r2"), logIndex: 7, logSize: 8, logRoot: "00".repeat(32) });
    alder.note("use-given-back", { ...facts("r2"), group: GROUP, charter: "", ended: false });
    const sent = { run: "r2", practice: alder.id, correction: 0, digest: digestOf("r2") };
    story.hub.note("release-received", { ...sent, ...rootOf({ index: 5, size: 6, root: Buffer.alloc(32) }) });
  });
  t.match(
    account.notes.join("\n"),
    /Alder was restored .* 1 release and 1 use .* without .*acceptance, library or membership/,
  );
});
