/** H6: what was not allowed at its moment is named, whatever the log calls it. */
import t, { type Test } from "tap";
import type { Account } from "@cairn/ledger";
import {
  about,
  crossCheck,
  DAY,
  DIGEST,
  digestOf,
  facts,
  GROUP,
  type Practice,
  Story,
} from "./fixtures/two-logs.js";

function named(t: Test, account: Account, problem: RegExp, label: string): void {
  t.match(account, { verified: false, problem }, label);
}

/** @param version of all entries: those of version 0 may lack what is written today. */
function told(
  tell: (story: Story, alder: Practice) => void,
  { accepted = true, version = 1 }: { accepted?: boolean; version?: 0 | 1 } = {},
): Account {
  const story = new Story(version);
  const alder = story.practice("Alder", { uses: true, accepted });
  tell(story, alder);
  return crossCheck(...story.exported(alder));
}

function whole(story: Story, alder: Practice, run: string, more = {}): void {
  story.release(alder, run, more);
  story.use(alder, run);
}

t.test("a newer library does not prolong the one that a release was answered from", async (t) => {
  const account = told((story, alder) => {
    story.clock.now += 300 * DAY;
    const expires = new Date(story.clock.now + 180 * DAY).toISOString();
    alder.note("library-verified", { version: "2", digest: "ef".repeat(32), expires });
    whole(story, alder, "r1");
  });
  named(t, account, /run r1: .*more than 30 days after its library had expired/, "120 days after");
});

t.test("a release is for a date that ends a calendar month and is over", async (t) => {
  for (const date of ["2026-01-01", "2025-12-30", "2026-01-31", "2026-02-30", "", "soon"])
    named(
      t,
      told((story, alder) => whole(story, alder, "r1", { date })),
      /run r1: .*date/,
      date,
    );
  t.match(
    told((story, alder) => whole(story, alder, "r1", { date: "2025-12-31" })),
    { verified: true },
  );
});

t.test("no group is given a release that was withdrawn", async (t) => {
  const account = told((story, alder) => {
    whole(story, alder, "r1");
    alder.note("withdrawn", { ...facts("r1"), why: "78" });
    story.use(alder, "r1");
  });
  named(t, account, /run r1: .*the use of a release that it had withdrawn/, "after its withdrawal");
});

t.test("no group is given a use during a pause", async (t) => {
  const account = told((story, alder) => {
    story.release(alder, "r1");
    alder.note("paused", { by: "Dr Fell" });
    story.use(alder, "r1");
  });
  named(t, account, /run r1: it gives Glen a use while the practice had paused/, "paused");
});

t.test("an acceptance says who accepted", async (t) => {
  const by = (said: object): Account =>
    told(
      (story, alder) => {
        alder.note("query-accepted", about({ digest: DIGEST.query, group: GROUP, ...said }));
        whole(story, alder, "r1");
      },
      { accepted: false, version: 0 },
    );
  t.match(by({ by: "Dr Fell" }), { verified: true }, "somebody");
  named(t, by({}), /does not name who accepted/, "by nobody");
  named(t, by({ by: "" }), /a query-accepted whose by is no actor/, "by no name");
});

t.test("a person who calls himself so lifts the decline of one group alone", async (t) => {
  const account = told((story, alder) => {
    alder.note("query-declined", { query: "bp-control", by: "Dr Fell" });
    alder.note("query-accepted", { query: "bp-control", group: "Other", by: "a person" });
    whole(story, alder, "r1");
  });
  named(t, account, /declined/, "Glen's stands");
});

t.test("a receipt names a whole place in the hub's log, or none", async (t) => {
  const at = (hubLogIndex?: number): Account =>
    told(
      (story, alder) => {
        story.make(alder, "r1");
        story.take(alder, "r1");
        const got = { run: "r1", correction: 0, digest: digestOf("r1") };
        alder.note("receipt", hubLogIndex === undefined ? got : { ...got, hubLogIndex });
        story.use(alder, "r1");
      },
      { version: 0 },
    );
  t.match(at(), { verified: true, problem: null }, "none");
  named(t, at(99), /run r1: it holds a receipt for a release/, "a place that the hub's log does not have");
  named(t, at(0.5), /a receipt whose hub_log_index is no whole number/, "half a place");
});

