/** H3: a decline, a pause and a leave hold what is on its way, at every step until the hub has acknowledged it. */
import t, { type Test } from "tap";
import { withoutOptOuts } from "../../records/src/opt-outs.js";
import type { Outcome } from "../src/answering/answer.js";
import { answer, memorySource } from "@cairn/engine";
import type { Query } from "@cairn/query-library";
import { approve, decline } from "../src/decisions/approve.js";
import { approveRelease } from "../src/decisions/held-releases.js";
import { join as joinGroup, leave } from "../src/decisions/membership.js";
import { person } from "../src/store/person.js";
import { pause, resume, setFloor, setHold, setRule } from "../src/decisions/standing-decisions.js";
import { allowCorrection, withdraw } from "../src/decisions/withdraw.js";
import { keeperStatus } from "../src/status.js";
import type { KeeperStore } from "../src/store/store.js";
import {
  assignment,
  bundle,
  DATES,
  GROUP,
  PATIENTS,
  practice,
  receipt,
  until,
  runOn,
} from "./fixtures/practice.js";
import { lease, people, RUN, told, WHY } from "./fixtures/released.js";

const QUERY = "asthma-seen";
const BOARD = "board";

/** What stops everything of this run, and what lets it go on. */
const STOPS: readonly [string, (store: KeeperStore) => void, (store: KeeperStore) => void][] = [
  ["declined", (store) => decline(store, QUERY), (store) => approve(store, QUERY)],
  [
    "declined for its group",
    (store) => decline(store, QUERY, GROUP),
    (store) => approve(store, QUERY, GROUP),
  ],
  ["its group left", (store) => leave(store, GROUP), (store) => joinGroup(store, GROUP)],
];

/** Answers when it is told to. */
function gated(): {
  readonly answer: (job: { query: Query; dates: readonly string[] }) => Promise<Outcome>;
  go(): void;
} {
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  return {
    go: () => go(),
    answer: async (job) => {
      await gate;
      const [tables = []] = answer(memorySource(PATIENTS), [job.query], job.dates, withoutOptOuts());
      return {
        outcome: "answered",
        answer: { tables, recordBasis: "RECORD_BASIS_REGISTRATIONS", optOutCodes: "00" },
      };
    },
  };
}

async function offered(
  t: Test,
  options: { groups?: string[]; answer?: ReturnType<typeof gated>["answer"] } = {},
) {
  const { groups = [GROUP] } = options;
  const home = practice(t, "accept-signed", groups);
  const running = await home.start(options.answer ? { answer: options.answer } : {});
  await running.api.offerLibrary({ bundle: bundle() });
  await running.api.offerRuns({ assignments: groups.map((group) => assignment(DATES[0], { group })) });
  return { running, api: running.api, store: people(t, home.folder) };
}

const released = (store: KeeperStore): boolean =>
  store.db.prepare("SELECT 1 FROM release").get() !== undefined;
const kinds = (store: KeeperStore): string[] => [...store.log.entries()].map(({ kind }) => kind);

for (const [how, stop, go] of STOPS) {
  t.test(`${how} while it runs: the result is dropped`, async (t) => {
    const gate = gated();
    const { api, store } = await offered(t, { answer: gate.answer });
    await api.execute({ leases: [lease(RUN)] });
    await until(api, RUN, "RUNNING");
    stop(store);
    await until(api, RUN, "DECLINED");
    gate.go();
    await new Promise((resolve) => setTimeout(resolve, 300));
    t.notOk(released(store), "nothing was released");
    t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");
    go(store);
    await until(api, RUN, "READY");
  });

  t.test(`${how} while it is held: it is not let go`, async (t) => {
    const { api, store } = await offered(t);
    setHold(store, true);
    await api.execute({ leases: [lease(RUN)] });
    await until(api, RUN, "ON_HOLD");
    stop(store);
    await until(api, RUN, "DECLINED");
    t.throws(() => approveRelease(store, RUN), { code: "nothing-waits" });
    go(store);
    await until(api, RUN, "ON_HOLD");
  });

  t.test(
    `${how} while it waits to be sent: it does not leave, and does once it is asked for after all`,
    async (t) => {
      const { api, store } = await offered(t);
      await api.execute({ leases: [lease(RUN)] });
      await until(api, RUN, "OUTBOX");
      stop(store);
      t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released", "from this second");
      await until(api, RUN, "DECLINED");
      go(store);
      await until(api, RUN, "OUTBOX");
      const { uses } = await api.takeRelease({ run: RUN });
      t.match(uses, [{ group: GROUP, ended: false }]);
      t.equal(kinds(store).filter((kind) => kind === "released").length, 1, "it was made once");
    },
  );

  t.test(
    `${how} while it is being sent: the log says that it had left, and how it is taken back`,
    async (t) => {
      const { running, api, store } = await offered(t);
      await api.execute({ leases: [lease(RUN)] });
      await until(api, RUN, "OUTBOX");
      const { release, uses } = await api.takeRelease({ run: RUN });
      stop(store);
      t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");
      const [mine] = (await told(running)).groups;
      t.match(mine, { state: "AGENT_RUN_STATE_DECLINED", use: { ended: true } }, "its use is ended at once");
      const arrived = [receipt(RUN, release!.release), receipt(RUN, release!.release, 8, { group: GROUP })];
      await api.acknowledge({ receipts: arrived });
      t.ok(kinds(store).includes("left-before-declined"));
      const after = await told(running);
      t.equal(after.state, "AGENT_RUN_STATE_ACKNOWLEDGED");
      t.match(after.groups, [
        { state: "AGENT_RUN_STATE_DECLINED", use: { ended: true, releaseDigest: uses[0]!.releaseDigest } },
      ]);
      t.equal(keeperStatus(store).runs[0]?.withdraw, `cairn agent withdraw ${RUN} --why TEXT`);
      withdraw(store, RUN, WHY);
      await until(api, RUN, "WITHDRAWN");
    },
  );

  t.test(`${how} after the hub has confirmed it: it stays until it is withdrawn`, async (t) => {
    const { running, api, store } = await offered(t);
    await api.execute({ leases: [lease(RUN)] });
    await until(api, RUN, "OUTBOX");
    const { release } = await api.takeRelease({ run: RUN });
    await api.acknowledge({
      receipts: [receipt(RUN, release!.release), receipt(RUN, release!.release, 8, { group: GROUP })],
    });
    stop(store);
    t.match((await told(running)).groups, [{ state: "AGENT_RUN_STATE_READY", use: { ended: false } }]);
    const next = runOn(DATES[1]);
    await api.offerRuns({ assignments: [assignment(DATES[1])] });
    await until(api, next, "DECLINED");
  });
}

