/** H6: the hub's log and a practice's can be held against each other, offline, by someone who trusts neither. */
import fc from "fast-check";
import t, { type Test } from "tap";
import type { Account, ExportedLog } from "@cairn/ledger";
import { about, crossCheck, DAY, DIGEST, GROUP, receiptLine, Side, Story } from "./fixtures/two-logs.js";

/** Two practices, one of which released three times; the second countersigned too. */
function honest(options: { uses?: boolean } = {}) {
  const story = new Story();
  const alder = story.practice("Alder", options);
  const birch = story.practice("Birch", options);
  const release = (run: string): void => {
    story.release(alder, run);
    if (options.uses) story.use(alder, run);
  };
  story.countersign(alder);
  release("r1");
  release("r2");
  story.countersign(alder);
  release("r3");
  story.countersign(alder);
  story.countersign(birch);
  return { story, alder, birch, hub: story.hub };
}

function named(t: Test, account: Account, problem: RegExp, label: string): void {
  t.match(account, { verified: false, problem }, label);
}

t.test("logs that tell the same are verified, with every release accounted for", async (t) => {
  for (const uses of [false, true]) {
    const { story, alder, birch } = honest({ uses });
    t.match(
      crossCheck(story.hub.exported("the hub"), [alder.exported(), birch.exported()]),
      {
        verified: true,
        problem: null,
        releases: 3,
        practices: [{ practice: "Alder" }, { practice: "Birch" }],
      },
      uses ? "with uses" : "as versions before there were uses wrote them",
    );
  }
});

t.test("one practice and the hub alone are verified, and the others said as not checked", async (t) => {
  const { story, alder, birch } = honest();
  story.release(birch, "r4");
  t.match(crossCheck(...story.exported(alder)), {
    verified: true,
    problem: null,
    releases: 3,
    notChecked: { practices: 1, releases: 1 },
    notes: [/1 release of 1 practice whose log was not given/],
  });
});

t.test(
  "a file given for the other side's is said to be that, and a log that fails is not said to be absent",
  async (t) => {
    const { story, alder, birch } = honest();
    const swapped = crossCheck(alder.exported(), [story.hub.exported("hub.log")]);
    t.match(swapped.problems, [
      { code: "other-kind", words: "a practice's log was given as the hub's", todo: /--practice$/ },
      { code: "other-kind", log: "hub.log", words: "the hub's log was given as a practice's" },
    ]);
    const [hub, log] = [story.hub.exported("the hub"), alder.exported()];
    const broken = { ...log, lines: log.lines.map((line) => line.replace('"run":"r2"', '"run":"r9"')) };
    t.match(crossCheck(hub, [broken, birch.exported()]).notes, [
      /whose log was not given, or does not hold\.$/,
    ]);
  },
);

t.test("exports in either order with things in between are verified", async (t) => {
  const { story, alder } = honest();
  const [hubBefore, before] = [story.hub.exported("the hub"), alder.exported()];
  story.release(alder, "r4");
  story.countersign(alder);
  const withdrawn = { ...about({ queryDigest: DIGEST.query, date: "1990-05-31" }), run: "r1", correction: 0 };
  const digest = Buffer.from("r1".padEnd(32)).toString("hex");
  const position = alder.note("withdrawn", { ...withdrawn, digest, why: "78" });
  const at = {
    practice_log_index: position.index,
    practice_log_size: position.size,
    practice_log_root: position.root.toString("hex"),
  };
  const gone = { run: "r1", practice: alder.id, correction: 0, digest, ...at };
  const { index } = story.hub.note("release-withdrawn", gone);
  alder.note("withdrawal-receipt", { run: "r1", correction: 0, digest, hubLogIndex: index });
  story.countersign(alder);
  const [hubAfter, after] = [story.hub.exported("the hub"), alder.exported()];
  t.match(crossCheck(hubBefore, [after]), { verified: true, problem: null }, "the hub's first");
  t.match(crossCheck(hubAfter, [before]), { verified: true, problem: null }, "the practice's first");
  const both = crossCheck(hubAfter, [after]);
  t.match(both, { verified: true, problem: null, practices: [{ withdrawn: 1 }] });
  t.notMatch(both.notes.join(), "withdrawal", "the hub tells of it");
});

