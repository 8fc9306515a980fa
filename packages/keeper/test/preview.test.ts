/** What would leave is what leaves, and why the rest does not is said at the practice alone. */
import t from "tap";
import { decide, memoryHistory, policyNamed, REASONS } from "@cairn/disclosure";
import { answer, memorySource } from "@cairn/engine";
import type { ExactTable } from "@cairn/tables";
import { decodeRelease } from "@cairn/wire";
import type { Outcome } from "../src/answering/answer.js";
import { withoutOptOuts } from "../../records/src/opt-outs.js";
import { runPage } from "./fixtures/pages.js";
import { setHold } from "../src/decisions/standing-decisions.js";
import { askedAs } from "../src/work/make.js";
import { previewReleases } from "../src/work/preview.js";
import { reasonsOf } from "../src/releases/reasons.js";
import { loadSolver } from "../src/releases/solver.js";
import { KeeperStore } from "../src/store/store.js";
import {
  assignment,
  bundle,
  DATES,
  PATIENTS,
  practice,
  theQuery,
  until,
  runOn,
} from "./fixtures/practice.js";

const policy = policyNamed("k8-r5");
const RUN = runOn(DATES[0]);

/** 40 women and 5 men, the last `without` women left out. */
function tablesAt(date: string, without = 0): ExactTable[] {
  const people = PATIENTS.filter((_, i) => i < 40 - without || (i >= 40 && i < 45));
  return answer(memorySource(people), [theQuery()], [date], withoutOptOuts())[0] ?? [];
}

const few = (job: { dates: readonly string[] }): Promise<Outcome> =>
  Promise.resolve({
    outcome: "answered",
    answer: {
      tables: job.dates.flatMap((date) => tablesAt(date)),
      recordBasis: "RECORD_BASIS_REGISTRATIONS",
      optOutCodes: "00",
    },
  });

t.test("a preview shows what the run then makes, and is decided beside what has left", async (t) => {
  const home = practice(t);
  const { api, keeper } = await home.start({ answer: few });
  const people = KeeperStore.open(home.folder);
  t.teardown(() => people.close());
  setHold(people, true);
  const solver = await loadSolver();
  const size = people.log.size;
  const before = previewReleases(people, theQuery(), tablesAt(DATES[0]), policy, solver);
  t.equal(people.log.size, size, "it writes nothing");
  const [shown] = before.tables;
  t.match(shown?.reasons, [{}, {}, { denominator: "g0-small" }, {}, {}]);

  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [{ run: RUN, attempt: 1, seconds: 600 }] });
  await until(api, RUN, "ON_HOLD");
  const row = people.db.prepare<[], { bytes: Buffer }>("SELECT bytes FROM release").get();
  const made = decodeRelease(row!.bytes, shown!.released.cells.length);
  const codes = shown!.released.codes();
  t.same(made.denominator, codes.denominator);
  t.same(made.numerator, codes.numerator);

  const page = runPage(keeper, RUN);
  t.match(page, "withheld: fewer people than the policy&#39;s threshold");
  t.match(page, "would leave");
  t.match(page, "sex not known", "a row says of what it is not known");
  t.notMatch(page, />\s*unknown\s*</);

  // Another version, with two women fewer: harmless as a first release, and not beside the one that was made.
  const asked = { ...theQuery(), version: "2.0.0" };
  const tables = tablesAt(DATES[0], 2).map((table) => ({ ...table, version: "2.0.0", digest: "another" }));
  const first = decide(askedAs(asked, tables), memoryHistory(), policy, { solver });
  t.equal(first.tables[0]?.reasons[0]?.denominator, null);
  const beside = previewReleases(people, asked, tables, policy, solver);
  t.equal(beside.tables[0]?.reasons[0]?.denominator, "g1-pair");
  t.equal(previewReleases(people, theQuery(), tablesAt(DATES[0], 9), policy, solver).tables[0]?.again, true);
});

t.test(
  "the courier hears no reason for what was withheld, and the log that others check holds none",
  async (t) => {
    const home = practice(t);
    const { api, keeper } = await home.start({ answer: few });
    await api.offerLibrary({ bundle: bundle() });
    const offered = await api.offerRuns({ assignments: [assignment(DATES[0])] });
    const executed = await api.execute({ leases: [{ run: RUN, attempt: 1, seconds: 600 }] });
    await until(api, RUN, "OUTBOX");
    t.equal(reasonsOf(keeper.store, RUN, 0)(2, "denominator"), "g0-small", "there is one to tell");
    const told = await api.waitForChanges({ since: 0, holdSeconds: 0 });
    const taken = await api.takeRelease({ run: RUN });
    const bytes = taken.release!.release.toString("latin1");
    const heard = JSON.stringify([offered, executed, told, taken, await api.describe({})]);
    const log = [...keeper.store.log.exportLines()].join("\n");
    for (const reason of REASONS) t.notOk(`${heard}${bytes}${log}`.includes(reason), reason);
  },
);
