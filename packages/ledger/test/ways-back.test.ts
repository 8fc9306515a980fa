/** H6, after a restore at either end, and for the uses and bytes that a release has. */
import t, { type Test } from "tap";
import { encodeRelease, rawPublicKey, releaseDigest, signRelease } from "@cairn/wire";
import { encode, hubLog, type Account } from "@cairn/ledger";
import {
  crossCheck,
  DIGEST,
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

/** A hub that lost its last entries in a restore and went on in a new log, after the practice had countersigned them. */
function restoredHub() {
  const story = new Story();
  const alder = story.practice("Alder");
  story.release(alder, "r1");
  const backup = story.hub.log.size;
  story.release(alder, "r2");
  story.countersign(alder);
  story.hub.cut(backup);
  story.hub.db.exec("DELETE FROM log_cosigned");
  const old = { origin: story.hub.log.origin, size: backup, root: story.hub.log.root() };
  story.hub.log.continueAs("cairn-hub/test/2026-01-05-abcdef", ({ origin, size, root }) =>
    encode(hubLog.logContinues, { old_origin: origin, size, root: root.toString("hex") }),
  );
  return { story, alder, old };
}

function accept(story: Story, alder: Practice): void {
  const { log } = story.hub;
  alder.note("hub-log-accepted", {
    origin: log.origin,
    size: log.size,
    root: log.root().toString("hex"),
    oldOrigin: "cairn-hub/test",
    oldSize: 9,
    by: "Dr Fell",
  });
}

t.test(
  "a hub that was restored goes on in a new log, and both are held against the practice's",
  async (t) => {
    const { story, alder } = restoredHub();
    t.match(
      crossCheck(...story.exported(alder)),
      {
        verified: true,
        problem: null,
        releases: 1,
        notes: [/went on in a new log/, /1 receipt that the hub lost/],
      },
      "before the practice gave again what was lost",
    );
    const again = story.take(alder, "r2");
    t.ok(again > 2 ** 40, "a place in the new log is no place in the old");
    story.receipt(alder, "r2", again);
    accept(story, alder);
    story.countersign(alder);
    story.release(alder, "r3");
    story.countersign(alder);
    t.match(crossCheck(...story.exported(alder)), { verified: true, problem: null, releases: 3 });

    story.hub.cut(2);
    named(
      t,
      crossCheck(...story.exported(alder)),
      /the hub: it ends|keeps a countersigned/,
      "the new log cut",
    );
  },
);

t.test("a new log that does not begin where the old one ended is named", async (t) => {
  const { story, alder, old } = restoredHub();
  const forged = (body: Record<string, string | number>, at = 0): Account => {
    const lines = story.hub.exported("the hub").lines.slice(0, old.size + 1); // the old log alone
    const side = story.hub.rewrite((entries) =>
      entries.map((entry, i) => (i === at ? { ...entry, body } : entry)),
    );
    return crossCheck({ name: "the hub", lines: [...lines, ...side.exported("the hub").lines] }, [
      alder.exported(),
    ]);
  };
  const names = { old_origin: old.origin, size: old.size, root: old.root.toString("hex") };
  const wrong = /does not begin with the last checkpoint of the log before it/;
  named(t, forged({ ...names, size: old.size - 1 }), wrong, "another size");
  named(t, forged({ ...names, root: "00".repeat(32) }), wrong, "another root");
  named(t, forged({ ...names, old_origin: "cairn-hub/other" }), wrong, "another log");
  const alone = story.hub.exported("the hub").lines.slice(old.size + 1);
  const { problems } = crossCheck({ name: "the hub", lines: alone }, [alder.exported()]);
  t.ok(
    problems.some(({ words }) => words.includes("which this export does not hold")),
    "alone",
  );
});

t.test(
  "after a restore at the practice, a release is accounted for by what the hub gave back, and by that alone",
  async (t) => {
    const lost = (more: (alder: Practice) => void): Account => {
      const story = new Story();
      const alder = story.practice("Alder");
      const backup = alder.log.size;
      story.release(alder, "r1");
      story.countersign(alder);
      alder.cut(backup);
      alder.receipts = [];
      more(alder);
      return crossCheck(...story.exported(alder));
    };
    const given = { ...facts("r1"), logIndex: 7, logSize: 8, logRoot: "00".repeat(32) };
    const restored = (alder: Practice) =>
      alder.note("restored", { copiedAt: "2026-01-05T09:00:00.000Z", lostTo: "x" });
    t.match(
      lost((alder) => {
        restored(alder);
        alder.note("release-given-back", given);
        alder.note("history-given-back");
      }),
      { verified: true, problem: null, releases: 1 },
      "given back",
    );
    t.match(
      lost((alder) => {
        restored(alder);
        alder.note("release-given-back", given);
        alder.note("withdrawal-given-back", {
          run: "r1",
          query: "bp-control",
          correction: 0,
          digest: digestOf("r1"),
        });
        alder.note("correction-given-back", {
          run: "r1",
          query: "bp-control",
          correction: 0,
          digest: digestOf("r1"),
        });
      }),
      { verified: true, practices: [{ withdrawn: 1 }] },
      "with its withdrawal",
    );
    named(t, lost(restored), /run r1.*does not tell of/, "not given back");
    named(
      t,
      lost((alder) => alder.note("release-given-back", given)),
      /Alder|does not tell of/,
      "no restore",
    );
    named(
      t,
      lost((alder) => {
        restored(alder);
        alder.note("release-given-back", given);
        alder.note("released", { ...facts("r1"), libraryDigest: DIGEST.library });
      }),
      /second release/,
      "released anew",
    );
  },
);

t.test("a second release for a query and date needs a withdrawal and one logged correction", async (t) => {
  /** One run told of by both sides, as far as `kinds` goes; the hub hears of each. */
  const corrected = (...kinds: string[]): Account => {
    const story = new Story();
    const alder = story.practice("Alder");
    const atHub: Record<string, string> = {
      withdrawn: "release-withdrawn",
      "correction-allowed": "correction-allowed",
    };
    let correction = 0;
    for (const [i, kind] of kinds.entries()) {
      if (kind === "released") {
        if (kinds.slice(0, i).includes("correction-allowed")) correction = 1;
        story.release(alder, "r1", { correction, digest: digestOf(`d${correction}`) });
        continue;
      }
      const told = { ...facts("r1"), correction, digest: digestOf(`d${correction}`) };
      const position = alder.note(kind, told);
      const sent = { run: "r1", practice: alder.id, correction, digest: told.digest, ...rootOf(position) };
      const { index } = story.hub.note(atHub[kind] ?? kind, sent);
      if (kind === "withdrawn")
        alder.note("withdrawal-receipt", { run: "r1", correction, digest: told.digest, hubLogIndex: index });
    }
    return crossCheck(...story.exported(alder));
  };
  const once = ["released", "withdrawn", "correction-allowed", "released"];
  t.match(corrected(...once, "withdrawn"), { verified: true, releases: 2, practices: [{ withdrawn: 2 }] });
  named(
    t,
    corrected("released", "released"),
    /without a logged correction|counts this release twice/,
    "twice",
  );
  named(t, corrected("released", "withdrawn", "released"), /second release|twice/, "unallowed");
  named(t, corrected("released", "correction-allowed", "released"), /follows no withdrawal/, "unasked");
  named(t, corrected(...once, "released"), /second release|twice/, "a third");
  named(t, corrected(...once, "withdrawn", "correction-allowed"), /follows no withdrawal/, "again");
  named(t, corrected("withdrawn"), /what was not released/, "nothing");
});

t.test("what one side says was withdrawn, the other says too", async (t) => {
  const story = new Story();
  const alder = story.practice("Alder");
  story.release(alder, "r1");
  alder.note("withdrawn", { ...facts("r1"), why: "78" });
  t.match(crossCheck(...story.exported(alder)), { verified: true }, "a hub that is down has not heard yet");
  alder.note("withdrawal-receipt", { run: "r1", correction: 0, digest: digestOf("r1"), hubLogIndex: 3 });
  named(
    t,
    crossCheck(...story.exported(alder)),
    /receipt for a withdrawal that the hub's log does not tell of/,
    "not heard",
  );

  const invented = new Story();
  const birch = invented.practice("Birch");
  invented.release(birch, "r1");
  const sent = { run: "r1", practice: birch.id, correction: 0, digest: digestOf("r1") };
  invented.hub.note("release-withdrawn", {
    ...sent,
    ...rootOf({ index: 2, size: 3, root: Buffer.alloc(32) }),
  });
  named(
    t,
    crossCheck(...invented.exported(birch)),
    /run r1: it tells of a withdrawal that the log of Birch/,
    "invented",
  );
});

t.test("a group has the use of a release when a member, accepted, and signed for", async (t) => {
  const told = (tell: (story: Story, alder: Practice) => void): Account => {
    const story = new Story();
    const alder = story.practice("Alder", { uses: true });
    tell(story, alder);
    return crossCheck(...story.exported(alder));
  };
  t.match(
    told((story, alder) => {
      story.release(alder, "r1");
      story.use(alder, "r1");
    }),
    { verified: true, problem: null },
  );
  named(
    t,
    told((story, alder) => story.release(alder, "r1")),
    /run r1.*for no group does it say so/,
    "no use at all",
  );
  named(
    t,
    told((story, alder) => {
      story.release(alder, "r1");
      story.use(alder, "r1");
      story.use(alder, "r1", { group: "ICB" });
    }),
    /gives ICB a use, and nothing before it says that this group was accepted/,
    "a group that nobody accepted",
  );
  named(
    t,
    told((story, alder) => {
      story.release(alder, "r1");
      story.use(alder, "r1");
      alder.note("group-joined", { group: "ICB", by: "Dr Fell" });
      story.use(alder, "r1", { group: "ICB" });
    }),
    /gives ICB a use of bp-control, which was not accepted for that group/,
    "a query that was not accepted for the group",
  );
  named(
    t,
    told((story, alder) => {
      story.release(alder, "r1");
      alder.note("group-left", { group: GROUP, by: "Dr Fell" });
      story.use(alder, "r1");
    }),
    /gives Glen a use, and nothing before it/,
    "a group that was left",
  );
  named(
    t,
    told((story, alder) => {
      story.release(alder, "r1");
      story.use(alder, "r1");
      const sent = { run: "r1", practice: alder.id, group: "ICB", correction: 0, digest: digestOf("r1") };
      story.hub.note("use-received", { ...sent, ...rootOf({ index: 5, size: 6, root: Buffer.alloc(32) }) });
    }),
    /the hub, entry \d+, run r1: it tells of a use that the log of Alder does not tell of/,
    "a use that the hub invents",
  );
  named(
    t,
    told((story, alder) => {
      story.release(alder, "r1");
      story.use(alder, "r1", { receipted: false });
      const got = { run: "r1", correction: 0, group: GROUP, ended: true, digest: digestOf("r1") };
      alder.note("use-ended", { ...facts("r1"), group: GROUP });
      alder.note("use-receipt", { ...got, hubLogIndex: 2 });
    }),
    /receipt for a use that the hub's log does not tell of/,
    "an end that the hub does not tell of",
  );
});

t.test("digests are held against the bytes that the hub's export carries", async (t) => {
  const story = new Story();
  const alder = story.practice("Alder");
  const bytes = encodeRelease({ denominator: [21, 0], numerator: [11, 0], carried: [] });
  const digest = releaseDigest(bytes);
  story.release(alder, "r1", { digest: digest.toString("hex") });
  const { position, body } = story.released.get("Alder r1")!;
  const signed = signRelease(
    {
      run: "r1",
      release: bytes,
      queryDigest: Buffer.from(DIGEST.query, "hex"),
      libraryDigest: Buffer.from(DIGEST.library, "hex"),
      referenceDate: String(body["date"]),
      policy: { k: 8, base: 5, midpoint: 0 },
      logIndex: position.index,
      logSize: position.size,
      logRoot: position.root,
      recordBasis: "RECORD_BASIS_REGISTRATIONS",
      correction: 0,
      optOuts: "OPT_OUTS_LEFT_OUT",
    },
    alder.key,
  );
  const release = {
    ...{ run: "r1", correction: 0, bytes: bytes.toString("base64") },
    ...{ queryDigest: DIGEST.query, libraryDigest: DIGEST.library, date: body["date"], policy: "8,5,0" },
    ...{ logIndex: position.index, logSize: position.size, logRoot: position.root.toString("hex") },
    ...{ recordBasis: "RECORD_BASIS_REGISTRATIONS", optOuts: "OPT_OUTS_LEFT_OUT" },
    signature: signed.signature.toString("base64"),
  };
  const beside = (change: object): Account =>
    crossCheck(story.hub.exported("the hub", [JSON.stringify({ release: { ...release, ...change } })]), [
      alder.exported(),
    ]);
  t.match(beside({}), { verified: true, problem: null, bytes: 1 });
  const other = encodeRelease({ denominator: [21, 0], numerator: [16, 0], carried: [] }).toString("base64");
  named(t, beside({ bytes: other }), /run r1: the bytes that it holds have another digest/, "other bytes");
  named(t, beside({ policy: "5,5,0" }), /not signed by its practice as it stands/, "another policy");
  named(t, beside({ run: "r7" }), /a release that its log does not tell of/, "another run");
  t.match(
    beside({ optOuts: "OPT_OUTS_COUNTED_BY_CHOICE" }).problems.map(({ words }) => words),
    [
      /says of people with a type 1 opt-out in their record OPT_OUTS_COUNTED_BY_CHOICE, and the practice's log says left-out/,
      /not signed by its practice as it stands/,
    ],
    "another word on people with a type 1 opt-out in their record",
  );
  named(t, beside({ trusted: true }), /it is not written as the hub writes it/, "a field that nobody knows");
});

t.test("what a practice had of a hub that it left is said to be unchecked, and that alone", async (t) => {
  const lost = new Story();
  const alder = lost.practice("Alder", { uses: true });
  const sent = (story: Story, run: string): void => {
    story.release(alder, run);
    story.use(alder, run);
  };
  sent(lost, "r1");
  lost.countersign(alder);
  const anew = new Story();
  anew.clock.now = lost.clock.now;
  const { hub } = anew;
  const joins = (key: typeof hub.key): void => {
    const hubLogKey = rawPublicKey(key).toString("hex");
    alder.note("enrolled", { practice: "Alder", libraryRoot: "00".repeat(32), hubLogKey, by: "Dr Fell" });
  };
  joins(hub.key);
  hub.note("agent-enrolled", { agent: "a-alder", practice: alder.id, keeper_key: alder.raw });
  hub.note("agent-admitted", { agent: "a-alder", practice: "Alder" });
  anew.released.set("Alder r1", lost.released.get("Alder r1")!);
  anew.receipt(alder, "r1", anew.take(alder, "r1")); // the same bytes, given again
  sent(anew, "r2");
  anew.countersign(alder);
  const account = crossCheck(...anew.exported(alder));
  t.match(account, { verified: true, problem: null, releases: 2 });
  t.match(
    account.notes.join("\n"),
    /Alder was enrolled with another hub until \S+ \(entry \d+\).*: 2 receipts, 1 countersigned checkpoint and 0 comparisons .*not checked. .*its 1 release of then was allowed was checked/,
  );
  joins(lost.hub.key); // back for a moment: that hides nothing of the time with the hub that is given
  joins(hub.key);
  alder.note("receipt", { run: "r9", correction: 0, digest: digestOf("r9"), hubLogIndex: hub.log.size - 1 });
  joins(lost.hub.key);
  joins(hub.key);
  named(
    t,
    crossCheck(...anew.exported(alder)),
    /receipt for a release that the hub's log does not/,
    "its own",
  );
});