t.test("a practice's next agent answers for it from its admission on, whatever it is called then", (t) => {
  for (const [called, then] of [
    ["the same", "Alder"],
    ["renamed", "White Alder"],
  ] as const) {
    const story = new Story();
    const before = story.practice("Alder");
    story.release(before, "r1");
    const after = story.practice(then, { id: before.id });
    story.release(after, "r2");
    const account = crossCheck(story.hub.exported("the hub"), [before.exported(), after.exported("next")]);
    t.match(account, { verified: true, releases: 2 }, called);
  }
  t.end();
});

t.test("one altered entry turns the account false, in whichever log it is", async (t) => {
  const { story, alder } = honest();
  const [hub, practice] = [story.hub.exported("the hub"), alder.exported()];
  const altered = (log: ExportedLog, from: string, to: string): ExportedLog => {
    const at = log.lines.findIndex((line, i) => i > 0 && line.includes(from));
    t.ok(at > 0, `there is an entry with ${from}`);
    return { ...log, lines: log.lines.map((line, i) => (i === at ? line.replace(from, to) : line)) };
  };
  const r2 = '"run":"r2"';
  named(t, crossCheck(hub, [altered(practice, r2, '"run":"r9"')]), /Alder/, "the practice's");
  named(t, crossCheck(altered(hub, r2, '"run":"r9"'), [practice]), /the hub/, "the hub's");
});

t.test("lines that no log writes are named, each with its place, and nothing else happens", async (t) => {
  const { story, alder } = honest();
  const [hub, practice] = [story.hub.exported("the hub"), alder.exported()];
  const line = practice.lines[3]!;
  const entry = JSON.parse(line) as Record<string, unknown>;
  const without = (field: string): string => JSON.stringify({ ...entry, [field]: undefined });
  const bad: Record<string, string> = {
    "an entry that is null": "null",
    "an entry that is a number": "7",
    "no body": without("body"),
    "no salt": without("salt"),
    "no time": without("time"),
    "text after the salt": line.replace(/"salt":"([0-9a-f]+)"/, '"salt":"$1 or so"'),
    "a salt in capitals": line.replace(
      /"salt":"([0-9a-f]+)"/,
      (_, salt: string) => `"salt":"${salt.toUpperCase()}A"`,
    ),
    "a field that nobody knows": line.replace(/}$/, ',"note":"trust me"}'),
    "a key twice": line.replace(/^{"position":\d+/, (start) => `${start},"position":3`),
    "a key of the body twice": line.replace('"body":{', '"body":{"digest":"0",'),
    "a fact that is a list": line.replace('"body":{', '"body":{"a":[1],'),
    "a control character": line.replace('"version":"1"', '"version":"1\\u001b[2J"'),
    "a blank": line.replace('"kind":', '"kind": '),
    "no JSON": `${line}}`,
  };
  for (const [label, text] of Object.entries(bad)) {
    const lines = practice.lines.map((each, i) => (i === 3 ? text : each));
    named(t, crossCheck(hub, [{ ...practice, lines }]), /Alder.*(line 4|entry 2)/, label);
    const atHub = hub.lines.map((each, i) => (i === 3 ? text : each));
    named(
      t,
      crossCheck({ ...hub, lines: atHub }, [practice]),
      /the hub.*(line 4|entry 2)/,
      `${label}, at the hub`,
    );
  }
  named(
    t,
    crossCheck(hub, [{ ...practice, lines: [] }]),
    /does not begin with a checkpoint/,
    "an empty file",
  );
});

