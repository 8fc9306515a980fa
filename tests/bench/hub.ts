/** What the hub's own bookkeeping takes: a firing, a round with nothing due, a change while polls wait, and a release. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { addSchedule, doWhatIsDue, initHub, openHub, type Hub } from "@cairn/hub";
import { cellsOf } from "@cairn/query-library";
import type { HubHandlers, PollRequest__Output, ReportRequest__Output } from "@cairn/wire";
import { newestQueries, queryByDigest } from "../../packages/hub/src/library/queries.js";
import { handlers } from "../../packages/hub/src/link/handlers.js";
import { ParkedPolls } from "../../packages/hub/src/link/parking.js";
import type { RunRow } from "../../packages/hub/src/store/tables.js";
import { publishFolder } from "../../packages/hub/test/publish-folder.js";
import { atMost, type Figure } from "./figures.js";
import { answersOf, GROUP, senders, type Sender } from "./senders.js";

/** What one agent asks of the hub in one call. */
const CLAIMED = 128;
const SENT = 64;

const SILENT = { info: () => undefined, error: () => undefined } as unknown as Parameters<typeof handlers>[2];

interface Size {
  readonly practices: number;
  readonly queries: number;
  readonly dates: number;
  /** Practices that wait for news at the same time. */
  readonly parked: number;
  /** Practices that send all that was asked of them. */
  readonly sending: number;
}

export async function hubWork(size: Size): Promise<Figure[]> {
  const figures: Figure[] = [];
  await withHub(size.practices, async (hub, agents, library) => {
    figures.push(...(await firing(hub, size)));
    figures.push(await idle(hub, size));
    figures.push(await backfill(hub, agents.slice(0, size.sending), library));
  });
  await withHub(size.parked, async (hub, agents) => figures.push(await oneChange(hub, agents)));
  return figures;
}

async function withHub(
  practices: number,
  work: (hub: Hub, agents: readonly Sender[], library: Buffer) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-hub-"));
  await initHub(join(folder, "hub"), ["localhost"]);
  const hub = openHub(join(folder, "hub"));
  try {
    const library = Buffer.from((await publishFolder(hub, null)).digest, "hex");
    await work(hub, await senders(hub, practices), library);
  } finally {
    await hub.store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Fires one schedule for all practices, while something else reads the database every 20 ms, as a page does. */
async function firing(hub: Hub, { practices, queries, dates }: Size): Promise<Figure[]> {
  const names = [...(await newestQueries(hub, hub.store.db)).keys()].slice(0, queries);
  await addSchedule(hub, {
    ...{ group: GROUP, queries: names, every: "quarter", periods: dates, until: "2026-09-30" },
    ...{ cron: null, timezone: "Europe/London", catchUp: "latest", catchUpWindow: 0, spread: 0 },
    collectFor: 365 * 86_400_000,
  });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let longest = 0;
  let done = false;
  const reader = (async () => {
    while (!done) {
      const from = performance.now();
      await hub.store.db.selectFrom("practice").select("id").limit(1).execute();
      longest = Math.max(longest, performance.now() - from);
      await pause(20);
    }
  })();
  await pause(50);
  delay.enable();
  const before = process.cpuUsage();
  await doWhatIsDue(hub);
  const { user, system } = process.cpuUsage(before);
  await pause(50); // what was kept waiting is counted, too
  delay.disable();
  done = true;
  await reader;
  const made = await hub.store.db
    .selectFrom("run")
    .select(({ fn }) => fn.countAll<number>().as("runs"))
    .executeTakeFirstOrThrow();
  const most = names.length * dates * practices;
  if (made.runs === 0 || made.runs > most) throw new Error(`hub: ${made.runs} runs were made of ${most}`);
  const work = `firing ${made.runs} runs`;
  return [
    atMost(work, (user + system) / 1000, "ms CPU", (15_000 * made.runs) / 192_000),
    atMost(`${work}: the longest that a read waits`, Math.max(longest, delay.max / 1e6), "ms", 500),
  ];
}

/** A round with nothing due, of which there are two a second. */
async function idle(hub: Hub, { practices }: Size): Promise<Figure> {
  const { open } = await hub.store.db
    .selectFrom("collection")
    .select(({ fn }) => fn.countAll<number>().as("open"))
    .where("closed_at", "is", null)
    .executeTakeFirstOrThrow();
  const rounds = 5;
  await doWhatIsDue(hub);
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i++) await doWhatIsDue(hub);
  const { user, system } = process.cpuUsage(before);
  const work = `idle: ${practices} practices, ${open} open collections`;
  return atMost(work, (2 * (user + system)) / 1000 / rounds / 10, "% of a core", 1);
}

/** All that is asked of some practices, sent as an agent does: claimed, reported, submitted, reported; what is due between. */
async function backfill(hub: Hub, agents: readonly Sender[], library: Buffer): Promise<Figure> {
  const calls = handlers(hub, new ParkedPolls(), SILENT);
  let spent = 0;
  let sent = 0;
  let round = 0;
  const measured = async (work: () => Promise<unknown>): Promise<void> => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    spent += (user + system) / 1000;
  };
  const runs = new Map<Sender, RunRow[]>();
  for (const agent of agents) runs.set(agent, await runsOf(hub, agent));
  while ([...runs.values()].some((left) => left.length > 0)) {
    for (const agent of agents) {
      const batch = (runs.get(agent) ?? []).splice(0, CLAIMED);
      const context = { peer: agent.certificate, signal: new AbortController().signal };
      const messages = await messagesOf(hub, agent, batch, library);
      await measured(async () => {
        await calls.claim({ runs: batch.map(({ id }) => id), idempotencyKey: randomUUID() }, context);
        for (const message of messages) {
          const { refusals } = await calls.submit(message, context);
          if (refusals?.length) throw new Error(`hub: refused: ${refusals[0]?.refusal?.words ?? ""}`);
        }
        await calls.report(reportOf(batch), context);
      });
      sent += batch.length;
      if (performance.now() - round < 500) continue;
      await measured(() => doWhatIsDue(hub));
      round = performance.now();
    }
  }
  await measured(() => doWhatIsDue(hub));
  const { n } = await hub.store.db
    .selectFrom("release")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow();
  if (n !== sent) throw new Error(`hub: ${n} of ${sent} releases count`);
  return atMost(
    `back-fill: ${agents.length} practices, ${sent} releases`,
    spent / sent,
    "ms CPU a release",
    0.4,
  );
}

