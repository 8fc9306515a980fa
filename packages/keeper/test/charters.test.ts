/** A group's charter: accepted by a person, anew where it widens, and what the group gets follows from the accepted one. */
import { createHash } from "node:crypto";
import t, { type Test } from "tap";
import { charterDigest, type Charter } from "@cairn/charters";
import { Signers } from "@cairn/testkit";
import { textOf } from "@cairn/text";
import { logComparisonView } from "../src/comparisons/views.js";
import { charterHere } from "../src/approvals/charters.js";
import { charteredRules, parseRule, ruleFor } from "../src/approvals/rules.js";
import { approve } from "../src/decisions/approve.js";
import { join as joinGroup, leave } from "../src/decisions/membership.js";
import { setRule } from "../src/decisions/standing-decisions.js";
import { charterLines, joinedLines } from "../src/joining.js";
import type { DecisionContext } from "../src/pages/decision-context.js";
import { practiceExportLines } from "../src/export.js";
import { homeModel } from "../src/pages/home-model.js";
import { asSeen, groupStands } from "../src/pages/stands.js";
import { keeperStatus } from "../src/status.js";
import { groupLine } from "../src/status-words.js";
import type { KeeperStore } from "../src/store/store.js";
import { person } from "../src/store/person.js";
import { trustRoot } from "../src/trust/root.js";
import { charterOf, withCharters } from "./fixtures/charters.js";
import { assignment, bundle, DATES, GROUP, practice, receipt, theQuery, until } from "./fixtures/practice.js";
import { LATER, lease, people, RUN, told } from "./fixtures/released.js";

const BOARD = "board";
const WIDER = "Practices of the glen and researchers learn from one another.";

/** A running keeper without rules of its own, with the charters of library version 1. */
async function started(t: Test, charters: readonly Charter[], groups: readonly string[] = []) {
  const home = practice(t, null, groups);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: withCharters(1, ...charters) });
  return { ...running, store: people(t, home.folder) };
}

type Started = Awaited<ReturnType<typeof started>>;

async function take({ api }: Started, version: number, ...charters: readonly Charter[]) {
  return api.offerLibrary({ bundle: withCharters(version, ...charters) });
}

async function offer({ api }: Started, date: string, ...groups: string[]) {
  const { runs } = await api.offerRuns({ assignments: groups.map((group) => assignment(date, { group })) });
  return runs[0]!;
}

/** Answered, sent and confirmed, with its uses. */
async function send({ api }: Started, run: string): Promise<void> {
  await api.execute({ leases: [lease(run)] });
  await until(api, run, "OUTBOX");
  const { release, uses } = await api.takeRelease({ run });
  const receipts = uses.map(({ group }, i) => receipt(run, release!.release, 8 + i, { group }));
  await api.acknowledge({ receipts: [receipt(run, release!.release), ...receipts] });
}

function logged(store: KeeperStore, kind: string): unknown[] {
  return [...store.log.entries()].filter((entry) => entry.kind === kind).map(({ body }) => body);
}

const groupOf = (store: KeeperStore, group = GROUP) =>
  keeperStatus(store).groups.find((one) => one.group === group)!;

t.test("joining accepts the charter of the library in force, and uses are given under it", async (t) => {
  const charter = charterOf();
  const running = await started(t, [charter]);
  const { store } = running;
  await offer(running, DATES[0], GROUP);
  t.match(charterLines(store, GROUP).join("\n"), "What for: Practices of the glen learn from one another");
  t.match(charterLines(store, GROUP).join("\n"), "Not for: Performance management");
  t.ok(joinGroup(store, GROUP));
  const digest = charterDigest(charter);
  t.match(logged(store, "charter-accepted"), [{ group: GROUP, charter: digest, rule: "accept-signed" }]);
  t.match(groupOf(store).charter, { inForce: digest, accepted: digest, waits: false });
  t.same(charterLines(store, GROUP), [], "nothing waits");
  t.notOk(joinGroup(store, GROUP), "once");
  await until(running.api, RUN, "READY");
  await send(running, RUN);
  t.match(logged(store, "use"), [{ group: GROUP, charter: digest }]);
  leave(store, GROUP);
  t.equal(groupOf(store).charter?.accepted, null, "leaving forgets it");
  joinGroup(store, GROUP);
  t.equal(logged(store, "charter-accepted").length, 2, "joining again accepts it again");
});

