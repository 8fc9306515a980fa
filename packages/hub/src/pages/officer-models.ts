/** Looks up what the governance officer's pages show: the log, and the facts of runs that stand beside it. */
import { setImmediate } from "node:timers/promises";
import type { Entry } from "@cairn/audit-log";
import {
  decodeHub,
  hubLines,
  reportOf,
  type GroupRun,
  type HubEntry,
  type LogReport,
  type UnreadEntry,
} from "@cairn/ledger";
import type { LogReportPage } from "@cairn/pages";
import { WireRefusal } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { queryByDigest } from "../library/queries.js";

/** Entries that are read before others get their turn. */
const AT_ONCE = 2_000;

/** The account of a group in a month. @param month as `reportOf` takes it */
export async function groupReport(hub: Hub, group: string, month: string): Promise<LogReport> {
  const lines = hubLines(await entriesOf(hub), group, await runsOf(hub, group));
  return reportOf(lines, month);
}

/** Those queries of an account in plain words that the hub has published. */
export async function queriesOf(hub: Hub, { queries }: LogReport): Promise<LogReportPage["queries"]> {
  return Promise.all(
    queries.map(async ({ query: name, version, digest }) => {
      const query = await queryByDigest(hub, digest, hub.store.db).catch((error: unknown) => {
        if (error instanceof WireRefusal) return null;
        throw error;
      });
      return { name: `${name} ${version}`, query };
    }),
  );
}

/** Every entry of the hub's logs, the oldest first; agents and other readers are served meanwhile. */
async function entriesOf({ store: { log } }: Hub): Promise<(HubEntry | UnreadEntry)[]> {
  const entries = [...log.pastEntries()].map(decodeHub);
  const { size } = log;
  for (let from = 0; from < size; from += AT_ONCE) {
    for (const entry of upTo(log.entries(from), Math.min(size, from + AT_ONCE)))
      entries.push(decodeHub(entry));
    await setImmediate();
  }
  return entries;
}

function* upTo(entries: Iterable<Entry>, end: number): IterableIterator<Entry> {
  for (const entry of entries) {
    if (entry.position >= end) return;
    yield entry;
  }
}

/** The runs that a group asked for, with the size of each release that the hub holds. */
async function runsOf({ store: { db } }: Hub, group: string): Promise<Map<string, GroupRun>> {
  const runs = await db
    .selectFrom("run_request as request")
    .innerJoin("run", "run.id", "request.run")
    .select(["run.id", "run.query", "run.query_version", "run.query_digest", "run.reference_date"])
    .where("request.group_name", "=", group)
    .execute();
  const releases = await db
    .selectFrom("release")
    .innerJoin("run_request as request", "request.run", "release.run")
    .select(["release.run", "release.digest"])
    .select(({ fn }) => fn<number>("length", ["release.bytes"]).as("size"))
    .where("request.group_name", "=", group)
    .execute();
  const sizes = new Map<string, Map<string, number>>();
  for (const { run, digest, size } of releases) {
    const own = sizes.get(run) ?? new Map<string, number>();
    sizes.set(run, own.set(digest.toString("hex"), Number(size)));
  }
  return new Map(
    runs.map((run) => [
      run.id,
      {
        ...{ query: run.query, version: run.query_version, digest: run.query_digest },
        ...{ date: run.reference_date, sizes: sizes.get(run.id) ?? new Map<string, number>() },
      },
    ]),
  );
}
