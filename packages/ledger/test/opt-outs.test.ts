/**
 * H13: a release that counts people with a type 1 opt-out in their record is named where practice, charter or query did not let them be counted,
 * and where what left before for its date leaves them out.
 */
import t from "tap";
import type { Charter } from "@cairn/charters";
import { begun, charterWith, GLEN, libraryWith, releases, type Told } from "./fixtures/exports.js";
import { crossCheck, facts } from "./fixtures/two-logs.js";

const COUNTED = charterWith("opt_outs: counted\nwitness: not-required\n");
const BY_CHOICE = { opt_outs: "counted" };

interface Setting {
  readonly charter?: Charter;
  /** The day after which the practice chose that they are counted; null where it never did. */
  readonly after?: string | null;
  readonly more?: string; // lines of the query's file
}

function account(
  tell: (told: Told) => void,
  { charter = COUNTED, after = "1990-01-01", more = "" }: Setting = {},
) {
  const told = begun({ charter, content: libraryWith("Blood pressure", 18, more) });
  told.alder.note("group-left", { group: "Glen", by: "Dr Fell" }); // every story's, without a charter
  if (after !== null) told.alder.note("opt-outs-chosen", { choice: "counted", after, by: "Dr Fell" });
  tell(told);
  return crossCheck(told.hub(), [told.practice()]);
}

const counts = (told: Told): void => releases(told, "r1", BY_CHOICE);
const date = String(facts("r1")["date"]);

t.test("where all chose it, it is as it should be; and so is what leaves them out", async (t) => {
  t.match(account(counts), { verified: true, problem: null, notes: [] });
  t.match(
    account((told) => releases(told, "r1")),
    { verified: true, problem: null },
  );
});

t.test("each word that is missing is named", async (t) => {
  const left = charterWith("witness: not-required\n");
  const said: [string, RegExp, Setting][] = [
    [
      "the charter",
      /bp-control counts people with a type 1 opt-out in their record, and the practice was in glen under the charter [0-9a-f]{16}, which leaves them out/,
      { charter: left },
    ],
    ["the practice", /which nobody at the practice had chosen for/, { after: null }],
    ["the practice, for this date", /which nobody at the practice had chosen for/, { after: date }],
    ["the query", /the query says that they are left out/, { more: "opt_outs: left-out\n" }],
  ];
  for (const [what, words, setting] of said) {
    const { problems } = account(counts, setting);
    t.match(problems, [{ code: "opt-outs-not-agreed", log: "alder.ndjson", run: "r1", words }], what);
    t.equal(problems.length, 1, what);
  }
});

t.test(
  "a group without a charter leaves them out of the dates to come, whether or not it has a use",
  async (t) => {
    const { problems } = account((told) => {
      releases(told, "r0", { ...BY_CHOICE, date });
      told.alder.note("group-joined", { group: "board", by: "Dr Fell" });
      releases(told, "r0b", { ...BY_CHOICE, date });
      releases(told, "r1", { ...BY_CHOICE, date: "2026-12-31" });
      told.alder.note("group-left", { group: "board", by: "Dr Fell" });
      releases(told, "r2", { ...BY_CHOICE, date: "2027-12-31" });
    });
    t.match(
      problems.filter(({ code }) => code === "opt-outs-not-agreed"),
      [{ run: "r1", words: /the practice was in board under no charter, and so leaves them out/ }],
    );
    t.equal(problems.filter(({ code }) => code === "opt-outs-not-agreed").length, 1);
  },
);

t.test("a use for a group that was joined later, and leaves them out, is named", async (t) => {
  const { problems } = account((told) => {
    counts(told);
    told.alder.note("group-joined", { group: "board", by: "Dr Fell" });
    told.story.use(told.alder, "r1", { group: "board", charter: "" });
  });
  t.ok(problems.some(({ words }) => /a use of bp-control, which counts .*, under no charter/.test(words)));
});

t.test("what is not said, after it was, is noted once", async (t) => {
  const unsaid = { opt_outs: undefined };
  const before = account((told) => {
    releases(told, "r0", unsaid);
    counts(told);
  });
  t.notMatch(before.notes.join(), /Not said/);
  const { notes } = account((told) => {
    counts(told);
    releases(told, "r2", unsaid);
    releases(told, "r3", unsaid);
  });
  t.match(
    notes.filter((note) => note.startsWith("Not said")),
    [/of 2 releases whether people with a type 1 opt-out in their record/],
  );
});

t.test(
  "a release that is signed as from before anybody was left out is named under a charter that does",
  async (t) => {
    const line = JSON.stringify({ release: { run: "r1", correction: 0, optOuts: "OPT_OUTS_COUNTED" } });
    const named = (charter: Charter): string[] => {
      const told = begun({ charter });
      releases(told, "r1", { opt_outs: undefined }); // the practice's log does not say it
      const hub = told.hub();
      const { problems } = crossCheck({ ...hub, lines: [...hub.lines, line] }, [told.practice()]);
      return problems.flatMap(({ code, log, run, words }) =>
        code === "opt-outs-not-agreed" ? [`${log} ${run}: ${words}`] : [],
      );
    };
    t.match(named(charterWith("witness: not-required\n")), [
      /^alder.ndjson r1: it gives glen a use of bp-control under the charter .*, which leaves them out, and the release is signed as one from before anybody was left out$/,
    ]);
    t.same(named(COUNTED), []);
  },
);

t.test("a choice that a restore forgot counts no more", async (t) => {
  const { problems } = account((told) => {
    told.alder.note("restored", { copied_at: null, lost_to: "1990-01-02" });
    counts(told);
  });
  t.ok(problems.some(({ words }) => /nobody at the practice had chosen/.test(words)));
});

t.test("two ways in one date are named", async (t) => {
  const { problems } = account((told) => {
    counts(told);
    releases(told, "r1b", { date });
  });
  t.match(problems, [
    { code: "opt-outs-not-agreed", run: "r1b", words: /what left before does the opposite/ },
  ]);
});

t.test("a charter that is beside neither log is held against nobody, and that is said", async (t) => {
  const told = begun({ charter: COUNTED });
  told.alder.note("group-left", { group: "Glen", by: "Dr Fell" });
  told.alder.note("opt-outs-chosen", { choice: "counted", after: "1990-01-01", by: "Dr Fell" });
  told.story.release(told.alder, "r1", BY_CHOICE);
  told.story.use(told.alder, "r1", { group: GLEN, charter: "00".repeat(32) });
  const { problems, notes } = crossCheck(told.hub(), [told.practice()]);
  t.notOk(problems.some(({ code }) => code === "opt-outs-not-agreed"));
  t.match(
    notes.join(),
    /Not checked: whether people with a type 1 opt-out in their record might be counted in 1 release or use of alder/,
  );
});
