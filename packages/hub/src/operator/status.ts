/**
 * The status for the hub's operator: the next steps, and how many runs of each practice are in each state, never a
 * number that was released.
 */
import { hubLog } from "@cairn/ledger";
import { sql } from "kysely";
import { listPractices, type ListedPractice } from "../enrolment/practices.js";
import { consentsOf, type StandingConsent } from "../comparisons/consents.js";
import type { Hub } from "../hub.js";
import { stateFor } from "../runs/requests.js";
import type { RunState } from "@cairn/comparisons";
import { charterVersions } from "../library/charters.js";
import { isServed } from "../store/files.js";
import { setAsideOf } from "../comparisons/close.js";
import { authorityStatus } from "./authority-status.js";
import type { NextStep } from "./next-step.js";

/** Number of a practice's runs in each state towards one group; `left` once it has left the group. */
export type RunCounts = Readonly<Partial<Record<RunState | "left", number>>>;

interface GroupStanding {
  readonly group: string;
  /** Whether nobody there has accepted the group that asks, or its newest charter, as the practice's agent says. */
  readonly notAccepted: boolean;
  readonly runs: RunCounts;
  /** To whom (roles of the charter) the practice consents to be named there, up to which day (ISO). */
  readonly named: readonly { readonly to: string; readonly until: string }[];
}

export interface PracticeStanding extends Omit<ListedPractice, "groups"> {
  /** The practice's groups by name; one that it has left follows while it has runs for it. */
  readonly groups: readonly GroupStanding[];
}

export interface HubStatus {
  /** Whether a process serves the hub: agents reach it, and what is due is asked. */
  readonly running: boolean;
  readonly todo: readonly NextStep[];
  readonly practices: readonly PracticeStanding[];
  /** Groups with a charter: the library version that brought it, and its digest in hex. */
  readonly charters: readonly {
    readonly group: string;
    readonly library: string;
    readonly digest: string;
    readonly review: string; // YYYY-MM-DD
    readonly standing: "current" | "overdue" | "stops-new-queries";
  }[];
}

export async function hubStatus(hub: Hub): Promise<HubStatus> {
  const running = isServed(hub.files);
  const listed = await listPractices(hub, running);
  const standings = await standingsOf(hub);
  const charters = await charterVersions(hub);
  const consents = await consentsByGroup(hub, charters);
  const practices = listed.map((one) => {
    const own = standings.filter(({ practice }) => practice === one.practice);
    const names = [...new Set([...one.groups, ...own.map(({ group }) => group)])];
    return {
      ...one,
      groups: names.map((group) => {
        const rows = own.filter((row) => row.group === group);
        const named = (consents.get(group) ?? [])
          .filter(({ name }) => name === one.practice)
          .map(({ to, until }) => ({ to, until }));
        const charter = one.groups.includes(group)
          ? charters.find((each) => each.group === group)
          : undefined;
        const isUndecided = charter !== undefined && one.decidedCharters?.includes(charter.digest) === false;
        const notAccepted = isUndecided || rows.some(({ groupWaits }) => groupWaits);
        return { group, notAccepted, runs: counted(rows), named };
      }),
    };
  });
  return {
    running,
    todo: await todo(hub, practices, running),
    practices,
    charters,
  };
}

/** The consents to be named that count today, of each group with a charter. */
async function consentsByGroup(
  hub: Hub,
  charters: HubStatus["charters"],
): Promise<ReadonlyMap<string, readonly StandingConsent[]>> {
  const all = new Map<string, readonly StandingConsent[]>();
  for (const { group } of charters) all.set(group, await consentsOf(hub.store.db, group, hub.settings.now()));
  return all;
}

interface Standing {
  readonly practice: string; // name
  readonly group: string;
  readonly state: RunState | "left";
  readonly groupWaits: boolean;
  readonly runs: number;
}