t.test(
  "a group that was joined before it had a charter gets nothing new until a person accepts",
  async (t) => {
    const home = practice(t);
    const running = { ...(await home.start()), store: people(t, home.folder) };
    const { api, store } = running;
    await api.offerLibrary({ bundle: bundle() });
    await offer(running, DATES[0], GROUP);
    await send(running, RUN);
    await take(running, 2, charterOf());
    const waits = await offer(running, DATES[1], GROUP);
    t.equal(waits.state, "AGENT_RUN_STATE_WAITING_FOR_APPROVAL", "no new run is ready");
    t.match(waits.groups, [{ groupWaits: true }], "the hub is told that somebody has to accept");
    const status = keeperStatus(store);
    t.match(groupLine(groupOf(store), status), "it gets nothing new until someone here accepts");
    t.equal(groupOf(store).command, `cairn agent join ${GROUP}`);
    t.match((await told(running)).groups, [{ state: "AGENT_RUN_STATE_READY" }], "what was released stays");
    t.ok(joinGroup(store, GROUP));
    await until(api, LATER, "READY");
    t.equal(logged(store, "group-joined").length, 1, "it was in the group all along");
  },
);

t.test(
  "a run that waited for its query is told anew when the group's newest charter waits too",
  async (t) => {
    const running = await started(t, [charterOf()]);
    setRule(running.store, GROUP, { rule: "ask" });
    joinGroup(running.store, GROUP);
    const { change: since, groups } = await offer(running, DATES[0], GROUP);
    t.match(groups, [{ state: "AGENT_RUN_STATE_WAITING_FOR_APPROVAL", groupWaits: false }]);
    await take(running, 2, charterOf({ purpose: WIDER }));
    const { runs } = await running.api.waitForChanges({ since, holdSeconds: 0 });
    t.match(runs, [{ run: RUN, groups: [{ groupWaits: true }] }]);
  },
);

