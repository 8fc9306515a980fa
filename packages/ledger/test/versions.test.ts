/** H6: a log that an earlier version began and this one went on with holds, and what neither can read is named. */
import t from "tap";
import { crossCheck, facts, GROUP, Story } from "./fixtures/two-logs.js";

/** A hub and a practice that released twice: before and after both were brought to this version. */
function continued() {
  const story = new Story(0);
  const alder = story.practice("Alder", { uses: true });
  const whole = (run: string): void => {
    story.release(alder, run);
    story.use(alder, run);
    story.countersign(alder);
  };
  whole("r1");
  story.version = 1;
  whole("r2");
  return { story, alder };
}

t.test("an old log that goes on in entries of this version is verified", async (t) => {
  const { story, alder } = continued();
  const spelt = [...alder.log.entries()].map(({ body }) => ("v" in body ? 1 : 0));
  t.same([spelt[0], spelt.at(-1)], [0, 1], "both versions are in it");
  const account = crossCheck(...story.exported(alder));
  t.same(account.problems, []);
  t.match(account, { verified: true, releases: 2, practices: [{ practice: "Alder", waiting: 0 }] });
});

t.test("what was said in one version binds in the other", async (t) => {
  const { story, alder } = continued();
  alder.note("withdrawn", { ...facts("r1"), why: "78" });
  alder.note("use", { ...facts("r1"), group: GROUP, charter: "" });
  t.match(crossCheck(...story.exported(alder)), {
    verified: false,
    problem: /run r1: it gives Glen the use of a release that it had withdrawn before/,
  });
});

t.test(
  "an entry that this version cannot read is named in either log, and the rest is checked",
  async (t) => {
    for (const whose of ["practice", "hub"] as const) {
      const { story, alder } = continued();
      const side = whose === "hub" ? story.hub : alder;
      const { index } = side.log.append("query-praised", { v: 1, query: "bp-control" });
      alder.note("paused", { by: "Dr Fell" });
      story.use(alder, "r2");
      const { problems } = crossCheck(...story.exported(alder));
      t.match(problems, [
        { code: "entry-unread", entry: index, words: /no kind "query-praised"/ },
        { code: "paused", run: "r2" },
      ]);
    }
    const { story, alder } = continued();
    alder.log.append("released", { v: 1, run: "r9" });
    t.match(crossCheck(...story.exported(alder)), {
      verified: false,
      problem: /a released without correction/,
    });
  },
);

t.test(
  "an entry of the older form behind one of the newer is named, for it may lack what is checked",
  async (t) => {
    const story = new Story(1);
    const alder = story.practice("Alder", { uses: true });
    story.release(alder, "r1");
    story.use(alder, "r1");
    story.countersign(alder);
    story.hub.log.append("release-withdrawn", { run: "r1" }); // without the practice that would have to tell of it
    story.countersign(alder);
    t.match(crossCheck(...story.exported(alder)), {
      verified: false,
      problem: /it is written in an older form than entry \d+ before it/,
    });
  },
);
