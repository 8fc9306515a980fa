/** What went to one group is not said of another, and what accepting a group gives it is said before and after. */
import { approve } from "../src/decisions/approve.js";
import t, { type Test } from "tap";
import { groupRunWords, standsFor } from "../src/status-words.js";
import { setHold, setRule } from "../src/decisions/standing-decisions.js";
import { parseRule } from "../src/approvals/rules.js";
import { keeperStatus } from "../src/status.js";
import { D, formsOf, ownPages } from "./fixtures/own-pages.js";
import { cellsOf } from "@cairn/query-library";
import { assignment, receipt, until, runOn } from "./fixtures/practice.js";
import { lease } from "./fixtures/released.js";

const RUN = runOn("review");
const BOARD = "board";

/** One date has left for the cluster, and the board asks for it too. */
async function leftForOthers(t: Test) {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const { api, query } = pages;
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const { release, uses } = await api.takeRelease({ run: RUN });
  const receipts = uses.map(({ group }, i) => receipt(RUN, release!.release, 8 + i, { group }));
  await api.acknowledge({ receipts: [receipt(RUN, release!.release), ...receipts] });
  const cells = cellsOf(query, D).length;
  await api.offerRuns({ assignments: [assignment(D, { run: RUN, cells, group: BOARD }, query)] });
  return pages;
}

/** The part of "everything that was asked" that is about a group. */
const askedBy = (page: string, group: string): string =>
  page.split("<h3>").find((part) => part.includes(`asked by ${group}:`)) ?? "";

t.test("under a group stands what went to it, and nothing that went to others", async (t) => {
  const { get, keeper } = await leftForOthers(t);
  const { text } = await get("/");
  t.match(askedBy(text, "cluster"), "released, and the hub has confirmed it:");
  t.match(askedBy(text, BOARD), "asked by board: waiting");
  t.match(askedBy(text, BOARD), "nothing has gone to this group; left for others:");
  t.notMatch(askedBy(text, BOARD), "released");
  const [run] = keeperStatus(keeper.store).runs;
  const words = (group: string): string => groupRunWords(standsFor(run!, group), D);
  t.equal(words("cluster"), "released, and the hub has confirmed it");
  t.equal(words(BOARD), "nothing has gone to this group; left for others");
});

t.test("accepting a group says what it gets by the rule in force, before and after", async (t) => {
  const pages = await leftForOthers(t);
  const { get, post, keeper } = pages;
  setRule(keeper.store, BOARD, parseRule("ask"));
  t.match((await get("/")).text, "By your rule ask it waits for you: Asthma review.");
  setRule(keeper.store, BOARD, parseRule("accept-after:14"));
  t.match((await get("/")).text, /By your rule accept-after: 14 days, accepted after that time unless/);
  setRule(keeper.store, BOARD, parseRule("accept-signed"));
  t.match((await get("/")).text, "Nobody looks at them again: these numbers left for another group already.");
  setHold(keeper.store, true);
  const { body, text } = await get("/");
  t.match(text, "By your rule accept-signed it then gets at once: Asthma review, 1 date.");
  t.match(text, "Hold does not cover them: these numbers left for another group already.");
  const form = formsOf(body).find(({ action }) => action === "/join")!;
  const done = await post("/join", { ...form.fields, do: "join" });
  t.match(done, { status: 303, headers: { location: "/?accepted=board" } });
  const after = (await get("/?accepted=board")).text;
  t.match(after, /<h2 id="accepted">board is accepted/);
  t.match(after, "It gets, by your rule accept-signed: Asthma review, 1 date.");
  t.match(askedBy(after, BOARD), "released, and the hub has confirmed it:", "and so it is");
  t.notMatch((await get("/?accepted=nobody")).text, "is accepted<", "what is not so is not said");
});

t.test("dates that stand alike are a list with commas, the newest first", async (t) => {
  const { api, get, query } = await leftForOthers(t);
  const dates = ["2024-09-30", "2024-12-31"];
  const assignments = dates.map((date) =>
    assignment(date, { run: runOn(date), cells: cellsOf(query, date).length, group: "elsewhere" }, query),
  );
  await api.offerRuns({ assignments });
  t.match(
    askedBy((await get("/")).text, "elsewhere"),
    /decided in order\): <a [^>]*>31 December 2024<\/a>, <a [^>]*>30 September 2024</,
  );
});

t.test("what a person accepted for the group before is not said to follow from the rule", async (t) => {
  const { get, keeper } = await leftForOthers(t);
  setRule(keeper.store, BOARD, parseRule("ask"));
  approve(keeper.store, "asthma-review", BOARD);
  const { text } = await get("/");
  t.match(text, "Accepted for it already, and it then gets at once: Asthma review, 1 date.");
  t.notMatch(text, "By your rule ask");
});
