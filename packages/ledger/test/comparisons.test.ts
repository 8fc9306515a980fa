/** H6: every member of a group was given the comparison that the hub's log names, and no other. */
import t from "tap";
import type { Account } from "@cairn/ledger";
import { crossCheck, DAY, GROUP, type Practice, Story } from "./fixtures/two-logs.js";

const about = { group: GROUP, query: "bp-control", version: "1.0.0", date: "2025-12-31" };
const DIGEST = "ef".repeat(32);

interface Told {
  readonly story: Story;
  readonly alder: Practice;
  readonly closed: number;
  make(more?: object): number;
  take(position: number, more?: object): void;
}

function told(tell: (told: Told) => void): Account {
  const story = new Story();
  const alder = story.practice("Alder", { uses: true });
  story.release(alder, "r1");
  story.use(alder, "r1");
  const closed = story.hub.note("collection-closed", {
    ...{ collection: 1, released: 1, members: 6, figures: 0 },
  }).index;
  tell({
    story,
    alder,
    closed,
    make: (more = {}) => {
      const what = { collection: 1, ...about, revision: 1, digest: DIGEST, replaces: null, closed };
      return story.hub.note("comparison-made", { ...what, ...more }).size - 1;
    },
    take: (position, more = {}) => {
      const where = { origin: story.hub.log.origin, position, own: true };
      alder.note("comparison-taken", { ...about, revision: 1, digest: DIGEST, ...where, ...more });
    },
  });
  story.countersign(alder);
  return crossCheck(...story.exported(alder));
}

t.test("a comparison that the hub named and the practice took holds", async (t) => {
  t.equal(told(({ make, take }) => take(make())).problem, null);
  t.equal(told(({ make }) => void make({ closed: null })).problem, null, "an older hub's, not taken yet");
});

t.test("one that differs from what the hub's log names is named", async (t) => {
  const problem = /Alder, entry \d+: the comparison of bp-control for \S+ that it was given is not/;
  for (const more of [
    { digest: "00".repeat(32) },
    { revision: 2 },
    { date: "2025-09-30" },
    { group: "Other" },
  ])
    t.match(
      told(({ make, take }) => take(make(), more)),
      { verified: false, problem },
    );
  t.match(
    told(({ make, take }) => take(make() - 1)),
    { problem },
    "an entry of another kind",
  );
  t.match(
    told(({ take }) => take(99)),
    { problem },
    "no entry",
  );
  t.match(
    told(({ make, take }) => take(make(), { origin: "another" })),
    { problem },
  );
});

t.test("what came after the hub's export was made is no problem", async (t) => {
  const story = new Story();
  const alder = story.practice("Alder", { uses: true });
  const hub = story.hub.exported("the hub");
  story.clock.now += DAY;
  alder.note("comparison-taken", {
    ...{ ...about, revision: 1, digest: DIGEST, origin: story.hub.log.origin, position: 99, own: false },
  });
  t.equal(crossCheck(hub, [alder.exported()]).problem, null);
});

t.test("two documents of one revision that differ are named, and a closing that is another's", async (t) => {
  const twice = told(({ make }) => {
    make();
    make({ digest: "00".repeat(32) });
  });
  t.match(twice, { verified: false, problem: /the hub, entry \d+: it made two documents of one revision/ });
  const again = told(({ make }) => {
    make();
    make();
  });
  t.equal(again.problem, null, "the same again is one");
  const wrong = told(({ make, closed }) => void make({ closed: closed - 1 }));
  t.match(wrong, { verified: false, problem: /the closing that it names is not its collection's/ });
});

t.test("what a hub lost in a restore is a note, and only in a log that a newer one follows", async (t) => {
  const lost = told(({ story, make, take }) => {
    make();
    take(make({ revision: 2 }), { revision: 2 });
    const { size } = story.hub.log;
    story.hub.cut(size - 1);
    const kind = "log-continues";
    story.hub.log.continueAs("cairn-hub/test/2", (last) => ({
      kind,
      body: { v: 1, old_origin: last.origin, size: last.size, root: last.root.toString("hex") },
    }));
  });
  t.equal(lost.problem, null);
  t.match(lost.notes.join(" "), /Alder was given 1 comparison that the hub had named where it lost/);
});
