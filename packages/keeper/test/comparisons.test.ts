/** The group's comparison at the practice: checked before it is shown, and whatever does not hold refused by name. */
import { readdirSync, readFileSync } from "node:fs";
import t, { type Test } from "tap";
import type { PersonOf, PracticeRole } from "@cairn/access";
import { placeOf } from "@cairn/audit-log";
import { charterBytes, charterDigest, parseCharter, PRESETS_LOCATION, type Charter } from "@cairn/charters";
import { documentBytes, documentDigest, type ComparisonDocument } from "@cairn/comparisons";
import { decodePractice, practiceLines, reportOf } from "@cairn/ledger";
import { signComparison, type Comparison, type SignedRelease__Output } from "@cairn/wire";
import { acceptHubLog, person } from "@cairn/keeper/practice";
import { comparisonsOf, findComparison, keptQuestions, setComparisonsFrom } from "../src/comparisons/kept.js";
import { endUse, giveUse } from "../src/releases/uses.js";
import { findRequest } from "../src/runs/requests.js";
import { findRun } from "../src/runs/run.js";
import { pagesOf } from "../src/pages/app.js";
import { logOrigin } from "../src/store/store.js";
import { honest, TestHub } from "./fixtures/comparisons.js";
import {
  assignment,
  bundle,
  DATES,
  GROUP,
  hubLog,
  practice,
  receipt,
  until,
  runOn,
} from "./fixtures/practice.js";
import { lease } from "./fixtures/released.js";

const RUN = runOn(DATES[0]);

interface Side {
  readonly hub: TestHub;
  readonly own: SignedRelease__Output;
  readonly running: Awaited<ReturnType<ReturnType<typeof practice>["start"]>>;
  /** Offers comparisons as a courier does. @returns the codes of the refusals */
  offer(...comparisons: Comparison[]): Promise<string[]>;
  entries(kind: string): Record<string, unknown>[];
}

/** A practice that released, with the hub's word for it, before the collection closed. */
async function released(t: Test, receipts = [7, 8]): Promise<Side> {
  const running = await practice(t).start();
  const { api, keeper } = running;
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const { release } = await api.takeRelease({ run: RUN });
  const [of, use] = receipts as [number, number];
  await api.acknowledge({
    receipts: [receipt(RUN, release!.release, of), receipt(RUN, release!.release, use, { group: GROUP })],
  });
  const hub = new TestHub(t.testdir());
  return {
    hub,
    own: release!,
    running,
    async offer(...comparisons) {
      const seen = Number((await api.describe({})).witnessedSize);
      const reply = await api.offerComparisons(hub.page(seen, ...comparisons));
      if (reply.refusal) return [`all: ${reply.refusal.code}`];
      return reply.refusals.map(({ code }) => code);
    },
    entries: (kind) =>
      [...keeper.store.log.entries()].filter((entry) => entry.kind === kind).map(({ body }) => body),
  };
}

const about = (document: ComparisonDocument): { revision: number; digest: string } => ({
  revision: document.revision,
  digest: documentDigest(documentBytes(document)),
});

t.test("a comparison in which the practice's own dot stands is taken, logged, and taken once", async (t) => {
  const { hub, own, running, offer, entries } = await released(t);
  t.equal((await running.api.describe({})).comparisonsFrom, 1);
  const document = honest(own);
  const came = hub.comparison(document);
  t.same(await offer(came), []);
  t.same(await offer(came), [], "again it changes nothing");
  const [taken, ...more] = entries("comparison-taken");
  t.match(taken, { group: GROUP, date: DATES[0], ...about(document), origin: "hub.test", own: true });
  t.same(more, []);
  t.same(findComparison(running.keeper.store, document)?.document, document);
  t.ok((await running.api.describe({})).comparisonsFrom > 1, "and is not asked for again");

  const next = honest(own, about(document), { notes: [note("We will try recalls")] });
  t.same(await offer(hub.comparison(next)), []);
  t.match(findComparison(running.keeper.store, document)?.document, { revision: 2 });
  t.same(await offer(came), ["comparison-older"], "a replayed older one");
  t.match(findComparison(running.keeper.store, document)?.document, { revision: 2 }, "the newer one stays");
  t.match(entries("comparison-refused"), [{ code: "comparison-older", ...about(document) }]);
});

