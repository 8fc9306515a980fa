/** H3: pause and hold take hold at each step of a run; what waits is stopped by every decision. */
import t, { type Test } from "tap";
import { approve, decline } from "../src/decisions/approve.js";
import { approveRelease } from "../src/decisions/held-releases.js";
import { join as joinGroup, leave } from "../src/decisions/membership.js";
import { pause, resume, setHold } from "../src/decisions/standing-decisions.js";
import type { KeeperStore } from "../src/store/store.js";
import { assignment, bundle, DATES, GROUP, practice, receipt, until } from "./fixtures/practice.js";
import { lease, people, RUN, told } from "./fixtures/released.js";

const QUERY = "asthma-seen";
const BOARD = "board";

async function offered(t: Test, groups = [GROUP], rule: "accept-signed" | null = "accept-signed") {
  const home = practice(t, rule, groups);
  const running = await home.start();
  await running.api.offerLibrary({ bundle: bundle() });
  await running.api.offerRuns({ assignments: groups.map((group) => assignment(DATES[0], { group })) });
  return { running, api: running.api, store: people(t, home.folder) };
}

for (const [how, stop, go] of [
  ["declined", (s: KeeperStore) => decline(s, QUERY), (s: KeeperStore) => approve(s, QUERY)],
  [
    "declined for its group",
    (s: KeeperStore) => decline(s, QUERY, GROUP),
    (s: KeeperStore) => approve(s, QUERY, GROUP),
  ],
  ["its group left", (s: KeeperStore) => leave(s, GROUP), (s: KeeperStore) => joinGroup(s, GROUP)],
] as const)
  t.test(`${how} while it waits to run, or to be accepted: it does not run`, async (t) => {
    const { api, store } = await offered(t);
    await until(api, RUN, "READY");
    stop(store);
    await until(api, RUN, "DECLINED");
    await api.execute({ leases: [lease(RUN)] }).catch(() => undefined);
    await new Promise((r) => setTimeout(r, 300));
    t.equal(store.db.prepare("SELECT 1 FROM release").get(), undefined, "nothing is made");
    t.equal((await told({ api } as never)).state, "AGENT_RUN_STATE_DECLINED");
    go(store);
    await until(api, RUN, "READY");
    const other = await offered(t, [GROUP], null);
    await until(other.api, RUN, "WAITING_FOR_APPROVAL");
    stop(other.store);
    await until(other.api, RUN, "DECLINED");
  });

t.test("paused while it is held: approved or not, it does not leave before the pause is over", async (t) => {
  const { api, store } = await offered(t);
  setHold(store, true);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "ON_HOLD");
  pause(store);
  approveRelease(store, RUN);
  t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "paused");
  resume(store);
  t.ok((await api.takeRelease({ run: RUN })).release);
});

t.test(
  "hold set while it waits to be sent: it waits for a look, and goes once a person approves it",
  async (t) => {
    const { api, store } = await offered(t);
    await api.execute({ leases: [lease(RUN)] });
    await until(api, RUN, "OUTBOX");
    setHold(store, true);
    const { release, refusal } = await api.takeRelease({ run: RUN });
    t.equal(release, null, "from this second");
    t.equal(refusal?.code, "run-not-released");
    await until(api, RUN, "ON_HOLD");
    approveRelease(store, RUN);
    setHold(store, true);
    t.ok((await api.takeRelease({ run: RUN })).release, "what a person has let go is not held again");
  },
);

t.test(
  "hold set while it is being sent: it is not handed over again, and a receipt shows that it had left",
  async (t) => {
    const { running, api, store } = await offered(t);
    await api.execute({ leases: [lease(RUN)] });
    await until(api, RUN, "OUTBOX");
    const { release } = await api.takeRelease({ run: RUN });
    setHold(store, true);
    t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");
    await api.acknowledge({
      receipts: [receipt(RUN, release!.release), receipt(RUN, release!.release, 8, { group: GROUP })],
    });
    t.equal((await told(running)).state, "AGENT_RUN_STATE_ACKNOWLEDGED");
    setHold(store, true);
    t.equal((await told(running)).state, "AGENT_RUN_STATE_ACKNOWLEDGED", "what the hub has stays");
  },
);

t.test(
  "a run held, one of two groups declined or left: it stays held, and leaves for the other alone",
  async (t) => {
    for (const stop of [(s: KeeperStore) => decline(s, QUERY, BOARD), (s: KeeperStore) => leave(s, BOARD)]) {
      const { api, store, running } = await offered(t, [GROUP, BOARD]);
      setHold(store, true);
      await api.execute({ leases: [lease(RUN)] });
      await until(api, RUN, "ON_HOLD");
      stop(store);
      t.equal((await told(running)).state, "AGENT_RUN_STATE_ON_HOLD");
      approveRelease(store, RUN);
      const { release, uses } = await api.takeRelease({ run: RUN });
      t.same(
        uses.map(({ group }) => group),
        [GROUP],
      );
      await api.acknowledge({
        receipts: [receipt(RUN, release!.release), receipt(RUN, release!.release, 8, { group: GROUP })],
      });
      stop(store); // again after it was acknowledged: nothing changes
      t.match(
        (await told(running)).groups.find(({ group }) => group === BOARD),
        { state: "AGENT_RUN_STATE_DECLINED" },
      );
    }
  },
);
