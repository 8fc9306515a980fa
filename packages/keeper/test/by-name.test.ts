/** What a person means by a name: no run that a hub invents can stand in the way of a query, and each command says what is true. */
import t, { type Test } from "tap";
import { approveNamed, declineNamed, whatIsMeant } from "../src/decisions/by-name.js";
import { decline } from "../src/decisions/approve.js";
import { keepRelease } from "../src/decisions/held-releases.js";
import { setHold } from "../src/decisions/standing-decisions.js";
import { addPerson } from "../src/people/people.js";
import { person } from "../src/store/person.js";
import { isKeptHere } from "../src/releases/held.js";
import { findRun, insertRun } from "../src/runs/run.js";
import { putRequest } from "../src/runs/requests.js";
import { assignment, bundle, DATES, GROUP, practice, runOn, theQuery, until } from "./fixtures/practice.js";
import { LATER, lease, people, RUN } from "./fixtures/released.js";

const QUERY = "asthma-seen";
const BY_MACHINE = { group: null, as: undefined };

async function asked(t: Test) {
  const home = practice(t);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle() });
  await running.api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  return { ...running, home, store: people(t, home.folder) };
}

async function held(t: Test) {
  const all = await asked(t);
  setHold(all.store, true);
  await all.api.execute({ leases: [lease(RUN)] });
  await until(all.api, RUN, "ON_HOLD");
  return all;
}

t.test(
  "a run that is called as a query could be is refused by name, and nothing of it is kept",
  async (t) => {
    const { api, keeper, store } = await asked(t);
    for (const run of [QUERY, `${QUERY}-1`, "run-1", RUN.toUpperCase(), RUN.slice(1), `${RUN}0`]) {
      const { runs } = await api.offerRuns({ assignments: [assignment(DATES[0], { run })] });
      t.match(runs, [
        {
          run,
          state: "AGENT_RUN_STATE_REFUSED",
          refusal: { code: "bad-request", words: `${run} is no run's id` },
        },
      ]);
      t.equal(findRun(keeper.store, run), null);
    }
    declineNamed(store, QUERY, BY_MACHINE);
    t.same(
      [RUN, LATER].map((run) => findRun(store, run)?.state),
      ["declined", "declined"],
    );
  },
);

t.test("a query's name means the query, where an older store has a run of that name, too", async (t) => {
  const { store, home } = await held(t);
  store.change((change) => {
    const { query, version, digest } = theQuery();
    const asked = { query, version, digest: Buffer.from(digest, "hex") };
    for (const [run, referenceDate] of [
      [QUERY, "2024-06-30"],
      [`${QUERY}-1`, "2024-09-30"],
    ] as const) {
      insertRun(change, { run, ...asked, referenceDate, state: "on-hold", refusal: null });
      const floor = { k: 8, base: 5, midpoint: 0 };
      putRequest(change, {
        run,
        group: GROUP,
        floor,
        charterDigest: Buffer.alloc(0),
        state: "ready",
        refusal: null,
      });
    }
  });
  t.same(whatIsMeant(store, QUERY), { is: "query", name: QUERY });
  t.equal(declineNamed(store, QUERY, BY_MACHINE), QUERY);
  t.equal(findRun(store, LATER)?.state, "declined", "the query is declined, and not one run kept");
  t.match(approveNamed(store, QUERY, BY_MACHINE), `${QUERY} is accepted for ${GROUP}`);
  t.equal(findRun(people(t, home.folder), RUN)?.state, "on-hold", "and accepting it lets no held release go");
});

t.test("a page's decision on a query is on the query, whatever runs are called", async (t) => {
  const { store } = await held(t);
  decline(store, RUN);
  t.equal(findRun(store, RUN)?.state, "on-hold", "the run is not what was declined");
});

t.test("of a run that is not on hold it is said how it stands, and what can be done", async (t) => {
  const { store, api } = await asked(t);
  const said = (does: typeof declineNamed | typeof approveNamed): string => {
    try {
      does(store, RUN.slice(0, 8), BY_MACHINE);
      return "done";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const only = "only a release on hold is";
  t.equal(
    said(declineNamed),
    `run ${RUN} is not on hold but ready to be answered: ${only} kept here; cairn agent decline asthma-seen declines its query, every date of it`,
  );
  t.equal(said(approveNamed), `run ${RUN} is not on hold but ready to be answered: ${only} let go`);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  t.equal(
    said(declineNamed),
    `run ${RUN} is not on hold but decided, on its way to the hub: ${only} kept here; cairn agent withdraw ${RUN} takes down what leaves or has left`,
  );
});

t.test("a command asks for the action that the page asks for", async (t) => {
  const { store } = await held(t);
  const it = person("practice IT");
  addPerson(store, "Clio", "clinician", it);
  for (const does of [approveNamed, declineNamed]) {
    const refused = (written: string, words: RegExp) =>
      t.throws(() => does(store, written, { group: null, as: "Clio" }), { code: "may-not", message: words });
    refused(QUERY, /accept or decline queries and groups/i);
    refused(RUN, /approve what is on hold, and withdraw what was released/i);
  }
  addPerson(store, "Quin", "quality-lead", it);
  t.match(declineNamed(store, RUN, { group: null, as: "Quin" }), { run: RUN });
});

t.test("what is kept here for good leaves in no other version of the query at that date", async (t) => {
  const { store, api } = await held(t);
  keepRelease(store, RUN);
  setHold(store, false);
  const periods = "{every: quarter, count: 41}";
  await api.offerLibrary({ bundle: bundle({ version: 2 }, periods) });
  const [again, other] = [runOn("again"), runOn("another date")];
  const next = theQuery(periods);
  await api.offerRuns({
    assignments: [assignment(DATES[0], { run: again }, next), assignment(DATES[1], { run: other }, next)],
  });
  t.equal(findRun(store, again)?.state, "declined");
  t.equal(findRun(store, other)?.state, "ready", "another date goes on");
});

t.test("what an older store keeps here by run is kept by query and date", async (t) => {
  const { store, stop, home } = await held(t);
  await stop();
  store.change((change) => {
    change.db.exec(
      "DROP TABLE consent; DROP TABLE opt_out_choice; DROP INDEX release_by_date; DROP TABLE hub_log_proof; DROP TABLE witnessed_query; ALTER TABLE receipt DROP COLUMN proof; ALTER TABLE receipt DROP COLUMN awaited_from; DROP TABLE body_accepts; DROP TABLE body; ALTER TABLE offered DROP COLUMN accepted_body; DROP TABLE library_trust; DROP TABLE charter; DROP TABLE charter_accepted; DROP TABLE kept_date; CREATE TABLE kept_here (run TEXT NOT NULL, correction INTEGER NOT NULL)",
    );
    change.db.prepare("INSERT INTO kept_here VALUES (?, 0)").run(RUN);
    change.db.pragma("user_version = 11");
  });
  const [run, later] = [RUN, LATER].map((id) => findRun(people(t, home.folder), id)!);
  t.equal(isKeptHere(store, run!), true);
  t.equal(isKeptHere(store, later!), false);
});