t.test("a comparison of another version is not shown, and the one that comes takes its place", async (t) => {
  const { hub, own, running, offer } = await released(t);
  const document = honest(own);
  t.same(await offer(hub.comparison(document)), []);
  const { store } = running.keeper;
  const older = documentBytes(document).toString("utf8").replace('"v":2', '"v":1');
  store.change(({ db }) => db.prepare("UPDATE comparison SET bytes = ?").run(Buffer.from(older, "utf8")));
  t.equal(findComparison(store, document), null);
  t.same(comparisonsOf(store, GROUP, document.query), []);
  const next = honest(own, { revision: 1, digest: documentDigest(Buffer.from(older, "utf8")) });
  t.same(await offer(hub.comparison(next)), []);
  t.match(findComparison(store, document)?.document, { revision: 2 });
});

t.test("a store of the version before asks for its comparisons again", async (t) => {
  const home = practice(t);
  const before = await home.start();
  await before.api.offerLibrary({ bundle: bundle() });
  const { store } = before.keeper;
  store.change((change) => {
    setComparisonsFrom(change, 40);
    change.db
      .prepare(
        "INSERT INTO comparison VALUES (NULL, 'G', 'q', x'00', '2025-03-31', 1, x'00', x'7b', x'00', 'o', 'e', 0, 0, 0)",
      )
      .run();
    change.db.exec(
      "DROP TABLE consent; DROP TABLE opt_out_choice; DROP INDEX release_by_date; DROP TABLE hub_log_proof; DROP TABLE witnessed_query; ALTER TABLE receipt DROP COLUMN proof; ALTER TABLE receipt DROP COLUMN awaited_from; DROP TABLE body_accepts; DROP TABLE body; ALTER TABLE offered DROP COLUMN accepted_body; DROP TABLE own_note; DROP TABLE kept_date; DROP TABLE library_trust; DROP TABLE charter; DROP TABLE charter_accepted",
    ); // of later versions
    change.db.pragma("user_version = 8");
  });
  await before.stop();
  const { api, keeper } = await home.start();
  t.equal((await api.describe({})).comparisonsFrom, 1);
  t.same(keptQuestions(keeper.store), []);
});

function note(text: string): ComparisonDocument["notes"][number] {
  return {
    date: "2025-06-01",
    kind: "test-of-change",
    text,
    share: null,
    measured_by: null,
    until: null,
    outcome: null,
  };
}

t.test(
  "a changed byte, another's signature, or bytes that are no document are refused by name",
  async (t) => {
    const { hub, own, offer, entries } = await released(t);
    const good = hub.comparison(honest(own));
    const bytes = good.document as Buffer;
    const changed = Buffer.from(bytes);
    changed[bytes.length >> 1]! ^= 1;
    const strange = Buffer.from(`${bytes.toString("utf8")} `);
    const resigned = { ...good, document: strange, signature: signComparison(strange, hubLog.privateKey) };
    t.same(await offer({ ...good, document: changed }), ["comparison-unsigned"]);
    t.same(await offer({ ...good, signature: Buffer.alloc(64) }), ["comparison-unsigned"]);
    t.same(await offer({ ...good, signature: Buffer.alloc(0) }), ["comparison-unsigned"]);
    t.same(await offer(resigned), ["comparison-malformed"]);
    t.same(await offer(resigned), ["comparison-malformed"]);
    t.equal(entries("comparison-refused").length, 3, "the same bytes and reason are logged once");
    t.match(entries("comparison-refused")[0], { code: "comparison-unsigned", group: null, revision: null });
    t.same(await offer(good), [], "and the good one is taken all the same");
  },
);

