/** An officer verifies one practice alone: what concerns other practices is closed, and the tree still checks. */
import t, { type Test } from "tap";
import { sealedLine, type Entry } from "@cairn/audit-log";
import {
  concerning,
  decodeHub,
  hubLog,
  markdownOf,
  readGiven,
  reportPaper,
  type Account,
  type ExportedLog,
} from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import { concernsAll } from "../src/concerns.js";
import { crossCheck, GROUP, Story } from "./fixtures/two-logs.js";

const story = new Story();
for (const practice of ["Alder", "Birch"]) story.hub.note("practice-invited", { practice, groups: GROUP });
const alder = story.practice("Alder", { uses: true });
const birch = story.practice("Birch", { uses: true });
for (const [practice, run] of [
  [alder, "r1"],
  [birch, "r2"],
  [alder, "r3"],
] as const) {
  story.release(practice, run);
  story.use(practice, run);
}
for (const generation of [1, 2, 3]) story.hub.note("agent-renewed", { agent: `a-${alder.raw}`, generation });
story.hub.note("group-joined", { practice: alder.id, name: "Alder", group: "Board" });
alder.note("group-offered", { group: "Board" });
story.hub.note("agent-renewed", { agent: `a-${birch.raw}`, generation: 1 });
story.hub.note("release-conflict", { run: "r2", digest: "ab" });
story.hub.note("agent-revoked", { agent: `a-${birch.raw}`, why: "lost" });
story.hub.note("practice-invited", { practice: "Birch", groups: GROUP });
story.hub.note("comparison-viewed", {
  ...{ group: GROUP, query: "bp-control", purpose: "improvement", shown: "figures" },
});
const NAMES = { group: GROUP, query: "bp-control", purpose: "improvement", shown: "names", by: "root" };
story.hub.note("comparison-viewed", { ...NAMES, named: 2 });
for (const { id } of [birch, alder]) story.hub.note("practice-named", { practice: id, group: GROUP });
story.countersign(alder);
const lines = story.hub.exported("the hub").lines;

const entryOf = (line: string): Entry | null =>
  line.startsWith('{"position":') ? (JSON.parse(line) as Entry) : null;
const isAlders = concerning(lines.flatMap((line) => entryOf(line) ?? []).map(decodeHub), new Set([alder.id]));

/** The hub's export for Alder, and each entry open or sealed as `choose` says instead. */
function sealedFor(choose: (entry: Entry, isAlders: boolean) => boolean = (_, its) => its): ExportedLog {
  const sealed = lines.map((line) => {
    const entry = entryOf(line);
    return entry && !choose(entry, isAlders(decodeHub(entry))) ? sealedLine(entry) : line;
  });
  return { name: "the hub", lines: sealed };
}

function report(hub: ExportedLog): string {
  return markdownOf(reportPaper(readGiven([hub], signatureChecks), { from: null, to: null }));
}

function named(t: Test, account: Account, problem: RegExp): void {
  t.match(account, { verified: false, problem });
}

t.test(
  "one practice is verified with the export that is sealed for it, and what was not checked is said",
  async (t) => {
    const account = crossCheck(sealedFor(), [alder.exported()]);
    t.match(account, {
      verified: true,
      problem: null,
      releases: 2,
      practices: [{ practice: "Alder" }],
    });
    t.ok(account.sealed >= 6);
    t.match(
      account.notes.join(" "),
      /sealed for Alder.*could not be checked: releases, withdrawals and uses of other/,
    );
    const text = sealedFor().lines.join("\n");
    t.notMatch(text, /birch|"r2"/i, "nothing of Birch is left");
    t.notOk(text.includes(birch.raw));
    t.match(text, /"kind":"comparison-viewed","body"/, "who looked stays open");
    t.match(text, /"kind":"practice-named","body":[^\n]*p-alder/, "and that this one was named in it");
    t.match(report(sealedFor()), /by name: Alder, 1 practice whose name is sealed in this export\)/);
    t.match(report({ name: "the hub", lines }), /by name: Alder, Birch\)/);
    t.equal(crossCheck({ name: "the hub", lines }, [alder.exported()]).sealed, 0, "an open export has none");
  },
);

