/** Two logs of 100,000 entries and more held against each other, as `cairn audit verify` does; its answers are compared first. */
import { ReplayedLog } from "@cairn/audit-log";
import type { Account, ExportedLog } from "@cairn/ledger";
import { crossCheck, Story, type Practice } from "../../packages/ledger/test/fixtures/two-logs.js";
import { atMost, reference, type Figure } from "./figures.js";
import { medianCpu } from "./measure.js";

const RUNS = 20_000; // five entries each in the practice's log, two in the hub's
const TARGET_MS = 10_000;

export function auditOfLogs(): Figure[] {
  mustAgreeOnRoots();
  const small = exportsOf(200);
  const [hub, practice] = exportsOf(RUNS);
  const entries = hub.lines.length + practice.lines.length;
  let account: Account | undefined;
  const quick = medianCpu(() => mustHold(crossCheck(small[0], [small[1]]), 200), 3, 1);
  const taken = medianCpu(() => (account = crossCheck(hub, [practice])), 3, 0);
  mustHold(account!, RUNS);
  mustBeNamed(hub, practice);
  return [
    atMost(
      `audit verify of a practice's log (${practice.lines.length} lines) and the hub's (${hub.lines.length})`,
      taken,
      "ms CPU",
      TARGET_MS,
    ),
    reference(
      `of ${small[0].lines.length + small[1].lines.length} lines in place of ${entries}`,
      quick,
      "ms CPU",
    ),
  ];
}

/** One pass gives each root that the log itself had. */
function mustAgreeOnRoots(): void {
  const { hub } = new Story();
  for (let i = 0; i < 300; i++) hub.note("release-received", { run: `r${i}` });
  const replayed = new ReplayedLog([...hub.log.entries()]);
  for (let size = 0; size <= replayed.size; size++)
    if (!replayed.rootAt(size).equals(hub.log.root(size)))
      throw new Error(`the root at ${size} of one pass is not the log's own`);
}

function exportsOf(runs: number): [ExportedLog, ExportedLog] {
  const story = new Story();
  const practice = story.practice("Alder", { uses: true });
  for (const { db } of [story.hub, practice]) db.exec("BEGIN");
  for (let i = 0; i < runs; i++) run(story, practice, i);
  for (const { db } of [story.hub, practice]) db.exec("COMMIT");
  return [story.hub.exported("the hub"), practice.exported()];
}

function run(story: Story, practice: Practice, i: number): void {
  story.release(practice, `r${i}`);
  story.use(practice, `r${i}`);
  if (i % 100 === 99) story.countersign(practice);
}

function mustHold({ problem, releases }: Account, runs: number): void {
  if (problem !== null || releases !== runs)
    throw new Error(`${runs} releases were to be verified, and ${releases} were: ${problem}`);
}

/** A release that is taken out of the middle is named, however long the logs. */
function mustBeNamed(hub: ExportedLog, practice: ExportedLog): void {
  const at = practice.lines.findIndex(
    (line) => line.includes('"kind":"receipt"') && line.includes('"r9999"'),
  );
  const lines = practice.lines.map((line, i) => (i === at ? line.replace('"r9999"', '"r9998"') : line));
  const { problem } = crossCheck(hub, [{ ...practice, lines }]);
  if (at < 0 || !problem?.includes("an entry was altered"))
    throw new Error(`an altered entry was not named: ${problem}`);
}