t.test("what the hub's log does not name, or names otherwise, is refused by name", async (t) => {
  const { hub, own, running, offer } = await released(t);
  const document = honest(own);
  const other = hub.name(honest(own, null, { notes: [note("another")] }));
  t.same(await offer(hub.comparison(document, other)), ["comparison-not-in-log"], "another's entry");
  t.same(await offer(hub.comparison(document, 0)), ["comparison-not-in-log"], "an entry of another kind");
  const wrong = hub.name({ ...document, date: "2024-09-30" }, { digest: about(document).digest });
  t.same(await offer(hub.comparison(document, wrong)), ["comparison-not-in-log"], "of another date");
  const good = hub.comparison(document);
  const seen = Number((await running.api.describe({})).witnessedSize);
  const page = hub.page(seen, good);
  const bare = { ...page, comparisons: [{ ...page.comparisons![0]!, inclusion: [] }] };
  const unproved = await running.api.offerComparisons(bare);
  t.match(unproved.refusals, [{ code: "comparison-not-in-log" }]);
  t.same(await offer({ ...good, entry: good.entry!.replace('"revision":1', '"revision":9') }), [
    "comparison-not-in-log",
  ]);
  t.same(await offer(good), []);
});

t.test("another member's differing copy is refused by name, and both are kept as evidence", async (t) => {
  const { hub, own, running, offer, entries } = await released(t);
  const document = honest(own);
  t.same(await offer(hub.comparison(document)), []);
  const theirs = honest(own, null, { notes: [note("as another member was told")] });
  t.same(await offer(hub.comparison(theirs)), ["comparison-differs"]);
  t.same(findComparison(running.keeper.store, document)?.document, document, "what was here stays");
  const kept = running.keeper.store.db
    .prepare<[], { bytes: Buffer; against: Buffer }>("SELECT bytes, against FROM comparison_refused")
    .get();
  t.ok(kept?.bytes.equals(documentBytes(theirs)));
  t.ok(kept?.against.equals(documentBytes(document)));
  t.match(entries("comparison-refused"), [{ code: "comparison-differs", group: GROUP, ...about(theirs) }]);
});

t.test("a revision that follows on another than the one here tells of a copy that differs", async (t) => {
  const { hub, own, running, offer } = await released(t);
  const document = honest(own);
  t.same(await offer(hub.comparison(document)), []);
  const elsewhere = { revision: 1, digest: "ab".repeat(32) }; // as revision 1 was to another member
  t.same(await offer(hub.comparison(honest(own, elsewhere))), ["comparison-differs"]);
  t.same(findComparison(running.keeper.store, document)?.document, document, "what was here stays");
  t.same(
    await offer(hub.comparison(honest(own, { ...elsewhere, revision: 2 }))),
    [],
    "one that was missed says nothing",
  );
});

t.test("a hub whose log forked gives nothing that is taken", async (t) => {
  const { hub, own, running, offer } = await released(t);
  t.same(await offer(hub.comparison(honest(own))), []);
  const forked = new TestHub(t.testdir(), "hub.test", "forked");
  for (let i = 0; i < 5; i++) forked.log.append("other", {});
  const document = honest(own, { revision: 1, digest: "00".repeat(32) });
  const reply = await running.api.offerComparisons(forked.page(0, forked.comparison(document)));
  t.match(reply, { taken: 0, refusal: { code: "checkpoint-inconsistent" } });
  t.match(findComparison(running.keeper.store, document)?.document, { revision: 1 });
});

t.test("a practice that released in time, and is not among the dots, is not fooled", async (t) => {
  const { hub, own, running, offer } = await released(t);
  const without = honest(null);
  t.same(await offer(hub.comparison(without)), ["comparison-own-dot-missing"]);
  t.equal(findComparison(running.keeper.store, without), null);
  const document = honest(own);
  const [total, ...rest] = document.cells;
  const dots = (total!.dots as number[]).map(() => 99);
  const moved = { ...document, cells: [{ ...total!, dots }, ...rest] };
  t.same(await offer(hub.comparison(moved)), ["comparison-own-dot-missing"], "its dot stands elsewhere");
  const { answers } = document.practices;
  if (answers === "too-few" || typeof answers.made === "string") throw new Error("six practices are counted");
  const { opt_outs } = answers.made;
  const others = { left_out: opt_outs.counted, counted: opt_outs.left_out };
  const made = { ...answers.made, opt_outs: others };
  const miscounted = { ...document, practices: { ...document.practices, answers: { ...answers, made } } };
  t.same(await offer(hub.comparison(miscounted)), ["comparison-miscounted"]);
  t.same(await offer(hub.comparison(document)), []);
});