t.test(
  "a log without a library or an acceptance does not hold, however well the numbers agree",
  async (t) => {
    const without = (...kinds: string[]): Account => {
      const story = new Story();
      const alder = story.practice("Alder");
      const bare = alder.rewrite((entries) => entries.filter(({ kind }) => !kinds.includes(kind)));
      Object.assign(alder, { db: bare.db, log: bare.log });
      story.release(alder, "r1");
      return crossCheck(...story.exported(alder));
    };
    t.match(without(), { verified: true });
    named(
      t,
      without("query-accepted"),
      /run r1.*nothing before it says that this version was accepted/,
      "acceptance",
    );
    named(t, without("library-verified"), /before any signed library was verified/, "library");
    named(t, without("library-verified", "query-accepted"), /a library that this log never verified/, "both");
  },
);

t.test("what was not allowed at that moment is named", async (t) => {
  const told = (tell: (story: Story, alder: ReturnType<Story["practice"]>) => void): Account => {
    const story = new Story();
    const alder = story.practice("Alder", { accepted: false });
    tell(story, alder);
    return crossCheck(...story.exported(alder));
  };
  const yes = about({ digest: DIGEST.query, group: GROUP, by: "Dr Fell" });
  const byRule = (rule: string) => ({ ...yes, by: `rule ${rule}` });
  const accept = (_story: Story, alder: Side): void => {
    alder.note("query-accepted", yes);
  };
  named(
    t,
    told((story, alder) => {
      accept(story, alder);
      alder.note("query-declined", { query: "bp-control", by: "Dr Fell" });
      story.release(alder, "r1");
    }),
    /run r1.*after the practice had declined it/,
    "declined",
  );
  named(
    t,
    told((story, alder) => {
      accept(story, alder);
      alder.note("paused", {});
      story.release(alder, "r1");
    }),
    /run r1.*while the practice had paused/,
    "paused",
  );
  named(
    t,
    told((story, alder) => {
      story.clock.now += 200 * DAY;
      accept(story, alder);
      story.release(alder, "r1");
    }),
    /accepted for Glen after its library had expired/,
    "accepted after the library expired",
  );
  named(
    t,
    told((story, alder) => {
      accept(story, alder);
      story.clock.now += 211 * DAY;
      story.release(alder, "r1");
    }),
    /more than 30 days after its library had expired/,
    "released long after",
  );
  named(
    t,
    told((story, alder) => {
      alder.note("query-accepted", byRule("accept-signed"));
      story.release(alder, "r1");
    }),
    /the rule in force was ask/,
    "a rule that nobody set",
  );
  named(
    t,
    told((story, alder) => {
      alder.note("rule-set", { group: GROUP, rule: "accept-after: 14 days", by: "Dr Fell" });
      alder.note("query-accepted", byRule("accept-after: 14 days"));
      story.release(alder, "r1");
    }),
    /before the 14 days of its rule were over/,
    "a rule whose time was not over",
  );
  t.match(
    told((story, alder) => {
      alder.note("rule-set", { group: "any", rule: "accept-after: 14 days", by: "Dr Fell" });
      alder.note("query-declined", { query: "bp-control", by: "Dr Fell" });
      story.clock.now += 14 * DAY;
      alder.note("query-accepted", byRule("accept-after: 14 days"));
      story.release(alder, "r1");
    }),
    { verified: true, problem: null },
    "a rule in force, and a decline taken back",
  );
  t.match(
    told((story, alder) => {
      accept(story, alder);
      story.make(alder, "r1");
      alder.note("query-declined", { query: "bp-control", by: "Dr Fell" });
      story.take(alder, "r1");
    }),
    { verified: true, problem: null },
    "declined while it was on its way",
  );
});

t.test(
  "a hub's log that was rewritten with its own key is not the one that practices countersigned",
  async (t) => {
    const forged = (change: Parameters<Side["rewrite"]>[0]): Account => {
      const { story, alder } = honest();
      const rewritten = story.hub.rewrite(change);
      return crossCheck(rewritten.exported("the hub"), [alder.exported()]);
    };
    const drop = (kind: string) => forged((entries) => entries.filter((entry) => entry.kind !== kind));
    const rewritten = /the hub: its first \d+ entries are not those that Alder countersigned/;
    for (const kind of ["schedule-added", "collection-opened", "library-published"])
      named(t, drop(kind), rewritten, kind);
    named(
      t,
      forged(([published, added, ...others]) => [added!, published!, ...others]),
      rewritten,
      "reordered",
    );
    named(
      t,
      forged(([first, ...others]) => [{ ...first!, time: "2025-12-24T00:00:00.000Z" }, ...others]),
      rewritten,
      "back-dated",
    );
  },
);

