/** The governance officer at a practice: its own log in words, by month, and whether it holds. */
import { join } from "node:path";
import { practiceLog } from "@cairn/ledger";
import { openDatabase } from "@cairn/sqlite";
import t from "tap";
import { neverSaid } from "../../../tests/house/never-said.js";
import { logWorklistView } from "../src/decisions/worklist-views.js";
import { decline } from "../src/decisions/approve.js";
import { person } from "../src/store/person.js";
import { MARKUP, ownPages, PEOPLE } from "./fixtures/own-pages.js";
import { until, runOn } from "./fixtures/practice.js";
import { lease } from "./fixtures/released.js";

const plain = (html: string): string => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

t.test("what was asked, who accepted, what left and who looked, without a patient", async (t) => {
  const { get, keeper, query, api } = await ownPages(t, "officer");
  const { store } = keeper;
  await api.execute({ leases: [lease(runOn("review"))] });
  await until(api, runOn("review"), "OUTBOX");
  await api.takeRelease({ run: runOn("review") });
  decline(store, query.query, null, person("Dr Fell"));
  logWorklistView(store, query, ["2025-03-31"], person("Dr Ann"));
  t.match((await get("/")).body, 'href="/log"');
  const { status, body } = await get("/log?month=2025-05");
  const text = plain(body);
  t.equal(status, 200);
  t.match(text, "In May 2025: 2 decisions; 1 release left, 0 withdrawn; 1 look, by Dr Ann.");
  t.match(text, "asked asthma-review 1.0.0");
  const headings = [...body.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title);
  const first = ["What left", "Who decided what", "Who looked at lists and comparisons", "What was asked"];
  t.same(headings.slice(-7, -3), first);
  const step = /was released: a table[^]*?<summary[^]*?began to be answered/;
  t.match(body, step, "a step, folded below its run");
  t.match(
    text,
    "asthma-review, May 2025: 1 release left, to cluster, decided by rule accept-signed, set by root, 3 lines",
    "by question and month: what left, to whom, and who decided",
  );
  t.notMatch(body.replaceAll(/<details[^]*?<\/details>/g, ""), "began to be answered");
  t.match(text, "accepted asthma-review 1.0.0 for cluster Who rule accept-signed, set by root");
  t.match(text, "declined asthma-review for all groups Who Dr Fell");
  t.match(
    text,
    /asthma-review 1\.0\.0 for 31 March 2025 \(run [0-9a-f]{8}…\) was released: a table of \d+ cells, .* Who rule accept-signed, set by root Entry \d+ [0-9a-f]{64} Run [0-9a-f]{32} /,
  );
  t.match(text, "looked at the list of patients of asthma-review 1.0.0 for 31 March 2025 Who Dr Ann");
  t.match(text, "Of people with asthma, how many were seen in the last year?", "the query in plain words");
  for (const { id } of PEOPLE) if (text.includes(id)) t.fail(`it names ${id}`);
  t.same(neverSaid(text), []);
  t.match(plain((await get("/log?month=2025-00")).body), "A month is written as 2026-09.");
  for (const more of ["?month=2025-00", "?page=2"]) t.equal((await get(`/log${more}`)).status, 404);
  t.match(plain((await get("/log?month=2024-01")).body), "In January 2024: 0 decisions");
});

t.test("markup in a field is text, and a long log has pages", async (t) => {
  const { get, keeper } = await ownPages(t, "officer");
  keeper.store.change((change) => {
    const look = { query: MARKUP, version: MARKUP, dates: MARKUP, by: person(MARKUP) };
    for (let i = 0; i < 101; i++) change.note(practiceLog.worklistViewed, look);
  });
  const { body } = await get("/log?month=all");
  t.notMatch(body, MARKUP);
  t.match(plain(body), /101 looks, by &lt;b&gt;Mrs Example/);
  t.match(plain((await get("/log?month=all&page=2")).body), "Lines 101 to 101 of 101");
});

t.test("the practice's log holds, or does not", async (t) => {
  const { get, keeper } = await ownPages(t, "officer");
  const db = openDatabase(join(keeper.store.folder, "keeper.db"));
  t.teardown(() => db.close());
  const checked = async (): Promise<string> => {
    const text = plain((await get("/log/check")).body);
    return text.includes("It is being checked") ? checked() : text;
  };
  const first = await checked();
  t.match(first, /It holds\. \d+ entries lead to the signed head/);
  t.match(first, "cairn agent log --json --as &#39;Dr Ann Example&#39; &gt; practice.ndjson");
  db.exec(`DROP TRIGGER log_entry_is_append_only_update;
    UPDATE log_entry SET time = '2025-01-01T00:00:00.000Z' WHERE position = 1`);
  logWorklistView(keeper.store, { query: "asthma-review", version: "1.0.0" }, [], person("Dr Ann")); // it grows
  t.match(await checked(), /It does not hold: .*an entry was altered/);
});

t.test("nobody but the officer reads the log", async (t) => {
  for (const role of ["administrator", "quality-lead", "clinician", "visitor"] as const) {
    const { get } = await ownPages(t, role);
    t.notMatch((await get("/")).body, 'href="/log"');
    for (const path of ["/log", "/log/check"]) t.equal((await get(path)).status, 403, `${role} ${path}`);
  }
});