t.test("who released after the closing takes a comparison without its own dot", async (t) => {
  const late = await released(t, [7, 22]);
  t.same(await late.offer(late.hub.comparison(honest(null))), []);
  t.match(late.entries("comparison-taken"), [{ own: false }]);
  const later = await released(t, [7, 200]);
  t.same(
    await later.offer({ ...later.hub.comparison(honest(null)), closing: "" }),
    [],
    "after the document too",
  );
  t.match(later.entries("comparison-taken"), [{ own: false }]);
});

t.test("a second receipt of a later place makes no release late", async (t) => {
  const { hub, own, running, offer, entries } = await released(t);
  const again = async (index: number, more: object): Promise<void> => {
    await running.api.acknowledge({ receipts: [receipt(RUN, own.release, index, more)] });
  };
  await again(30, { group: GROUP });
  await again(31, {});
  await again(2 ** 40 + 30, { group: GROUP });
  t.match(entries("use-receipt"), [{ hub_log_index: 8 }, { hub_log_index: 30 }, {}], "each is in the log");
  t.same(await offer(hub.comparison(honest(null))), ["comparison-own-dot-missing"]);
  t.same(await offer(hub.comparison(honest(own))), []);
});

t.test("a use that was ended and given again counts from then on", async (t) => {
  const { hub, own, running, offer, entries } = await released(t);
  const { store } = running.keeper;
  store.change((change) => {
    const run = findRun(change, RUN)!;
    t.ok(endUse(change, run, GROUP));
    t.ok(giveUse(change, run, findRequest(change, RUN, GROUP)!));
  });
  const without = honest(null);
  t.same(await offer(hub.comparison(without)), [], "the hub's receipt for it is not here yet");
  await running.api.acknowledge({ receipts: [receipt(RUN, own.release, 30, { group: GROUP })] });
  const next = honest(null, about(without), { notes: [note("one")] });
  t.same(await offer(hub.comparison(next)), [], "it came after the closing");
  t.match(entries("comparison-taken"), [{ own: false }, { own: false }]);
});

t.test("no word of the hub's switches the look for the own dot off", async (t) => {
  const { hub, own, offer } = await released(t);
  const without = honest(null);
  const named = (closed: number | null): number => hub.name(without, { closed });
  const missing = ["comparison-own-dot-missing"];
  t.same(
    await offer(hub.comparison(without, named(3))),
    missing,
    "it says that it closed before the release",
  );
  t.same(await offer(hub.comparison(without, named(3), 3)), missing, "and shows an entry of another kind");
  const others = hub.close(2);
  t.same(await offer(hub.comparison(without, named(others), others)), missing, "or another's closing");
  const unproved = { ...hub.comparison(without), closing: "" };
  t.same(await offer(unproved), missing, "or no closing at all");

  const down = { dots: "withdrawn", practices: null, dots_are_rough: false } as const;
  const cells = without.cells.map((cell) => ({ ...cell, ...down }));
  const text = JSON.stringify({ ...without, cells });
  t.throws(() => documentBytes(JSON.parse(text) as ComparisonDocument), /taken down in part/);
  t.same(await offer(hub.bytes(text)), ["comparison-malformed"], "dots taken down, and figures not");
  const few = without.cells.map((cell) => ({ ...cell, ...down, dots: "too-few" }));
  t.same(await offer(hub.bytes(JSON.stringify({ ...without, cells: few }))), ["comparison-malformed"]);
  const close = without.cells.map((cell) => ({ ...cell, ...down, dots: "too-close" }));
  t.same(await offer(hub.bytes(JSON.stringify({ ...without, cells: close }))), ["comparison-malformed"]);
  t.same(await offer(hub.comparison(honest(own))), []);
});

