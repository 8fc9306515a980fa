/**
 * H13: a release that counts people who opted out is named where practice, charter or query did not let them be counted,
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
      /glen a use of bp-control, which counts people who opted out, under the charter [0-9a-f]{16}, which leaves them out/,
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
  told.alder.note("opt-outs-chosen", { choice: "counted", after: "1990-01-01", by: "Dr Fell" });
  told.story.release(told.alder, "r1", BY_CHOICE);
  told.story.use(told.alder, "r1", { group: GLEN, charter: "00".repeat(32) });
  const { problems, notes } = crossCheck(told.hub(), [told.practice()]);
  t.notOk(problems.some(({ code }) => code === "opt-outs-not-agreed"));
  t.match(
    notes.join(),
    /Not checked: whether people who opted out might be counted in 1 release or use of alder/,
  );
});
