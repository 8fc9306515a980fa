/** H9: what a hub or a courier's folder has lost is told and asked for again, so that nothing stays behind. */
import t, { type Test } from "tap";
import {
  UnreachableError,
  type AcknowledgeRequest,
  type Consent__Output,
  type PollReply__Output,
  type PollRequest,
  type ReportRequest,
} from "@cairn/wire";
import { Backoff } from "../src/backoff.js";
import { CellCounts } from "../src/work/cells.js";
import { HubRestoreDetector, type Courier } from "../src/work/courier.js";
import { keepPolling } from "../src/work/poll.js";
import { passCharters } from "../src/work/second-gate.js";
import { Tracker } from "../src/work/tracker.js";

const NOTHING: PollReply__Output = {
  libraryVersion: "",
  libraryEdition: "",
  assignments: [],
  caBundle: Buffer.alloc(0),
  lostRuns: [],
  checkpoint: "",
  nextPollSeconds: 0,
  offlineAfterSeconds: 0,
  newestComparison: 0,
  quorumSize: 0,
};

const REFUSED = "2026-01-01";
const RECEIPT = { consentDigest: Buffer.alloc(32), hubLogIndex: 1, signature: Buffer.alloc(64) };

function consent(until: string, group = "north"): Consent__Output {
  const bytes = {
    charterDigest: Buffer.alloc(32),
    logRoot: Buffer.alloc(32),
    signature: Buffer.alloc(64, until),
  };
  return { ...bytes, group, to: "supporter", until, ended: false, logIndex: 1, logSize: 2 };
}

/** A courier whose hub gives these replies, one a poll, an error being an outage; it ends after the last. */
function polling(t: Test, ...replies: (Partial<PollReply__Output> | Error)[]) {
  const consents: Consent__Output[] = [];
  const library: string[] = []; // the version that the keeper says, call by call
  const [told, said]: [string[], string[]] = [[], []];
  const acknowledged: unknown[] = [];
  const ending = new AbortController();
  const asked: PollRequest[] = [];
  const api = {
    poll: async (request: PollRequest) => {
      asked.push(request);
      const reply = replies.shift();
      if (replies.length === 0) ending.abort();
      if (reply instanceof Error) throw reply;
      return { ...NOTHING, ...reply };
    },
    report: async ({ consents: some = [] }: ReportRequest) => {
      told.push(...some.map(({ until }) => until ?? ""));
      const isRefused = some.some(({ until }) => until === REFUSED);
      return {
        ...{
          receipts: [],
          refusals: [],
          holdsMore: false,
          consents: isRefused ? [] : some.map(() => RECEIPT),
        },
        consentRefusals: isRefused ? [{ code: "consent-date-wrong", words: "over" }] : [],
      };
    },
  };
  const keeper = {
    describe: async () => ({
      libraryVersion: library.shift() ?? "",
      coversTo: "",
      paused: false,
      historyMissing: false,
      comparisonsFrom: 1,
      consents,
    }),
    acknowledge: async (request: AcknowledgeRequest) => void acknowledged.push(...(request.consents ?? [])),
    offerRuns: async () => ({ runs: [], change: 0 }),
    countersign: async () => ({ refusal: { code: "not-enrolled", words: "no hub to believe here" } }),
  };
  const newBackoff = () => new Backoff({ random: () => 0 });
  const courier = {
    agentVersion: "0.1.0",
    hub: { call: (ask: (hub: typeof api) => unknown) => ask(api) },
    keeper,
    notes: { note: () => undefined, offlineAfter: () => undefined },
    settings: () => ({ generation: 0, instance: "test" }),
    runs: new Tracker(newBackoff),
    cells: new CellCounts(t.testdir()),
    hubRestored: new HubRestoreDetector(),
    now: () => 0,
    newBackoff,
    isFatal: () => false,
    say: (words: string) => void said.push(words),
    signal: ending.signal,
  } as unknown as Courier;
  return { courier, asked, consents, told, said, acknowledged, library };
}

t.test("a hub that was away is told every run anew, however long its log is now", async (t) => {
  const steady = polling(t, {}, {});
  await keepPolling(steady.courier);
  t.equal(steady.asked[0]?.agentVersion, "0.1.0", "each poll says which version this is");
  t.equal(steady.courier.hubRestored.consume(), false);
  const { courier } = polling(t, {}, new UnreachableError("unavailable", "killed"), {}, {});
  await keepPolling(courier);
  t.equal(courier.hubRestored.consume(), true);
  t.equal(courier.hubRestored.consume(), false, "once");
});

t.test("a run whose cells the courier's folder does not know is asked for again", async (t) => {
  const { courier, asked } = polling(t, { assignments: [{ run: "r1", cells: 3 } as never] }, {});
  const change = { attempt: 0, refusal: null, change: 1, withdrawal: null, groups: [] };
  for (const state of ["OUTBOX", "READY"] as const)
    courier.runs.note({
      ...change,
      run: state === "OUTBOX" ? "r1" : "r2",
      state: `AGENT_RUN_STATE_${state}`,
      query: "asthma-seen",
      referenceDate: "2025-03-31",
    });
  await keepPolling(courier);
  t.same(
    asked.map(({ knownRuns }) => knownRuns),
    [[], ["r1"]],
    "else its release could never pass the second gate",
  );
});

t.test("of decided charters digests leave, and nothing else", (t) => {
  const digests = [Buffer.alloc(32, 1), Buffer.from("Mrs Example, born 1948")];
  t.same(passCharters({ digests }), { digests: [Buffer.alloc(32, 1)] });
  t.equal(passCharters(null), null, "of a keeper that does not say");
  t.end();
});

t.test("consents are told again under another version of the library", async (t) => {
  const { courier, consents, told, library } = polling(t, {}, {}, {});
  courier.cells.learned();
  courier.cells.note([{ run: "r1", group: "north", cells: 3 }]);
  consents.push(consent("2026-12-31"));
  library.push("1", "1", "1", "1", "2", "2"); // twice a poll
  await keepPolling(courier);
  t.same(told, ["2026-12-31", "2026-12-31"], "the hub may have set them aside");
});

t.test("a consent is told once and its receipt taken back, and again to a hub that was away", async (t) => {
  const away = new UnreachableError("unavailable", "killed");
  const { courier, consents, told, said, acknowledged } = polling(t, {}, {}, away, {}, {});
  courier.cells.learned();
  courier.cells.note([{ run: "r1", group: "north", cells: 3 }]);
  consents.push(consent("2026-12-31"), consent(REFUSED), consent("2026-11-30", "Mrs Example, born 1948"));
  consents.push({ ...consent("2026-10-31"), to: "a patient" }, consent("of a patient"));
  await keepPolling(courier);
  const once = ["2026-12-31", REFUSED];
  t.same(told, [...once, ...once], "and nothing for a group that the hub never named, or of another form");
  t.same(acknowledged, [RECEIPT, RECEIPT]);
  t.match(said[0], /did not take what this practice said of being named in north: consent-date-wrong: over/);
});