t.test("where it cannot be told who released in time, it is taken, and said", async (t) => {
  const { hub, own, running, offer, entries } = await released(t, [2 ** 40 + 7, 2 ** 40 + 8]);
  const app = await pagesOf(running.keeper);
  t.teardown(() => app.close());
  const without = honest(null);
  const older = { ...hub.comparison(without, hub.name(without, { closed: null })), closing: "" };
  t.same(await offer(older), [], "an older hub closed it");
  const { body } = await app.inject({ url: `/groups/${GROUP}/asthma-seen`, headers: { host: "localhost" } });
  t.match(body, /could not look for its own dots. So far this practice could not look in 1 that came/);
  const whole = honest(own, about(without), { notes: [note("one")] });
  const unsaid = (document: ComparisonDocument): Comparison => ({
    ...hub.comparison(document, hub.name(document, { closed: 20 })),
    closing: "",
  });
  t.same(await offer(unsaid(whole)), [], "an earlier log than the receipts' has the closing");
  t.match(entries("comparison-taken"), [
    { own: false, unlooked: "cannot-tell" },
    { unlooked: "cannot-tell" },
  ]);
  const lines = practiceLines([...running.keeper.store.log.entries()].map(decodePractice));
  t.equal(reportOf(lines, "all").counts.unlooked, 2, "and the officer's account counts them");
});

t.test("who was found in a revision is looked for in the next, whatever the hub leaves out", async (t) => {
  const { hub, own, offer } = await released(t);
  const first = honest(own);
  t.same(await offer(hub.comparison(first)), []);
  const next = honest(null, about(first));
  const unproved = { ...hub.comparison(next, hub.name(next, { closed: null })), closing: "" };
  t.same(await offer(unproved), ["comparison-own-dot-missing"]);
});

t.test("where dots are too close the sums have to have room for this practice's numbers", async (t) => {
  const { hub, own, offer, entries } = await released(t);
  const sums = honest(own, null, {}, "sums-alone");
  t.ok(sums.cells.every(({ dots }) => dots === "too-close"));
  const [total, ...rest] = sums.cells;
  const figure = { ...total!.figure, denominator: { low: 5, high: 40 } };
  const short = { ...sums, cells: [{ ...total!, figure }, ...rest] };
  t.same(await offer(hub.comparison(short)), ["comparison-own-dot-missing"]);
  t.same(await offer(hub.comparison(sums)), []);
  t.match(
    entries("comparison-taken"),
    [{ own: false, unlooked: "not-shown" }],
    "no dot was found, for none is shown",
  );
});

t.test("where dots are too close the practice's page says so, and that it cannot check it", async (t) => {
  const { hub, own, running, offer } = await released(t);
  const app = await pagesOf(running.keeper);
  t.teardown(() => app.close());
  t.same(await offer(hub.comparison(honest(own, null, {}, "sums-alone"))), []);
  const { body } = await app.inject({ url: `/groups/${GROUP}/asthma-seen`, headers: { host: "localhost" } });
  const words = body.replaceAll(/\s+/g, " ");
  t.match(
    words,
    "The hub says that dots stand too close to another group&#39;s; this practice cannot check that.",
  );
  t.match(
    words,
    "Dots and middle are not shown: with another group&#39;s picture it would tell of one or a few practices.",
  );
  t.notMatch(words, "own dots are among the dots");
  t.notMatch(body, "cairn-strip", "and no dot is drawn");
});

t.test("of a group that nobody here accepted it is refused, and taken once somebody has", async (t) => {
  const { hub, own, running, offer } = await released(t);
  const elsewhere = { ...honest(own), group: "board" };
  const came = hub.comparison(elsewhere);
  t.same(await offer(came), ["not-a-member"]);
  const { join } = await import("../src/decisions/membership.js");
  join(running.keeper.store, "board");
  t.equal((await running.api.describe({})).comparisonsFrom, 1, "it is asked for again");
  t.same(await offer(came), []);
});

t.test(
  "of a query that the library here does not hold it is refused, and asked for with the next",
  async (t) => {
    const { hub, own, running, offer } = await released(t);
    const strange = { ...honest(own), query_version: "9.0.0" };
    t.same(await offer(hub.comparison(strange)), ["query-unknown"]);
    t.ok((await running.api.describe({})).comparisonsFrom > 1);
    await running.api.offerLibrary({ bundle: bundle({ version: 2 }) });
    t.equal((await running.api.describe({})).comparisonsFrom, 1);
  },
);

