/** H3: a library that has expired stops what is new, and what was accepted only 30 days later; everyone can see why. */
import t from "tap";
import { approve } from "../src/decisions/approve.js";
import { homePage } from "./fixtures/pages.js";
import { keeperStatus } from "../src/status.js";
import { assignment, bundle, practice, until, runOn } from "./fixtures/practice.js";
import { lease, told } from "./fixtures/released.js";

const EXPIRES = "2025-05-01T00:00:00Z";
const library = (version = 1, expires = EXPIRES) => bundle({ version, expires: Date.parse(expires) });
const DAY_MS = 86_400_000;
const days = (after: number) => ({ now: () => Date.parse(EXPIRES) + after * DAY_MS });
const run = (date: string) => runOn(date);

/** A practice that took the library in while it was in time, and was asked for nothing. */
async function inTime(test: Parameters<typeof practice>[0], rule: "accept-signed" | null = "accept-signed") {
  const home = practice(test, rule);
  const first = await home.start(days(-60));
  await first.api.offerLibrary({ bundle: library() });
  return { home, first };
}

t.test("a query first offered 320 days after its library expired is neither accepted nor runs", async (t) => {
  const { home, first } = await inTime(t);
  await first.stop();
  const late = await home.start(days(320));
  const { runs } = await late.api.offerRuns({ assignments: [assignment("2025-09-30")] });
  t.equal(runs[0]?.state, "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
  await late.api.execute({ leases: [lease(run("2025-09-30"))] });
  const kinds = [...late.keeper.store.log.entries()].map(({ kind }) => kind);
  t.notOk(kinds.includes("query-accepted"), "not by a rule");
  t.notOk(kinds.includes("run-started"));
  t.throws(
    () => approve(late.keeper.store, "asthma-seen"),
    { code: "library-expired", kind: "refused" },
    "nor by a person",
  );
  const { libraryProblem } = keeperStatus(late.keeper.store);
  t.match(libraryProblem, { code: "library-expired", words: /expired on 2025-05-01/ });
  t.match(homePage(late.keeper), /expired on 2025-05-01.*\(library-expired\)/s);
  await late.api.offerLibrary({ bundle: library(2, "2027-01-01T00:00:00Z") });
  await until(late.api, run("2025-09-30"), "READY");
});

t.test("what was accepted goes on for 30 days more, and then waits under the same name", async (t) => {
  const { home, first } = await inTime(t);
  await first.api.offerRuns({ assignments: [assignment("2024-12-31")] });
  await until(first.api, run("2024-12-31"), "READY");
  await first.stop();
  const within = await home.start(days(29));
  await within.api.offerRuns({ assignments: [assignment("2025-03-31")] });
  await until(within.api, run("2025-03-31"), "READY");
  await within.api.execute({ leases: [lease(run("2024-12-31"))] });
  await until(within.api, run("2024-12-31"), "OUTBOX");
  t.equal(
    keeperStatus(within.keeper.store).libraryProblem?.code,
    "library-expired",
    "it is said all the same",
  );
  await within.stop();
  const beyond = await home.start(days(31));
  const waits = await told(beyond, run("2025-03-31"));
  t.match(waits, { state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL", refusal: { code: "library-expired" } });
  await beyond.api.execute({ leases: [lease(run("2025-03-31"))] });
  t.equal((await told(beyond, run("2025-03-31"))).state, "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
  const status = keeperStatus(beyond.keeper.store).runs.find(({ date }) => date === "2025-03-31");
  t.equal(status?.state, "waiting-for-library");
  await beyond.api.offerLibrary({ bundle: library(2, "2027-01-01T00:00:00Z") });
  await until(beyond.api, run("2025-03-31"), "READY");
});