t.test("the hub takes releases only from practices that it enrolled", async (t) => {
  const account = told((story, alder) => {
    whole(story, alder, "r1");
    story.take(alder, "r1", { run: "r7", practice: "p-nobody" });
  });
  named(t, account, /the hub, entry \d+, run r7: .*never enrolled/, "a stranger's");
});

const CHARTER = { group: GROUP, charter: "1a".repeat(32), rule: "accept-after: 14 days", by: "Dr Fell" };
const NEXT = { ...CHARTER, charter: "2b".repeat(32) };

t.test("a use is under the charter that was accepted by then", async (t) => {
  const under = (charter: string, before: (alder: Practice) => void): Account =>
    told((story, alder) => {
      before(alder);
      story.release(alder, "r1");
      story.use(alder, "r1", { charter });
    });
  const accepts = (alder: Practice) => void alder.note("charter-accepted", CHARTER);
  const both = (alder: Practice): void => {
    accepts(alder);
    alder.note("charter-accepted", NEXT);
  };
  const leaves = (alder: Practice): void => {
    accepts(alder);
    alder.note("group-left", { group: GROUP, by: "Dr Fell" });
    alder.note("group-joined", { group: GROUP, by: "Dr Fell" });
  };
  t.match(under(CHARTER.charter, accepts), { verified: true, problem: null });
  t.match(under(NEXT.charter, both), { verified: true, problem: null });
  named(
    t,
    under(CHARTER.charter, () => {}),
    /run r1: .*under the charter 1a1a.* was none/,
    "never accepted",
  );
  named(t, under(CHARTER.charter, both), /under the charter 1a1a.* was 2b2b/, "of before");
  named(t, under("", accepts), /under the charter none.* was 1a1a/, "none where one was accepted");
  named(t, under(CHARTER.charter, leaves), /was none/, "forgotten with the group");
});

t.test("a charter's rule is in force, and the stricter of it and the practice's own", async (t) => {
  const accepted = (rule: string, days: number, ...own: string[]): Account =>
    told(
      (story, alder) => {
        alder.note("charter-accepted", CHARTER);
        for (const each of own) alder.note("rule-set", { group: "any", rule: each, by: "Dr Fell" });
        story.clock.now += days * DAY;
        alder.note("query-accepted", about({ digest: DIGEST.query, group: GROUP, by: `rule ${rule}` }));
      },
      { accepted: false },
    );
  const after14 = "accept-after: 14 days";
  t.match(accepted(after14, 15), { verified: true, problem: null }, "the practice has set none");
  named(t, accepted(after14, 3), /before the 14 days of its rule were over/, "too early");
  t.match(accepted(after14, 15, "accept-signed"), { verified: true }, "a weaker one of its own");
  named(
    t,
    accepted("accept-signed", 15, "accept-signed"),
    /the rule in force was accept-after: 14/,
    "weaker",
  );
  named(t, accepted(after14, 15, "accept-after: 30 days"), /was accept-after: 30 days/, "stricter");
  named(t, accepted(after14, 15, "ask"), /the rule in force was ask/, "ask is the strictest");
});

t.test("a body's word counts by the practice's own rule, under the library that was in force", async (t) => {
  const accepted = (by: string, own: string | null, charters: string | null = null): Account =>
    told(
      (story, alder) => {
        if (charters) alder.note("charter-accepted", { ...CHARTER, rule: charters });
        if (own) alder.note("rule-set", { group: GROUP, rule: own, by: "Dr Fell" });
        alder.note("query-accepted", about({ digest: DIGEST.query, group: GROUP, by }));
      },
      { accepted: false },
    );
  const [set, by] = ["delegate: ceg, keys 1A2B-3C4D-5E6F-7A8B-9C0D", "rule delegate: ceg, library 1"];
  t.match(accepted(by, set), { verified: true, problem: null });
  t.match(accepted(by, set, "delegate: ceg"), { verified: true }, "as the charter has it too");
  t.match(accepted(by, set, "accept-signed"), { verified: true }, "stricter than the charter");
  named(t, accepted(by, null, "delegate: ceg"), /the rule in force was ask/, "nobody pinned its keys");
  named(t, accepted(by, set, "delegate: lmc"), /the rule in force was ask/, "two bodies");
  named(
    t,
    accepted("rule delegate: lmc, library 1", set),
    /the rule in force was delegate: ceg/,
    "another body",
  );
  named(t, accepted("rule delegate: ceg, library 2", set), /and library 1 was in force/, "another library");
  named(t, accepted(by, "ask"), /the rule in force was ask/, "its keys changed");
});