t.test("after the hub went on in a new log, accepted here, the same revision may differ", async (t) => {
  const { hub, own, running, offer } = await released(t);
  const document = honest(own);
  t.same(await offer(hub.comparison(document)), []);
  const { store } = running.keeper;
  hub.log.continueAs("hub.test/2", () => ({ kind: "c", body: {} }));
  const anew = honest(own, null, { closed_at: "2025-06-01T00:00:00.000Z" });
  const came = hub.comparison(anew);
  t.same(await offer(came), ["all: checkpoint-inconsistent"]);
  acceptHubLog(store, person("Dr Fell"));
  t.equal((await running.api.describe({})).comparisonsFrom, 1);
  t.same(await offer(came), []);
  t.match(findComparison(store, document)?.document, { closed_at: anew.closed_at });
});

t.test("a receipt of a log that another followed says nothing of the new one's dates", async (t) => {
  const { hub, own, running, offer, entries } = await released(t);
  t.same(await offer(hub.comparison(honest(own))), []);
  const { store } = running.keeper;
  hub.log.continueAs("hub.test/2", () => ({ kind: "c", body: {} }));
  const closing = hub.close(); // before this practice gave its release again
  const at = placeOf(closing).position;
  const first = honest(null);
  const offered = (document: ComparisonDocument) =>
    offer(hub.comparison(document, hub.name(document, { closed: closing }), at));
  t.same(await offered(first), ["all: checkpoint-inconsistent"]);
  acceptHubLog(store, person("Dr Fell"));
  t.same(await offered(first), [], "whether it came in time is not known");
  t.match(entries("comparison-taken").at(-1), { own: false, unlooked: "cannot-tell" });
  const again = async (index: number): Promise<void> => {
    const receipts = [
      receipt(RUN, own.release, index, { group: GROUP }),
      receipt(RUN, own.release, index, {}),
    ];
    await running.api.acknowledge({ receipts });
  };
  await again(closing - 1);
  const next = honest(null, about(first), { notes: [note("one")] });
  t.same(await offered(next), ["comparison-own-dot-missing"], "a receipt of the new log does");
});

t.test("more than a page in one call is turned down whole", async (t) => {
  const { hub, own, running } = await released(t);
  const came = hub.comparison(honest(own));
  const page = hub.page(0, came);
  const many = { ...page, comparisons: Array.from({ length: 257 }, () => page.comparisons![0]!) };
  t.match(await running.api.offerComparisons(many), { taken: 0, refusal: { code: "bad-request" } });
});