t.test("declined for one of two groups while it runs, it is made for the other alone", async (t) => {
  const gate = gated();
  const { running, api, store } = await offered(t, { groups: [GROUP, BOARD], answer: gate.answer });
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "RUNNING");
  decline(store, QUERY, BOARD);
  gate.go();
  await until(api, RUN, "OUTBOX");
  const { uses } = await api.takeRelease({ run: RUN });
  t.same(
    uses.map(({ group }) => group),
    [GROUP],
  );
  const { groups } = await told(running);
  t.match(
    groups.find(({ group }) => group === BOARD),
    { state: "AGENT_RUN_STATE_DECLINED" },
  );
});

t.test("hold set while it runs: what it makes waits for a look", async (t) => {
  const gate = gated();
  const { api, store } = await offered(t, { answer: gate.answer });
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "RUNNING");
  setHold(store, true);
  gate.go();
  await until(api, RUN, "ON_HOLD");
  t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");
});

t.test("declined for one of two groups, only that group's use is held or ended", async (t) => {
  const { running, api, store } = await offered(t, { groups: [GROUP, BOARD] });
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const { release } = await api.takeRelease({ run: RUN });
  decline(store, QUERY, BOARD);
  const { uses } = await api.takeRelease({ run: RUN });
  t.match(uses, [{ group: GROUP }]);
  t.equal(uses.length, 1);
  await api.acknowledge({ receipts: [receipt(RUN, release!.release)] });
  const { state, groups } = await told(running);
  t.equal(state, "AGENT_RUN_STATE_ACKNOWLEDGED");
  t.match(groups, [
    { group: BOARD, state: "AGENT_RUN_STATE_DECLINED", use: { ended: true } },
    { group: GROUP, state: "AGENT_RUN_STATE_READY", use: { ended: false } },
  ]);
  t.notOk(kinds(store).includes("left-before-declined"));
  approve(store, QUERY, BOARD);
  const [board] = (await told(running)).groups;
  t.match(
    board,
    { state: "AGENT_RUN_STATE_READY", use: { ended: false } },
    "asked for after all: a use anew",
  );
});

t.test("paused while it is being sent, it is not handed over again", async (t) => {
  const { api, store } = await offered(t);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  pause(store);
  t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "paused");
  resume(store);
  t.ok((await api.takeRelease({ run: RUN })).release);
});

t.test("each decision in the log names its person, and a name is text that can be printed", async (t) => {
  const { api, store } = await offered(t, { groups: [GROUP, BOARD] });
  const ann = person(" Ann \u001b[31mPractice\u202e\nManager ");
  t.equal(ann, "Ann [31mPractice Manager");
  t.equal([...person("x".repeat(300))].length, 100);
  t.throws(() => person("\u001b\u0007"), { code: "name-wrong", kind: "wrong-use" });
  const before = store.log.size;
  pause(store, ann);
  resume(store, ann);
  setRule(store, "any", { rule: "ask" }, ann);
  setHold(store, true, ann);
  setFloor(store, "k8-r5", ann);
  decline(store, QUERY, null, ann);
  approve(store, QUERY, GROUP, ann);
  joinGroup(store, "third", ann);
  leave(store, "third", ann);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "ON_HOLD");
  approveRelease(store, RUN, ann);
  withdraw(store, RUN, WHY, ann);
  allowCorrection(store, RUN, ann);
  const decisions = [...store.log.entries(before)].filter(({ body }) => body["by"] === ann);
  t.same(
    decisions.map(({ kind }) => kind),
    [
      ...[
        "paused",
        "resumed",
        "rule-set",
        "setting-changed",
        "setting-changed",
        "query-declined",
        "query-accepted",
      ],
      ...["group-joined", "group-left", "release-approved", "withdrawn", "correction-allowed"],
    ],
  );
  pause(store);
  t.equal([...store.log.entries()].at(-1)?.body["by"], person(), "the system's user where nobody is named");
});