t.test("a version that widens waits for a person, with what changed in plain words", async (t) => {
  const running = await started(t, [charterOf()]);
  const { store } = running;
  joinGroup(store, GROUP);
  await offer(running, DATES[0], GROUP);
  await running.api.execute({ leases: [lease(RUN)] });
  await until(running.api, RUN, "OUTBOX");
  await take(running, 2, charterOf({ purpose: WIDER }));
  t.equal((await offer(running, DATES[1], GROUP)).state, "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
  t.match(groupLine(groupOf(store), keeperStatus(store)), "its charter has changed and asks for more");
  t.match(
    charterLines(store, GROUP)[0],
    `Changed, and widens: What it is for: ${WIDER} (before: Practices of the glen learn from one another.)`,
  );
  t.equal((await running.api.takeRelease({ run: RUN })).uses.length, 1, "what was released leaves");
  t.same(logged(store, "use-ended"), []);
  t.equal(logged(store, "query-accepted").length, 1);
  joinGroup(store, GROUP);
  await until(running.api, LATER, "READY");
});

t.test("a use that the hub has not confirmed is given anew under the charter accepted next", async (t) => {
  const home = practice(t);
  const running = { ...(await home.start()), store: people(t, home.folder) };
  const { api, store } = running;
  await api.offerLibrary({ bundle: bundle() });
  await offer(running, DATES[0], GROUP);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const charter = charterOf();
  await take(running, 2, charter);
  t.match(logged(store, "use"), [{ charter: "" }]);
  joinGroup(store, GROUP);
  t.match(logged(store, "use")[1], { charter: charterDigest(charter) });
  const { uses } = await api.takeRelease({ run: RUN });
  t.match(uses, [{ group: GROUP, charterDigest: Buffer.from(charterDigest(charter), "hex") }]);
});

t.test("a release that the newer charter does not allow is handed over under no use of it", async (t) => {
  for (const [what, change] of Object.entries({
    "a stricter floor": { floor: "k10-r10" },
    "other queries": { queries: ["diabetes-*"] },
  })) {
    const running = await started(t, [charterOf()]);
    const { store, api } = running;
    joinGroup(store, GROUP);
    await offer(running, DATES[0], GROUP);
    await api.execute({ leases: [lease(RUN)] });
    await until(api, RUN, "OUTBOX");
    t.match(await take(running, 2, charterOf(change)), { accepted: true }, what);
    const { uses } = await api.takeRelease({ run: RUN });
    t.notOk(
      uses.some(({ ended }) => !ended),
      `${what}: no use`,
    );
    t.match(
      (await told(running)).groups,
      [{ group: GROUP, refusal: { code: /floor-not-met|not-in-charter/ } }],
      what,
    );
    t.equal(logged(store, "use").length, 1, `${what}: the one from before`);
  }
});

t.test("a charter of signers who are trusted no more is not accepted", async (t) => {
  const running = await started(t, [charterOf()]);
  const { store } = running;
  joinGroup(store, GROUP);
  t.match(await take(running, 2, charterOf({ purpose: "To be sold." })), { accepted: true });
  t.equal(groupOf(store).charter?.waits, true);
  trustRoot(store, new Signers().root(), person("Ann"));
  joinGroup(store, GROUP);
  t.equal(logged(store, "charter-accepted").length, 1, "only the one from before");
});

t.test("a version that widens nothing is taken by rule, and logged so", async (t) => {
  const running = await started(t, [charterOf()]);
  const { store } = running;
  joinGroup(store, GROUP);
  const narrower = charterOf({ contributors: 6 });
  await take(running, 2, narrower);
  t.match(logged(store, "charter-accepted")[1], {
    charter: charterDigest(narrower),
    by: "rule: a charter that widens nothing",
  });
  t.equal(groupOf(store).charter?.waits, false);
  t.equal((await offer(running, DATES[0], GROUP)).state, "AGENT_RUN_STATE_READY");
});

t.test("a charter of another group changes nothing for this one", async (t) => {
  const running = await started(t, [charterOf({ group: BOARD })], [GROUP]);
  setRule(running.store, GROUP, { rule: "accept-signed" });
  t.equal((await offer(running, DATES[0], GROUP)).state, "AGENT_RUN_STATE_READY");
  t.equal(groupOf(running.store).charter, undefined);
  await send(running, RUN);
  t.match(logged(running.store, "use"), [{ charter: "" }]);
});

t.test(
  "a query outside of the charter is refused for its group alone, before and after it joins",
  async (t) => {
    const outside = { queries: ["diabetes-*"] };
    const running = await started(t, [charterOf(outside), charterOf({ group: BOARD })]);
    const { store, api } = running;
    await offer(running, DATES[0], GROUP);
    joinGroup(store, GROUP);
    const alone = await told(running);
    t.match(alone, { state: "AGENT_RUN_STATE_REFUSED", refusal: { code: "not-in-charter" } });
    t.match(logged(store, "run-refused"), [{ run: RUN, code: "not-in-charter" }]);
    t.match(keeperStatus(store).queries, [{ said: "not in its charter", command: null }]);
    t.throws(() => approve(store, "asthma-seen", GROUP), { code: "not-in-charter" });
    joinGroup(store, BOARD);
    const both = await offer(running, DATES[0], GROUP, BOARD);
    t.equal(both.state, "AGENT_RUN_STATE_READY", "another group gets it");
    const { groups } = await told(running);
    t.match(
      groups.map(({ group, refusal }) => [group, refusal?.code ?? null]),
      [
        [BOARD, null],
        [GROUP, "not-in-charter"],
      ],
    );
    const since = Number((await told(running)).change);
    await offer(running, DATES[0], GROUP, BOARD);
    const again = await api.waitForChanges({ since, holdSeconds: 0 });
    t.same(again.runs, [], "asked again it is no news");
    await send(running, RUN);
    t.match(logged(store, "use"), [{ group: BOARD }]);
    t.equal(logged(store, "use").length, 1);
  },
);

t.test("two charters of one group, and bytes that are none, are no library", async (t) => {
  const running = await started(t, []);
  const twice = await take(running, 2, charterOf(), charterOf({ contributors: 6 }));
  t.match(twice, {
    accepted: false,
    refusal: { code: "library-malformed", words: /both charters of cluster/ },
  });
  const beside = new Map([["charters/cluster.json", Buffer.from("{}")]]);
  const none = await running.api.offerLibrary({ bundle: bundle({ version: 3, beside }) });
  t.match(none, { accepted: false, refusal: { code: "library-malformed", words: /charters.cluster\.json/ } });
});

t.test(
  "the charter's rule holds where the practice has none, and the stricter of both where it has",
  async (t) => {
    const running = await started(t, [
      charterOf({ newQuery: { rule: "accept-after", days: 14 } }),
      charterOf({ group: BOARD, newQuery: { rule: "delegate", body: "the-lmc" } }),
    ]);
    const { store } = running;
    t.match(
      charterLines(store, BOARD).at(-1),
      /^The charter would let the-lmc accept .* someone here is asked, unless cairn agent rules .* leaves it to the-lmc$/,
    );
    joinGroup(store, GROUP);
    joinGroup(store, BOARD);
    t.same(ruleFor(store, GROUP), { rule: "accept-after", days: 14 });
    setRule(store, "any", { rule: "accept-signed" });
    t.same(ruleFor(store, GROUP), { rule: "accept-after", days: 14 }, "a weaker rule changes nothing");
    setRule(store, GROUP, parseRule("accept-after:30"));
    t.same(ruleFor(store, GROUP), { rule: "accept-after", days: 30 });
    setRule(store, GROUP, { rule: "ask" });
    t.same(ruleFor(store, GROUP), { rule: "ask" });
    t.same(ruleFor(store, BOARD), { rule: "ask" }, "nobody here has pinned the keys of that body");
    t.match(
      joinedLines(store, BOARD, (query) => query),
      [/^The charter would let the-lmc accept new questions/],
    );
    t.same(ruleFor(store, "elsewhere"), { rule: "accept-signed" });
  },
);

t.test("the charter's floor is met by the release, whatever the hub asks", async (t) => {
  const running = await started(t, [charterOf({ floor: "k10-r10" }), charterOf({ group: BOARD })]);
  const { store, api } = running;
  joinGroup(store, GROUP);
  await offer(running, DATES[0], GROUP);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  t.match((await api.takeRelease({ run: RUN })).release?.policy, { k: 10, base: 10 });
  leave(store, GROUP);
  joinGroup(store, BOARD);
  await offer(running, DATES[1], BOARD);
  await api.execute({ leases: [lease(LATER)] });
  await until(api, LATER, "OUTBOX");
  t.match((await api.takeRelease({ run: LATER })).release?.policy, { k: 8, base: 5 });
  joinGroup(store, GROUP);
  const late = await offer(running, DATES[1], BOARD, GROUP);
  t.match(
    late.groups.find(({ group }) => group === GROUP)?.refusal,
    { code: "floor-not-met" },
    "a release that was made under a weaker floor is not this group's",
  );
});

t.test("an expired library's charter is not accepted", async (t) => {
  const { store } = await started(t, [charterOf()]);
  store.change(({ db }) => db.prepare("UPDATE library SET expires_at = 1").run());
  t.throws(() => joinGroup(store, GROUP), { code: "library-expired", message: /the charter of cluster/ });
  t.same(logged(store, "group-joined"), []);
});

t.test(
  "the practice's page shows the charter before it is accepted, and accepts only what it showed",
  async (t) => {
    const running = await started(t, [charterOf()]);
    const { store, keeper } = running;
    await offer(running, DATES[0], GROUP);
    const openTo = (deciding?: DecisionContext): string => {
      const [first] = homeModel(keeper, deciding).decisions;
      return `${first?.words} ${first?.form === null || first === undefined ? "" : textOf(first.form)}`;
    };
    t.match(openTo(), "Not for: Performance management.", "also for whoever decides by command");
    t.notMatch(openTo(), "<form");
    t.match(
      openTo({ may: () => true, mayCompare: () => true, token: () => "t" }),
      /Not for: Performance management\.[^]*<form/,
    );
    const seen = groupStands(GROUP)(store);
    await take(running, 2, charterOf({ purpose: WIDER }));
    t.throws(() => joinGroup(store, GROUP, undefined, asSeen(groupStands(GROUP), seen)), { code: "stale" });
    joinGroup(store, GROUP, undefined, asSeen(groupStands(GROUP), groupStands(GROUP)(store)));
    await take(running, 3, charterOf());
    t.match(openTo(), /its charter has changed and asks for more[^]*Changed, and widens: What it is for: /);
  },
);

t.test("the rule in force for a group with a charter is the stricter, and it is said which", async (t) => {
  const running = await started(t, [charterOf(), charterOf({ group: BOARD, newQuery: { rule: "ask" } })]);
  const inForce = () => charteredRules(running.store).map(({ group, rule }) => [group, rule.rule]);
  const charters = [
    [BOARD, "ask"],
    [GROUP, "accept-signed"],
  ];
  t.same(inForce(), charters, "theirs, where the practice has set none");
  setRule(running.store, "any", { rule: "accept-after", days: 7 });
  t.same(inForce(), [charters[0], [GROUP, "accept-after"]]);
});

t.test("an accepted query is said to wait where the group's charter waits", async (t) => {
  const ask = charterOf({ newQuery: { rule: "ask" } });
  const running = await started(t, [ask]);
  const { store } = running;
  await offer(running, DATES[0], GROUP);
  joinGroup(store, GROUP);
  await take(running, 2, { ...ask, purpose: WIDER });
  t.equal(
    approve(store, "asthma-seen", GROUP),
    `asthma-seen is accepted for ${GROUP}, once cairn agent join ${GROUP} accepts its charter`,
  );
});

t.test("whoever sees nothing of a group by its charter sees nothing after it was left", async (t) => {
  const own = charterOf();
  const closed = { ...own, sees: { ...own.sees, clinician: "nothing" } } as Charter;
  const running = await started(t, [closed]);
  await offer(running, DATES[0], GROUP);
  const sees = () => charterHere(running.store, GROUP)?.sees.clinician;
  t.equal(sees(), "nothing", "before anybody accepted it");
  joinGroup(running.store, GROUP);
  t.equal(sees(), "nothing");
  leave(running.store, GROUP);
  t.equal(sees(), "nothing");
  const look = { group: GROUP, query: theQuery(), date: DATES[0], shown: "figures" } as const;
  logComparisonView(running.store, look, person());
  const [seen] = logged(running.store, "comparison-viewed");
  t.match(seen, { charter: charterDigest(closed), purpose: closed.purpose }, "and a look names it");
});

t.test(
  "the export carries the charter that was accepted, the newer one, and the library with their query",
  async (t) => {
    const [first, next] = [charterOf(), charterOf({ purpose: WIDER })];
    const running = await started(t, [first]);
    const { store } = running;
    joinGroup(store, GROUP);
    await take(running, 2, next);
    const beside = [...practiceExportLines(store)].map(
      (line) => JSON.parse(line) as { charter?: { bytes: string }; library?: string },
    );
    const digests = (texts: readonly string[]): string[] =>
      texts.map((text) => createHash("sha256").update(Buffer.from(text, "base64")).digest("hex"));
    t.same(
      digests(beside.flatMap(({ charter }) => charter?.bytes ?? [])).toSorted(),
      [charterDigest(first), charterDigest(next)].toSorted(),
    );
    const verified = logged(store, "library-verified") as { digest: string }[];
    t.same(
      digests(beside.flatMap(({ library }) => library ?? [])),
      [verified.at(-1)?.digest],
      "one holds every query",
    );
  },
);

/** A review date so many days ago. */
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

t.test("a charter whose review is a year overdue accepts no new query, by a rule or a person", async (t) => {
  const running = await started(t, [charterOf({ review: daysAgo(400) })]);
  const { store, api } = running;
  joinGroup(store, GROUP);
  t.equal((await offer(running, DATES[0], GROUP)).state, "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
  t.same(logged(store, "query-accepted"), []);
  const status = keeperStatus(store);
  t.match(groupOf(store).charter, { overdue: { review: daysAgo(400), stopsNewQueries: true } });
  t.match(
    groupLine(groupOf(store), status),
    /more than a year ago, and no new query is accepted until it is/,
  );
  const { query } = status.queries[0]!;
  t.throws(() => approve(store, query, GROUP), { code: "charter-overdue", message: /was to be reviewed by/ });
  await take(running, 2, charterOf());
  joinGroup(store, GROUP);
  await until(api, RUN, "READY");
});

t.test(
  "within that year it is said that the review is due, and what was accepted goes on after it",
  async (t) => {
    const running = await started(t, [charterOf({ review: daysAgo(20) })]);
    const { store, api } = running;
    joinGroup(store, GROUP);
    await offer(running, DATES[0], GROUP);
    await until(api, RUN, "READY");
    t.match(
      groupLine(groupOf(store), keeperStatus(store)),
      /; its charter was to be reviewed by .*, and a year after that no new query is accepted/,
    );
    await take(running, 2, charterOf({ review: daysAgo(400) }));
    joinGroup(store, GROUP);
    await offer(running, DATES[1], GROUP);
    await until(api, LATER, "READY");
  },
);