t.test("a sealed line that was forged leads to no signed head", async (t) => {
  const { lines: sealed } = sealedFor();
  const at = sealed.findIndex((line) => line.includes('"commitment"'));
  const forge = (from: string | RegExp, to: string): ExportedLog => ({
    name: "the hub",
    lines: sealed.map((line, i) => (i === at ? line.replace(from, to) : line)),
  });
  named(
    t,
    crossCheck(forge(/"commitment":"../, '"commitment":"00'), [alder.exported()]),
    /an entry was altered/,
  );
  named(
    t,
    crossCheck(forge(/"kind":"[^"]*"/, '"kind":"signed-in"'), [alder.exported()]),
    /an entry was altered/,
  );
  named(t, crossCheck(forge(/"}$/, '","body":{}}'), [alder.exported()]), /a field that no entry has: "body"/);
  named(t, crossCheck(forge(/"}$/, '0"}'), [alder.exported()]), /its commitment is not 32 bytes/);
});

t.test("what is sealed and should be open is named", async (t) => {
  const own = sealedFor(
    (entry, its) => its && !(entry.kind === "use-received" && entry.body["run"] === "r3"),
  );
  named(
    t,
    crossCheck(own, [alder.exported()]),
    /the hub, entry \d+, run r3: it seals an entry that is Alder's own/,
  );
  const account = crossCheck(own, [alder.exported()]);
  t.notOk(
    account.problems.some(({ code }) => code === "receipt-unknown"),
    "and not called unknown besides",
  );
  const all = sealedFor((entry, its) => its && entry.kind !== "comparison-viewed");
  named(
    t,
    crossCheck(all, [alder.exported()]),
    /it seals a comparison-viewed, which concerns every practice/,
  );
  named(
    t,
    crossCheck(
      sealedFor((_, its) => its),
      [birch.exported()],
    ),
    /knows no agent with the key that signs/,
  );
});

t.test(
  "what the practice's own log shows that the hub's must tell of it is not sealed unnoticed",
  async (t) => {
    const own: Readonly<Record<string, [(entry: Entry) => boolean, RegExp]>> = {
      invitation: [
        ({ kind }) => kind === "practice-invited",
        /seals the invitation of Alder, of which Alder's log/,
      ],
      admission: [({ kind }) => kind === "agent-admitted", /seals the admission of Alder's agent/],
      group: [({ kind }) => kind === "group-joined", /seals when Alder came into Board/],
      renewal: [
        ({ kind, body }) => kind === "agent-renewed" && body["generation"] === 2,
        /seals a renewal of Alder's agent/,
      ],
    };
    for (const [what, [isSealed, problem]] of Object.entries(own)) {
      const { problems } = crossCheck(
        sealedFor((entry, its) => its && !isSealed(entry)),
        [alder.exported()],
      );
      t.ok(
        problems.some(({ code, words }) => code === "sealed-own" && problem.test(words)),
        what,
      );
    }
  },
);

t.test("what is open and concerns another practice is named", async (t) => {
  for (const kind of [
    "release-received",
    "agent-enrolled",
    "agent-revoked",
    "release-conflict",
    "practice-invited",
  ]) {
    const opened = sealedFor((entry, its) => its || entry.kind === kind);
    named(
      t,
      crossCheck(opened, [alder.exported()]),
      new RegExp(`it shows a ${kind} that concerns another practice`),
    );
  }
  const birchs = sealedFor((entry, its) => its || entry.kind === "agent-enrolled");
  t.match(
    crossCheck(birchs, [alder.exported(), birch.exported()]).problem,
    /it seals an entry that is Birch's own/,
  );
});

t.test("a practice's own log has no sealed line", async (t) => {
  const [head = "", ...own] = alder.exported().lines;
  const log = {
    name: "Alder",
    lines: [head, ...own.map((line) => (entryOf(line) ? sealedLine(entryOf(line)!) : line))],
  };
  named(t, crossCheck({ name: "the hub", lines }, [log]), /this is not a log as its owner exports it/);
});

t.test("every kind of the hub's log has its answer to whom it concerns", async (t) => {
  const about = Object.values(hubLog).map(({ kind, fields }) => ({ kind, names: Object.keys(fields) }));
  const ofOne = about.filter(({ kind }) => !concernsAll(kind)).map(({ kind }) => kind);
  const naming = about.filter(({ names }) =>
    names.some((name) => ["practice", "agent", "run"].includes(name)),
  );
  t.same(
    ofOne.toSorted(),
    naming.map(({ kind }) => kind).toSorted(),
    "those that name a practice, an agent or a run",
  );
  t.notOk(concernsAll("toString"));
});