t.test("the page shows the group with the practice's own mark, and each look is in the log", async (t) => {
  const { hub, own, running, offer, entries } = await released(t);
  const app = await pagesOf(running.keeper);
  t.teardown(() => app.close());
  const get = async (url: string): Promise<{ statusCode: number; body: string }> =>
    app.inject({ url, headers: { host: "localhost" } });
  const path = `/groups/${GROUP}/asthma-seen`;
  t.equal((await get(path)).statusCode, 404, "nothing has come yet");
  t.same(await offer(hub.comparison(honest(own, null, { notes: [note("We will try recalls in May")] }))), []);
  const home = (await get("/")).body;
  t.match(
    home.replace(/" >/g, '">'),
    `<a href="${path}">Asthma, seen in the last year, ${GROUP}</a>: the group's comparison of`,
  );
  const practiceOf = logOrigin(running.keeper.store.key);
  const officers = await pagesOf(running.keeper, {
    who: async () => ({
      person: { at: "practice", name: "Olly", role: "officer", practice: practiceOf },
      provenAt: null,
    }),
  });
  t.teardown(() => officers.close());
  const officersHome = await officers.inject({ url: "/", headers: { host: "localhost" } });
  t.notMatch(officersHome.body, "/groups/", "no way to it for a role that may not see it");
  const question = (await get("/questions/asthma-seen")).body;
  t.match(
    question.replace(/" >/g, '">'),
    `<a href="${path}">Beside ${GROUP}</a>`,
    "its question leads to it",
  );
  const page = await get(path);
  t.equal(page.statusCode, 200);
  t.match(page.body, "This practice is at", "the chart tells of the own mark in words too");
  t.match(page.body, /This practice released 28 to 32 of 58 to 62: 45 to 55/);
  t.match(page.body, "We will try recalls in May");
  t.match(page.body, /this practice&#39;s own dots are among the dots/);
  t.match(page.body, `/questions/asthma-seen`);
  t.notMatch(page.body, "/people", "the list is for those who may open it");
  t.match(entries("comparison-viewed"), [{ group: GROUP, query: "asthma-seen", dates: DATES[0], by: null }]);
  t.notMatch((await get("/")).body, "'s comparison of", "it is not new any more");
  t.equal((await get(`${path}?date=2024-09-30`)).statusCode, 404);
  t.equal((await get(`/groups/other/asthma-seen`)).statusCode, 404);
  t.equal(entries("comparison-viewed").length, 1, "what was not shown was not looked at");
});

/** The charters of `examples/charters`, as if each were of this test's group. */
const EXAMPLES = (() => {
  const texts = (folder: URL): [string, string][] =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => [file.slice(0, -5), readFileSync(new URL(file, folder), "utf8")]);
  const presets = Object.fromEntries(texts(new URL(PRESETS_LOCATION)));
  return texts(new URL("../../../examples/charters/", import.meta.url)).map(([file, text]): Charter => {
    const parsed = parseCharter(text, { file, presets });
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    return { ...parsed.charter, group: GROUP };
  });
})();

t.test(
  "the page shows what the charter that was accepted here lets each role see, and logs it",
  async (t) => {
    const { hub, own, running, offer, entries } = await released(t);
    const { store } = running.keeper;
    t.same(await offer(hub.comparison(honest(own))), []);
    let person: PersonOf<"practice"> = { at: "practice", name: null, role: "visitor" };
    const app = await pagesOf(running.keeper, { who: async () => ({ person, provenAt: null }) });
    t.teardown(() => app.close());
    const path = `/groups/${GROUP}/asthma-seen`;
    const accept = (charter: Charter): void => {
      store.change(({ db }) =>
        db
          .prepare("INSERT OR REPLACE INTO charter_accepted VALUES (?, ?, ?, 1, 'Dr Fell')")
          .run(GROUP, Buffer.from(charterDigest(charter), "hex"), charterBytes(charter)),
      );
    };
    /** What somebody is shown: figures alone, with the practice's own numbers, with dots of the others; or why not. */
    const shown = async (role: PracticeRole | "visitor"): Promise<string> => {
      person =
        role === "visitor"
          ? { at: "practice", name: null, role }
          : { at: "practice", name: "Ann", role, practice: store.origin };
      const headers = { host: "localhost" };
      const { statusCode, body } = await app.inject({ url: path, headers });
      const home = (await app.inject({ url: "/", headers })).body;
      t.equal(home.includes(`href="${path}"`), statusCode === 200, `${role}: the first page leads there`);
      if (statusCode !== 200) return body.replaceAll(/\s+/g, " ");
      const parts = [
        /stroke-width="1\.5"/.test(body) ? "dots" : "",
        /This practice (is at|released)/.test(body) ? "own" : "",
      ];
      const logged = { dots: "dots", own: "own" }[parts.find((part) => part !== "") ?? ""] ?? "figures";
      t.match(entries("comparison-viewed").at(-1), {
        shown: logged,
        charter: /^[0-9a-f]{64}$/,
        purpose: /\w/,
      });
      return parts.filter((part) => part !== "").join(" and ") || "figures";
    };
    t.equal(EXAMPLES.length, 11);
    for (const charter of EXAMPLES) {
      accept(charter);
      const wanted = charter.view === "strip" ? "dots and own" : "own";
      for (const role of ["quality-lead", "clinician", "visitor"] as const)
        t.equal(await shown(role), wanted, `${charter.preset}: ${role}`);
      for (const role of ["administrator", "officer"] as const)
        t.match(await shown(role), /Only a quality lead or a clinician may do this/, role);
    }
    const sees = { ...EXAMPLES[0]!.sees, "practice-lead": "group", clinician: "nothing" } as const;
    accept({ ...EXAMPLES[0]!, sees });
    t.equal(await shown("quality-lead"), "figures");
    t.match(await shown("clinician"), `The charter of ${GROUP} lets clinicians see nothing of it.`);
    t.match(await shown("visitor"), "see nothing of it", "whoever sits there sees what both of them see");
    const page = await app.inject({ url: `/charters/${GROUP}`, headers: { host: "localhost" } });
    t.match(page.body, "Quality leads: the group as a whole.");
  },
);