for (const [how, stop] of [
  ["declined", (store: KeeperStore) => decline(store, QUERY, "board")],
  ["left", (store: KeeperStore) => leave(store, "board")],
] as const) {
  t.test(
    `one of two groups is ${how} while the release waits to be sent: it is never told a leave`,
    async (t) => {
      const { running, api, store } = await offered(t, { groups: [GROUP, "board"] });
      await api.execute({ leases: [lease(RUN)] });
      await until(api, RUN, "OUTBOX");
      stop(store);
      const { release, uses } = await api.takeRelease({ run: RUN });
      t.match(uses, [{ group: GROUP }]);
      t.equal(uses.length, 1);
      await api.acknowledge({
        receipts: [receipt(RUN, release!.release), receipt(RUN, release!.release, 8, { group: GROUP })],
      });
      const { groups } = await told(running);
      const board = groups.find(({ group }) => group === "board");
      t.match(board, { state: "AGENT_RUN_STATE_DECLINED", use: { ended: true } });
      t.ok(kinds(store).includes("use-ended"));
    },
  );
}

t.test(
  "accept-after: 14 days from when the practice was told, unless somebody objects by then",
  async (t) => {
    const DAY_MS = 86_400_000;
    const begun = Date.parse("2025-05-01T09:00:00Z");
    const clock = { now: begun };
    const { api, keeper } = await practice(t, null, []).start({ now: () => clock.now });
    const { store } = keeper;
    const [objects, offline] = ["objects", "offline"];
    for (const group of [GROUP, objects, offline]) joinGroup(store, group);
    setRule(store, "any", { rule: "accept-after", days: 14 });
    await api.offerLibrary({ bundle: bundle() });
    /** The hub asks, on a day, at a moment of it. @returns the groups that the log says were accepted, by now */
    const asked = async (day: number, groups: readonly string[], ms = 0): Promise<(string | null)[]> => {
      clock.now = begun + day * DAY_MS + ms;
      await api.offerRuns({ assignments: groups.map((group) => assignment(DATES[0], { group })) });
      const entries = [...store.log.entries()].filter(({ kind }) => kind === "query-accepted");
      t.ok(entries.every(({ body }) => body["by"] === "rule accept-after: 14 days"));
      return entries.map(({ body }) => String(body["group"]));
    };
    t.same(await asked(0, [GROUP, objects]), []);
    t.same(
      await asked(10, [GROUP, objects, offline]),
      [],
      "a hub that asked while this practice was offline",
    );
    t.same(await asked(13, [GROUP, objects, offline]), []);
    decline(store, QUERY, objects);
    t.same(await asked(14, [GROUP, objects, offline], -1), [], "not a moment before");
    t.same(await asked(14, [GROUP, objects, offline]), [GROUP], "nor what was declined on the thirteenth");
    t.same(await asked(24, [GROUP, objects, offline], -1), [GROUP]);
    t.same(await asked(24, [GROUP, objects, offline]), [GROUP, offline], "its time began when it was told");
  },
);

t.test(
  "accept-after: a keeper that was off for ten days takes no day off the time, and adds none",
  async (t) => {
    const DAY_MS = 86_400_000;
    const begun = Date.parse("2025-05-01T09:00:00Z");
    const clock = { now: begun };
    const home = practice(t, null, []);
    const before = await home.start({ now: () => clock.now });
    joinGroup(before.keeper.store, GROUP);
    setRule(before.keeper.store, "any", { rule: "accept-after", days: 14 });
    await before.api.offerLibrary({ bundle: bundle() });
    await before.api.offerRuns({ assignments: [assignment(DATES[0])] });
    await before.stop();
    clock.now = begun + 10 * DAY_MS;
    const after = await home.start({ now: () => clock.now });
    const state = async (day: number, ms = 0): Promise<string> => {
      clock.now = begun + day * DAY_MS + ms;
      await after.api.offerRuns({ assignments: [assignment(DATES[0])] });
      return (await told(after)).state;
    };
    t.equal(await state(10), "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
    t.equal(await state(13), "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
    t.equal(await state(14, -1), "AGENT_RUN_STATE_WAITING_FOR_APPROVAL");
    t.equal(await state(14), "AGENT_RUN_STATE_READY");
  },
);
