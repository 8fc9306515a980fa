/** Dots of two groups beside each other: what was shown first stays, and the later says why it shows none. */
import t from "tap";
import {
  addSchedule,
  addToGroup,
  closeNow,
  comparisonsJson,
  comparisonText,
  doWhatIsDue,
  removeFromGroup,
} from "@cairn/hub";
import { actor } from "@cairn/ledger";
import { keepNote } from "../src/notes/keep.js";
import { reviseDocuments } from "../src/store/revise-documents.js";
import { cluster, made, SCHEDULE } from "./cluster.js";
import { comparisonWords } from "./comparison-words.js";
import { GROUP, story, type Story } from "./story.js";
import type { ComparisonDocument } from "@cairn/comparisons";
import type { Test } from "tap";

const EIGHT = ["A", "B", "C", "D", "E", "F", "G", "H"];
const OTHER = "Strath network";
const QUERY = "bp-control";

/**
 * Two groups, of which the second has these of the eight; both were asked, and all have answered.
 * @param leaves the first, after it was asked and before it answers
 */
async function twoGroups(t: Test, second: readonly string[], leaves?: string): Promise<Story> {
  const it = await story();
  t.teardown(() => it.end());
  const members = await cluster(it, EIGHT);
  for (const name of second) await addToGroup(it.serving.hub, name, OTHER);
  await addSchedule(it.serving.hub, { ...SCHEDULE, group: OTHER });
  await doWhatIsDue(it.serving.hub);
  if (leaves !== undefined) await removeFromGroup(it.serving.hub, leaves, GROUP);
  for (const [i, name] of EIGHT.entries()) {
    const { agent } = members.get(name)!;
    const runs = (await agent.poll()).assignments;
    const groups = [...new Set(runs.map(({ group }) => group))];
    await agent.send(made(agent, runs[0]!, 500 + 40 * i, 0.4 + 0.05 * i), groups);
  }
  return it;
}

async function newest(it: Story, group: string): Promise<ComparisonDocument> {
  const { bytes } = await it.serving.hub.store.db
    .selectFrom("comparison_document")
    .select("bytes")
    .where("group_name", "=", group)
    .where("bytes", "is not", null)
    .executeTakeFirstOrThrow();
  return JSON.parse((bytes as Buffer).toString("utf8")) as ComparisonDocument;
}

t.test("of two groups that differ by one practice the later shows no dot, and says why", async (t) => {
  const it = await twoGroups(t, EIGHT.slice(1));
  await closeNow(it.serving.hub, GROUP);
  await closeNow(it.serving.hub, OTHER);
  t.ok((await newest(it, GROUP)).cells.some(({ dots }) => typeof dots !== "string"));
  const later = await newest(it, OTHER);
  t.ok(later.cells.length > 0);
  for (const { dots, practices, figure } of later.cells) {
    t.same([dots, practices, figure.median], ["too-close", null, undefined]);
    t.equal(figure.contributors === undefined, figure.state !== "made");
  }
  t.match(later.practices.answers, { contributing: 7, made: "too-close" });
  t.same(later.numbers, { sent: 0, withheld: 0 });

  const why = /with another group.{1,5}s picture it would tell of one or a few practices/;
  const words = await comparisonWords(it.serving.hub, OTHER, QUERY);
  t.match(words, why);
  t.match(words, /How these numbers are made is not shown/);
  t.notMatch(words, /middle of the group:/);
  t.match((await comparisonText(it.serving.hub, OTHER, "names")).replace(/\s+/g, " "), why);
  for (const shown of ["figures", "dots"] as const)
    t.notMatch(await comparisonText(it.serving.hub, OTHER, shown), /middle of the group/, "nor by command");
  t.ok((await comparisonsJson(it.serving.hub, OTHER)).every(({ dots }) => dots === "too-close"));
  t.ok((await comparisonsJson(it.serving.hub, GROUP)).every((one) => !("dots" in one)));
});

t.test("what was decided stays, however often documents are made anew", async (t) => {
  const it = await twoGroups(t, EIGHT.slice(1));
  await closeNow(it.serving.hub, GROUP);
  await closeNow(it.serving.hub, OTHER);
  const draft = { kind: "note", date: "2025-06-01", text: "We will try recalls" } as const;
  const none = { share: null, measured_by: null, until: null };
  await keepNote(it.serving.hub, { group: OTHER, query: QUERY }, { ...draft, ...none }, actor("Ann"));
  await it.serving.hub.store.change(({ tx }) => reviseDocuments(tx, "all"));
  await doWhatIsDue(it.serving.hub);
  t.ok(
    (await newest(it, GROUP)).cells.some(({ dots }) => typeof dots !== "string"),
    "the first has its dots",
  );
  const later = await newest(it, OTHER);
  t.equal(later.revision, 2, "made anew");
  t.ok(later.cells.every(({ dots }) => dots === "too-close"));
});

t.test("two groups of the same practices are both shown", async (t) => {
  const it = await twoGroups(t, EIGHT);
  await closeNow(it.serving.hub, GROUP);
  await closeNow(it.serving.hub, OTHER);
  for (const group of [GROUP, OTHER])
    t.ok(
      (await newest(it, group)).cells.some(({ dots }) => typeof dots !== "string"),
      group,
    );
});

t.test(
  "of two groups asked of the same practices the later shows no dot where one left the first",
  async (t) => {
    const it = await twoGroups(t, EIGHT, "H");
    await closeNow(it.serving.hub, GROUP);
    await closeNow(it.serving.hub, OTHER);
    const [first, later] = [await newest(it, GROUP), await newest(it, OTHER)];
    t.match([first.practices.asked, later.practices.asked], [8, 8]);
    t.match([first.practices.answers, later.practices.answers], [{ contributing: 7 }, { contributing: 8 }]);
    t.ok(first.cells.some(({ dots }) => typeof dots !== "string"));
    t.ok(later.cells.length > 0 && later.cells.every(({ dots }) => dots === "too-close"));
  },
);