t.test("whoever alters, removes, inserts or reorders entries and signs the log anew is named", (t) => {
  type Entry = Parameters<Parameters<Side["rewrite"]>[0]>[0][number];
  const others = (at: number): Readonly<Record<string, (entries: Entry[]) => Entry[]>> => ({
    altered: (all) =>
      all.map((one, i) => (i === at ? { ...one, body: { ...one.body, by: "Somebody" } } : one)),
    removed: (all) => all.filter((_, i) => i !== at),
    inserted: (all) => [...all.slice(0, at), all[at]!, ...all.slice(at)],
    reordered: (all) => [...all.slice(0, at), all[at + 1]!, all[at]!, ...all.slice(at + 2)],
  });
  for (const at of [0, 2])
    for (const [how, change] of Object.entries(others(at))) {
      const { story, alder, birch } = honest();
      const hub = story.hub.rewrite(change).exported("the hub");
      const rewritten = crossCheck(hub, [alder.exported(), birch.exported()]);
      t.ok(
        rewritten.problems.some(({ code }) => code === "hub-log-rewritten"),
        `the hub's entry ${at} ${how}`,
      );
      const own = { ...alder.rewrite(change).exported("Alder"), receipts: alder.receipts };
      const practice = crossCheck(story.hub.exported("the hub"), [own, birch.exported()]);
      t.notOk(practice.verified, `the practice's entry ${at} ${how}`);
      t.match(practice.problem, /Alder/, `the practice's entry ${at} ${how}: whose log`);
    }
  t.end();
});

t.test(
  "the notes that a hub keeps bind it also where the practice that countersigned is not heard",
  async (t) => {
    const { story, alder, birch } = honest();
    const notes = (story.hub.log as unknown as { cosigned(): string[] }).cosigned();
    const kept = notes
      .filter((note) => note.includes(birch.origin))
      .map((note) => JSON.stringify({ cosigned: note }));
    const rewritten = story.hub.rewrite((entries) =>
      entries.map((entry) =>
        entry.kind === "schedule-added" ? { ...entry, body: { ...entry.body, group: "ICB" } } : entry,
      ),
    );
    const silent = alder.rewrite((entries) =>
      entries.filter(({ kind }) => kind !== "checkpoint-countersigned"),
    );
    const hub = rewritten.exported("the hub");
    const account = crossCheck({ ...hub, lines: [...hub.lines, ...kept] }, [silent.exported("Alder")]);
    const words = "the countersigned checkpoint that it keeps";
    t.ok(
      account.problems.some(
        (problem) => problem.code === "hub-log-rewritten" && problem.words.includes(words),
      ),
    );
  },
);

t.test("a hub's log that ends before what a practice countersigned was cut", async (t) => {
  const { story, alder } = honest();
  const practice = alder.exported();
  const size = story.hub.log.size;
  story.hub.cut(size - 2);
  named(
    t,
    crossCheck(story.hub.exported("the hub"), [practice]),
    /the hub: it (ends at \d+ entries, and Alder countersigned|keeps a countersigned checkpoint)/,
    "cut",
  );
});