async function runsOf(hub: Hub, { agent }: Sender): Promise<RunRow[]> {
  return hub.store.db
    .selectFrom("run")
    .selectAll()
    .where("practice", "=", agent.practice)
    .orderBy("reference_date")
    .orderBy("query")
    .execute();
}

async function messagesOf(
  hub: Hub,
  agent: Sender,
  batch: readonly RunRow[],
  library: Buffer,
): Promise<ReturnType<typeof answersOf>[]> {
  const cells = new Map<RunRow, number>();
  for (const run of batch)
    cells.set(
      run,
      cellsOf(await queryByDigest(hub, run.query_digest, hub.store.db), run.reference_date).length,
    );
  const messages = [];
  for (let from = 0; from < batch.length; from += SENT)
    messages.push(answersOf(agent, batch.slice(from, from + SENT), library, (run) => cells.get(run) ?? 0));
  return messages;
}

function reportOf(batch: readonly RunRow[]): ReportRequest__Output {
  const runs = batch.map((run) => ({
    ...{ run: run.id, state: "AGENT_RUN_STATE_ACKNOWLEDGED" as const, attempt: 1, refusal: null, change: 1 },
    ...{ query: run.query, referenceDate: run.reference_date, withdrawal: null },
    groups: [
      { group: GROUP, state: "AGENT_RUN_STATE_READY" as const, refusal: null, use: null, groupWaits: false },
    ],
  }));
  return { runs, consents: [], idempotencyKey: randomUUID() };
}

/** One practice reports while all wait: what the hub spends until all wait again. */
async function oneChange(hub: Hub, agents: readonly Sender[]): Promise<Figure> {
  const parking = new ParkedPolls();
  hub.store.onChange((concerned) => parking.wake(concerned));
  const calls = handlers(hub, parking, SILENT);
  const gone = new AbortController();
  const waiting = await parkedOf(hub, calls, agents, gone.signal);
  const taken: number[] = [];
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    const [one] = agents as readonly [Sender];
    await calls.report(
      { runs: [], consents: [], idempotencyKey: randomUUID() },
      { peer: one.certificate, signal: gone.signal },
    );
    await settled(hub);
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / 1000);
  }
  parking.close();
  gone.abort();
  if ((await Promise.all(waiting)).some(({ assignments }) => assignments?.length))
    throw new Error("hub: a poll was answered that should wait");
  return atMost(`one change, ${agents.length} parked polls`, taken.sort((a, b) => a - b)[2]!, "ms CPU", 20);
}

type Polled = Awaited<ReturnType<HubHandlers["poll"]>>;

async function parkedOf(
  hub: Hub,
  calls: HubHandlers,
  agents: readonly Sender[],
  signal: AbortSignal,
): Promise<Promise<Polled>[]> {
  const first = agents[0] as Sender;
  const ask = ({ agent }: Sender, libraryEdition: string, holdSeconds: number): PollRequest__Output => ({
    ...{ instance: agent.instance, generation: 1, knownRuns: [], holdSeconds, coversTo: "2026-12-31" },
    ...{ libraryEdition, libraryVersion: "1", paused: false, agentVersion: "0.1.0", comparisonsFrom: 0 },
    ...{ sentAt: hub.settings.now(), decidedCharters: { digests: [] } },
  });
  const { libraryEdition = "" } = await calls.poll(ask(first, "", 0), { peer: first.certificate, signal });
  const waiting = agents.map((one) =>
    calls.poll(ask(one, libraryEdition, 600), { peer: one.certificate, signal }),
  );
  await settled(hub);
  return waiting;
}

/** Waits until no poll looks for news any more. */
async function settled(hub: Hub): Promise<void> {
  for (let quiet = 0; quiet < 3;) {
    const from = performance.now();
    await pause(60);
    await hub.store.db.selectFrom("practice").select("id").limit(1).execute();
    quiet = performance.now() - from < 75 ? quiet + 1 : 0;
  }
}

export const QUICK: Size = { practices: 50, queries: 20, dates: 8, parked: 200, sending: 2 };
export const WHOLE: Size = { practices: 200, queries: 92, dates: 16, parked: 1_000, sending: 2 };
