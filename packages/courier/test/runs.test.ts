/** H5: before anything runs, the hub is asked for what a keeper put back from a snapshot may have forgotten. */
import t from "tap";
import { UnreachableError } from "@cairn/wire";
import { Backoff } from "../src/backoff.js";
import { CellCounts } from "../src/work/cells.js";
import { HubRestoreDetector, type Courier } from "../src/work/courier.js";
import { keepWorking } from "../src/work/runs.js";
import { Tracker } from "../src/work/tracker.js";

t.test(
  "each keeper that starts is given what came after its newest receipt, before a run is claimed",
  async (t) => {
    const ending = new AbortController();
    const calls: string[] = [];
    const ready = {
      run: "r1",
      state: "AGENT_RUN_STATE_READY",
      query: "q",
      referenceDate: "2025-03-31",
      groups: [],
    };
    const held = { assignment: { run: "r0", cells: 3 }, release: {}, withdrawal: null, uses: [] };
    const answers = {
      giveBack: ({ after }: { after: number }) => {
        calls.push(`give back after ${after}`);
        return after === 7 ? { held: [held], next: 9 } : { held: [], next: 0 };
      },
      takeBack: ({ all }: { all: boolean }) => calls.push(`take back${all ? " all" : ""}`),
      report: () => ({ receipts: [], refusals: [], holdsMore: false }),
      claim: () => {
        calls.push("claim");
        if (calls.filter((call) => call === "claim").length === 2) ending.abort();
        return { leases: [{ run: "r1", seconds: 60 }], refusals: [] };
      },
      describe: () => ({ receiptsTo: 7, paused: false }),
      waitForChanges: () => ({ runs: [ready], change: 1 }),
      execute: () => {
        throw new UnreachableError("unavailable", "the keeper was restarted");
      },
    };
    const api = Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => [name, async (said: never) => answer(said)]),
    );
    const newBackoff = () => new Backoff({ random: () => 0 });
    await keepWorking({
      hub: { call: (ask: (hub: typeof api) => unknown) => ask(api) },
      keeper: api,
      runs: new Tracker(newBackoff),
      cells: new CellCounts(t.testdir({ "groups.json": "{}" })),
      hubRestored: new HubRestoreDetector(),
      now: () => 0,
      newBackoff,
      isFatal: () => false,
      say: () => undefined,
      signal: ending.signal,
    } as unknown as Courier);
    const once = ["give back after 7", "take back", "give back after 9", "claim"];
    t.same(calls, [...once, ...once]);
  },
);
