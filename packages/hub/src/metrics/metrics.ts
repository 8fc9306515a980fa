/**
 * What a monitoring program reads of the hub: counts, times and sizes. No practice, group, query or person is in it, as a
 * label or as a value.
 */
import { statSync } from "node:fs";
import { WireRefusal, type HubHandlers } from "@cairn/wire";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { backedUpAt } from "../backup.js";
import type { Hub } from "../hub.js";
import type { ParkedPolls } from "../link/parking.js";

/** A poll waits until there is something to say, so that its time is no sign of a slow hub. */
const WAITING_CALL = "poll";
const CALL_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30];
const DAY_MS = 86_400_000;

/** Counts by labels, as they are when somebody asks. */
type Counts = () => Promise<{ readonly labels: Record<string, string>; readonly count: number }[]>;

export class HubMetrics {
  readonly #registry = new Registry();
  readonly #calls = new Counter({
    name: "cairn_hub_calls_total",
    help: "Calls of agents by name and outcome: ok, fault, or the code of a refusal",
    labelNames: ["call", "outcome"],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: "cairn_hub_call_seconds",
    help: "Time of each call of an agent but polls, which wait",
    labelNames: ["call"],
    buckets: CALL_SECONDS,
    registers: [this.#registry],
  });

  readonly #unread = new Gauge({
    name: "cairn_hub_unread",
    help: "Figures of the hub that are left out here, as they could not be read",
    registers: [this.#registry],
  });
  /** Reads what a figure is now. @returns whether it could be read */
  readonly #figures: (() => Promise<boolean>)[] = [];

  constructor(hub: Hub, parking: ParkedPolls) {
    const { files, readiness, settings } = hub;
    collectDefaultMetrics({ register: this.#registry }); // of the process: CPU, memory, delay of the event loop
    this.#value("ready", "1 where /readyz answers 200", () => (readiness.problem() === null ? 1 : 0));
    this.#value("parked_polls", "Polls that wait until there is something to say", () => parking.size);
    this.#value(
      "due_round_seconds",
      "Time of the last round of what is due",
      () => readiness.lastRound / 1000,
    );
    this.#value("store_bytes", "Bytes of the database with its write-ahead log", () =>
      bytesOf(files.database, `${files.database}-wal`),
    );
    this.#value(
      "backup_age_seconds",
      "Time since the last cairn hub backup; absent where there was none",
      () => {
        const at = backedUpAt(files);
        return at === null ? null : (settings.now() - at) / 1000;
      },
    );
    this.#counts("certificate_days", "Days until a certificate ends", ["certificate"], async () =>
      readiness.certificates.map(({ name, end }) => ({
        labels: { certificate: name },
        count: (end - settings.now()) / DAY_MS,
      })),
    );
    this.#counts("agents", "Agents by state and the version that they said last", ["state", "version"], () =>
      agentCounts(hub),
    );
    this.#counts("runs", "Runs by state", ["state"], () => runCounts(hub));
    this.#counts("releases", "Releases that are here", [], () => total(hub, "release"));
    const conflicts = "Releases refused because another one counts for their run";
    this.#counts("conflicts", conflicts, [], () => total(hub, "release_conflict"));
  }

  /** The handlers, each call counted and timed. */
  counting(handlers: HubHandlers): HubHandlers {
    const counted = Object.entries(handlers as unknown as Record<string, AnyHandler>).map(
      ([call, handler]) => {
        const answer: AnyHandler = async (...asked) => {
          const end = call === WAITING_CALL ? () => 0 : this.#seconds.startTimer({ call });
          try {
            const reply = await handler(...asked);
            this.#calls.inc({ call, outcome: "ok" });
            return reply;
          } catch (error) {
            const outcome = error instanceof WireRefusal ? error.code : "fault";
            this.#calls.inc({ call, outcome });
            throw error;
          } finally {
            end();
          }
        };
        return [call, answer];
      },
    );
    return Object.fromEntries(counted) as HubHandlers;
  }

  /** All of it in Prometheus's text format, version 0.0.4; a figure that cannot be read is left out, and counted as unread. */
  async text(): Promise<string> {
    const areRead = await Promise.all(this.#figures.map((read) => read()));
    this.#unread.set(areRead.filter((isRead) => !isRead).length);
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #value(name: string, help: string, read: () => number | null): void {
    this.#counts(name, help, [], async () => {
      const count = read();
      return count === null ? [] : [{ labels: {}, count }];
    });
  }

  #counts(name: string, help: string, labelNames: string[], read: Counts): void {
    const gauge = new Gauge({ name: `cairn_hub_${name}`, help, labelNames, registers: [this.#registry] });
    this.#figures.push(async () => {
      const counts = await read().catch(() => null);
      gauge.reset();
      if (labelNames.length === 0) gauge.remove(); // which a reset makes 0
      for (const { labels, count } of counts ?? []) gauge.set(labels, count);
      return counts !== null;
    });
  }
}

type AnyHandler = (...asked: unknown[]) => Promise<unknown>;

async function total({ store }: Hub, of: "release" | "release_conflict"): ReturnType<Counts> {
  const { count } = await store.db
    .selectFrom(of)
    .select((each) => each.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return [{ labels: {}, count }];
}

async function runCounts({ store }: Hub): ReturnType<Counts> {
  const rows = await store.db
    .selectFrom("run")
    .select(["state", (each) => each.fn.countAll<number>().as("count")])
    .groupBy("state")
    .execute();
  return rows.map(({ state, count }) => ({ labels: { state }, count }));
}

/** An agent's version is its own word: one that does not read as a version is counted as `other`. */
async function agentCounts(hub: Hub): ReturnType<Counts> {
  const rows = await hub.store.db
    .selectFrom("agent")
    .select(["state", "version", (of) => of.fn.countAll<number>().as("count")])
    .groupBy(["state", "version"])
    .execute();
  const counts = new Map<string, { labels: { state: string; version: string }; count: number }>();
  for (const { state, version, count } of rows) {
    const labels = { state, version: /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(version) ? version : "other" };
    const key = `${labels.state} ${labels.version}`;
    counts.set(key, { labels, count: count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()];
}

function bytesOf(...paths: string[]): number {
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
