/** H2: what leaves with a release or a report is uses and states of what the hub itself asked for, and no text of another origin. */
import t from "tap";
import {
  releaseDigest,
  type RunState__Output,
  type SignedRelease__Output,
  type Use__Output,
} from "@cairn/wire";
import { CellCounts } from "../src/work/cells.js";
import { passState, passUses } from "../src/work/second-gate.js";

const release = { run: "r1", correction: 0, release: Buffer.from([1]) } as SignedRelease__Output;
const use: Use__Output = {
  run: "r1",
  correction: 0,
  releaseDigest: releaseDigest(release.release),
  group: "north",
  charterDigest: Buffer.alloc(0),
  ended: false,
  logIndex: 1,
  logSize: 2,
  logRoot: Buffer.alloc(32),
  signature: Buffer.alloc(64),
};

function asked(folder: string): CellCounts {
  const cells = new CellCounts(folder);
  cells.note([{ run: "r1", group: "north", cells: 3 }]);
  return cells;
}

t.test("a use passes for a group that an assignment of the hub named for this run, and well-formed", (t) => {
  const cells = asked(t.testdir());
  t.same(passUses([use], release, cells), [use]);
  const others: Partial<Use__Output>[] = [
    { group: "Mrs Example, born 1948" },
    { run: "r2" },
    { correction: 1 },
    { releaseDigest: Buffer.alloc(32) },
    { charterDigest: Buffer.from("some text that is no digest") },
    { logRoot: Buffer.from("text") },
    { signature: Buffer.from("text") },
  ];
  for (const other of others)
    t.same(passUses([{ ...use, ...other }], release, cells), [], Object.keys(other).join());
  t.end();
});

t.test("a state tells of groups that the hub named, and refusals by their codes alone", (t) => {
  const refusal = { code: "facts-unavailable", words: "Mrs Example has no record" };
  const request = {
    group: "north",
    state: "AGENT_RUN_STATE_READY",
    refusal,
    use,
    groupWaits: false,
  } as const;
  const state: RunState__Output = {
    run: "r1",
    state: "AGENT_RUN_STATE_REFUSED",
    attempt: 0,
    refusal,
    change: 1,
    query: "q",
    referenceDate: "2025-03-31",
    withdrawal: null,
    groups: [request, { ...request, group: "Mrs Example" }, { ...request, use: { ...use, group: "south" } }],
  };
  const passed = passState(state, asked(t.testdir()));
  t.notMatch(JSON.stringify(passed), /Mrs Example/);
  t.same(passed.refusal, { code: "facts-unavailable", words: "" });
  t.same(
    passed.groups.map(({ group, use: own }) => [group, own !== null]),
    [
      ["north", true],
      ["north", false],
    ],
  );
  t.end();
});

t.test(
  "which groups asked is kept over restarts once the hub has said all, and forgotten of what was turned down",
  (t) => {
    const folder = t.testdir();
    const first = asked(folder);
    t.notOk(first.knowsGroups);
    t.notOk(new CellCounts(folder).knowsGroups, "what came before the hub has said all is asked again");
    first.learned();
    first.note([{ run: "r2", group: "invented", cells: 3 }]);
    first.note([{ run: "r1", group: "invented", cells: 3 }]);
    first.forget(["r2"], [{ run: "r1", group: "invented" }]);
    const again = new CellCounts(folder);
    t.ok(again.knowsGroups && again.names("r1", "north"));
    t.equal(again.of("r1"), 3);
    t.notOk(again.names("r1", "invented") || again.names("r2", "invented") || again.of("r2"));
    t.end();
  },
);