/** Number of runs by practice, group and state, counted by the database. */
async function standingsOf(hub: Hub): Promise<Standing[]> {
  const rows = await hub.store.db
    .selectFrom("collection_member as member")
    .innerJoin("collection", "collection.id", "member.collection")
    .innerJoin("practice", "practice.id", "member.practice")
    .innerJoin("run", "run.id", "member.run")
    .leftJoin("run_request as request", (join) =>
      join.onRef("request.run", "=", "run.id").onRef("request.group_name", "=", "collection.group_name"),
    )
    .leftJoin("release_use as use", (join) =>
      join
        .onRef("use.hub_log_index", "=", "request.newest_use")
        .onRef("use.correction", "=", "run.correction"),
    )
    .leftJoin("release", (join) =>
      join
        .onRef("release.run", "=", "run.id")
        .onRef("release.correction", "=", "run.correction")
        .onRef("release.digest", "=", "use.release_digest"),
    )
    .select([
      "practice.name as practice",
      "collection.group_name as group",
      "run.state",
      "request.state as asked",
    ])
    .select(["use.ended", "request.group_waits as groupWaits"])
    .select(sql<number>`run.group_name = collection.group_name`.as("first"))
    .select(sql<number>`release.run IS NOT NULL`.as("here"))
    .select((of) => of.fn.countAll<number>().as("runs"))
    .groupBy(["practice.name", "collection.group_name", "run.state", "request.state", "use.ended"])
    .groupBy(["request.group_waits", "first", "here"])
    .orderBy("collection.group_name")
    .execute();
  return rows.map((row) => {
    const use = row.ended === 1 ? "ended" : row.ended === 0 && row.here === 1 ? "given" : "none";
    const state = stateFor(row.state, row.asked ?? "asked", row.first === 1, use);
    return {
      practice: row.practice,
      group: row.group,
      state,
      groupWaits: row.groupWaits === 1 && state === "waiting-for-approval",
      runs: Number(row.runs),
    };
  });
}

function counted(rows: readonly Standing[]): RunCounts {
  const counts: Partial<Record<RunState | "left", number>> = {};
  for (const { state, runs } of rows) counts[state] = (counts[state] ?? 0) + runs;
  return counts;
}

async function todo(hub: Hub, practices: readonly PracticeStanding[], running: boolean): Promise<NextStep[]> {
  const { db } = hub.store;
  const now = new Date(hub.settings.now()).toISOString();
  const library = await db.selectFrom("library").select("version").limit(1).executeTakeFirst();
  const scheduled = new Set(
    (await db.selectFrom("schedule").select("group_name").execute()).map((row) => row.group_name),
  );
  const admitted = practices.filter(({ state }) => state === "admitted");
  const groups = [...new Set(admitted.flatMap((one) => one.groups.map(({ group }) => group)))].sort();
  const all: NextStep[] = [];
  if (!running)
    all.push({
      what: "The hub does not run, so no agent reaches it. Start its service, or serve it with the addresses that you use:",
      command: ["hub", "serve"],
    });
  if (!library)
    all.push({
      what: "No library is published yet: agents have no query to check.",
      command: ["library", "publish"],
    });
  if (practices.length === 0)
    all.push({ what: "No practice is invited yet.", command: ["hub", "invite", "--from", "FILE"] });
  for (const { practice, waitingFingerprint: fingerprint } of practices)
    if (fingerprint !== null)
      all.push({
        what: `${practice} waits to be admitted. Have the practice read out the fingerprint on its screen, and admit it only if it is ${fingerprint}.`,
        command: ["hub", "admit", practice, "--fingerprint", fingerprint],
      });
  for (const { practice, state, codeUntil } of practices)
    if (state === "invited" && (codeUntil === null || codeUntil < now))
      all.push({
        what: `The join code of ${practice} ended and nobody used it.`,
        command: ["hub", "invite", "--practice", practice],
      });
  for (const group of groups)
    if (library && !scheduled.has(group))
      all.push({
        what: `Nothing is asked of ${group} yet.`,
        command: ["schedule", "add", "--group", group, "--query", "QUERY"],
      });
  const justAdmitted = admittedSince(hub, hub.settings.now() - hub.settings.offlineAfter);
  for (const { practice, online, heardAt } of admitted)
    if (online === false && !(heardAt === null && justAdmitted.has(practice)))
      all.push({
        what: `Ask ${practice} to look at its agent, which ${heardAt === null ? "has not called since it was admitted" : "is offline"}: cairn agent status there says why.`,
      });
  for (const group of groups) {
    const aside = await setAsideOf(hub, group);
    if (aside.length > 0)
      all.push({
        what: `${aside.length === 1 ? "A collection" : `${aside.length} collections`} of ${group} could not be closed.`,
        command: ["hub", "close", "--group", group],
      });
  }
  for (const { practice, groups: own } of admitted)
    for (const { group, notAccepted } of own)
      if (notAccepted)
        all.push({
          what: `${practice} has not decided about ${group}, or about its newest charter; nothing for you to do.`,
        });
  return [...all, ...(await authorityStatus(hub)).todo];
}

/** The names, as they were then, of practices whose agents were admitted since. @param since milliseconds since 1970 */
function admittedSince(hub: Hub, since: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { time, body } of hub.store.log.newestOf(hubLog.agentAdmitted.kind)) {
    if (Date.parse(time) < since) break;
    names.add((body as { practice: string }).practice);
  }
  return names;
}