t.test(
  "what a practice countersigned before it kept the hub's word for when binds the hub too",
  async (t) => {
    const story = new Story();
    const alder = story.practice("Alder");
    story.release(alder, "r1");
    story.hub.note("schedule-added", { schedule: 2, group: GROUP, queries: "bp-control", every: "year" });
    const { log } = story.hub;
    alder.note("checkpoint-countersigned", {
      origin: log.origin,
      size: log.size,
      root: log.root().toString("hex"),
    });
    t.match(crossCheck(...story.exported(alder)), { verified: true, problem: null });
    story.hub.cut(log.size - 1);

    const { problems } = crossCheck(...story.exported(alder));
    t.match(problems, [{ code: "hub-log-cut", words: /before it was exported/ }]);
    const [hub, practices] = story.exported(alder);
    const undated = hub.lines.map((line) => line.replace(/,"at":"[^"]+"/, ""));
    t.match(
      crossCheck({ ...hub, lines: undated }, practices),
      { verified: false },
      "nor does it help not to say when",
    );
  },
);

t.test(
  "no byte of a log can be changed, and nothing that a file may hold ends in more than words",
  async (t) => {
    const { story, alder } = honest({ uses: true });
    const [hub, [practice]] = story.exported(alder) as [ExportedLog, [ExportedLog]];
    const isLog = (line: string): boolean =>
      !line.startsWith('{"receipt"') && !line.startsWith('{"cosigned"');
    fc.assert(
      fc.property(fc.boolean(), fc.nat(), fc.nat(), fc.nat(255), fc.nat(3), (atHub, i, j, byte, how) => {
        const log = atHub ? hub : practice;
        const at = i % log.lines.length;
        const line = log.lines[at]!;
        const k = j % line.length;
        const lines = [...log.lines];
        if (how === 0) lines[at] = line.slice(0, k) + String.fromCharCode(byte) + line.slice(k + 1);
        if (how === 1) lines[at] = line.slice(0, k) + line.slice(k + 1);
        if (how === 2) lines.splice(at, 1);
        if (how === 3) lines.splice(at, 0, log.lines[j % log.lines.length]!);
        const forged = { ...log, lines };
        const { verified } = atHub ? crossCheck(forged, [practice]) : crossCheck(hub, [forged]);
        const changed = lines.filter(isLog).join("\n") !== log.lines.filter(isLog).join("\n");
        return !(changed && verified);
      }),
      { numRuns: 300 },
    );
    t.pass("300 forgeries");
  },
);

t.test("a hub that shows two histories is held to both", async (t) => {
  const { story, alder, birch } = honest();
  const other = story.hub.rewrite((entries) => entries.filter(({ kind }) => kind !== "collection-opened"));
  other.note("schedule-added", { schedule: 2, group: GROUP, queries: "bp-control", every: "year" });
  const note = (other.log as unknown as { stampedCheckpoint(): string }).stampedCheckpoint();
  const { openCheckpoint, stampOf } = await import("@cairn/audit-log");
  const signer = { name: other.origin, key: other.key };
  const { origin, size, root } = openCheckpoint(note, signer)!;
  const stamp = stampOf(note, signer)!;
  birch.note("checkpoint-refused", {
    origin,
    size,
    root: root.toString("hex"),
    stamp,
    seenOrigin: origin,
    seenSize: 3,
  });
  story.release(alder, "r4");
  story.countersign(alder);
  const account = crossCheck(story.hub.exported("the hub"), [alder.exported(), birch.exported()]);
  named(t, account, /signed another history of \d+ entries for Birch/, "forked");
  t.equal(account.problems[0]?.code, "hub-log-forked");
  t.match(account.problem, /What to do: keep both exports/);
});

t.test("a release counts once", async (t) => {
  const { story, alder } = honest();
  story.take(alder, "r2");
  named(
    t,
    crossCheck(...story.exported(alder)),
    /the hub, entry \d+, run r2: it counts this release twice/,
    "twice",
  );
});

t.test("a release that only one side tells of is found, though both logs hold by themselves", async (t) => {
  const invented = honest();
  invented.story.make(invented.alder, "r9");
  const r2 = { practice_log_index: 3, practice_log_size: 4, practice_log_root: "00".repeat(32) };
  invented.story.take(invented.alder, "r9", { run: "r8", ...r2 });
  named(t, crossCheck(...invented.story.exported(invented.alder)), /run r8/, "the hub invents one");

  const added = honest();
  added.story.make(added.alder, "r9");
  added.story.receipt(added.alder, "r9", 4);
  named(
    t,
    crossCheck(...added.story.exported(added.alder)),
    /run r9: it holds a receipt/,
    "at a place of another's",
  );

  const beyond = honest();
  const hub = beyond.story.hub.exported("the hub");
  beyond.story.make(beyond.alder, "r9");
  beyond.story.receipt(beyond.alder, "r9", 99);
  const stranger = new Side("cairn-hub/other", beyond.story.clock);
  const digest = Buffer.from("r9".padEnd(32)).toString("hex");
  beyond.alder.receipts = [receiptLine(stranger.key, "r9", digest, 99)];
  named(
    t,
    crossCheck(hub, [beyond.alder.exported()]),
    /run r9: it holds a receipt .*signature on it does not hold/,
    "beyond the end of the hub's log, with no signature of the hub's",
  );
});

t.test("what the hub took without a receipt is named, but for what is still on its way", async (t) => {
  const missing = (tell: (story: Story, alder: ReturnType<Story["practice"]>) => void): Account => {
    const story = new Story();
    const alder = story.practice("Alder");
    tell(story, alder);
    return crossCheck(...story.exported(alder));
  };
  const silently = (story: Story, alder: ReturnType<Story["practice"]>, run: string): void => {
    story.make(alder, run);
    story.take(alder, run);
  };
  const words = /run r1: the hub took this release .* no receipt for it/;
  t.match(
    missing((story, alder) => silently(story, alder, "r1")),
    { verified: true, practices: [{ onTheirWay: 1 }], notes: [/1 receipt of the hub still on the way/] },
    "the last one is on its way",
  );
  named(
    t,
    missing((story, alder) => {
      silently(story, alder, "r1");
      story.release(alder, "r2");
    }),
    words,
    "a later one has its receipt",
  );
  named(
    t,
    missing((story, alder) => {
      silently(story, alder, "r1");
      story.countersign(alder);
      story.clock.now += 60_000;
      story.countersign(alder);
    }),
    words,
    "the practice has heard of the hub's log since",
  );
  named(
    t,
    missing((story, alder) => {
      silently(story, alder, "r1");
      story.clock.now += 2 * DAY;
    }),
    words,
    "the log goes on for days",
  );
  named(
    t,
    missing((story, alder) => {
      for (let i = 1; i <= 65; i++) silently(story, alder, `r${i}`);
    }),
    words,
    "more than one call carries",
  );
});

t.test("a practice that drops what it wrote last is told by what it signed", async (t) => {
  const receipts = honest();
  const { alder } = receipts;
  const last = [...alder.log.entries()].findLast(({ kind }) => kind === "receipt")!;
  alder.cut(last.position);
  named(
    t,
    crossCheck(...receipts.story.exported(alder)),
    /Alder: it countersigned \d+ entries .* before this export, and does not tell of it/,
    "its last receipt, and what came after",
  );
  const only = honest();
  const kept = only.alder.rewrite((entries) => entries.filter((entry) => entry.position !== last.position));
  named(
    t,
    crossCheck(only.hub.exported("the hub"), [kept.exported("Alder")]),
    /Alder, entry \d+, run r1/,
    "its last receipt alone",
  );
  const releases = honest();
  const made = [...releases.alder.log.entries()].findLast(({ kind }) => kind === "released")!;
  releases.alder.cut(made.position);
  const account = crossCheck(...releases.story.exported(releases.alder));
  t.ok(
    account.problems.some(({ code, run }) => code === "practice-log-cut" && run === "r3"),
    "its last release",
  );
});

t.test("neither side can vouch for itself: each log needs the key that the other side knows", async (t) => {
  const { story } = honest();
  const stranger = honest();
  named(
    t,
    crossCheck(story.hub.exported("the hub"), [stranger.alder.exported()]),
    /signed by|knows no agent/,
    "a stranger",
  );
  named(t, crossCheck(story.hub.exported("the hub"), []), /which hub/, "nobody");
});

t.test("everything that does not hold is told, the first first", async (t) => {
  const { story, alder } = honest();
  story.take(alder, "r2");
  alder.note("paused", {});
  story.release(alder, "r4");
  const { problems, problem } = crossCheck(...story.exported(alder));
  t.match(problems, [
    { code: "paused", run: "r4" },
    { code: "release-twice", run: "r2" },
  ]);
  t.match(problem, /Alder, entry \d+, run r4/);
});
