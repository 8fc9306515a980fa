/**
 * H3, H4, with real processes: one practice in four groups makes one release. A group without a use of it gets nothing
 * anywhere; a use that is taken back brings figures down; and a group with a stricter floor gets the next date. The groups'
 * other members answer without records behind them.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { charterBytes, type Charter } from "@cairn/charters";
import {
  addPerson,
  addSchedule,
  addToGroup,
  admit,
  closeNow,
  comparisonsJson,
  invite,
  linkPerson,
} from "@cairn/hub";
import { readDocument, type ComparisonDocument } from "@cairn/comparisons";
import { Federation, type Practice } from "@cairn/demo";
import { groupCharter, until } from "@cairn/testkit";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { TestAgent } from "../../packages/hub/test/link/agent.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";
import { through, type Eyes } from "./through.js";

const GROUPS = ["cluster", "provider", "board", "national"] as const;
type Group = (typeof GROUPS)[number];
const QUERY = "hypertension-register";
const NAME = "Careful Surgery";
const [FIRST, SECOND] = ["2025-03-31", "2025-06-30"];
const STRICTER = { k: 10, base: 6, midpoint: 0 };

const folder = mkdtempSync(join(tmpdir(), "cairn-four-groups-"));
const charterFor = (group: Group, change: Partial<Charter> = {}): [string, string] => {
  const rest = { newQuery: { rule: "accept-signed" }, witness: "not-required", ...change } as const;
  return [group, charterBytes(groupCharter(group, rest)).toString("utf8")];
};
const charters = new Map([
  charterFor("cluster"),
  charterFor("provider"),
  charterFor("board"),
  charterFor("national", { floor: "k10-r6" }),
]);
const library = someQueries(join(folder, "library"), [QUERY]);
const options = { command, folder, group: "cluster", charters, offlineAfter: 3600, library };
const federation = new Federation(options);
let practice: Practice;
/** Five other members of each group. */
const others: TestAgent[] = [];
let lead: Eyes;

t.before(async () => {
  await federation.initHub();
  await federation.startHub();
  practice = federation.addPractice({
    ...{ name: NAME, patients: 150, eventsPerPatient: 50, seed: 11, until: "2026-07-31" },
  });
  await practice.loadRecords();
  await federation.enrol(practice);
  await federation.atHub(async (hub) => {
    for (const group of GROUPS.slice(1)) await addToGroup(hub, NAME, group);
    const { content } = await hub.store.db.selectFrom("library").select("content").executeTakeFirstOrThrow();
    const digest = createHash("sha256").update(content).digest("hex");
    for (let i = 0; i < 5; i++) {
      const agent = new TestAgent(federation.addresses.grpc, hub.authority.root, digest);
      const code = await invite(hub, `Member ${i}`, GROUPS);
      const { fingerprint } = await agent.enrol(code);
      await admit(hub, `Member ${i}`, fingerprint);
      await agent.enrol(code);
      others.push(agent);
    }
    await addPerson(hub, { name: "Morag Lead", role: "cluster-lead", groups: [...GROUPS] });
    const { path } = await linkPerson(hub, "Morag Lead", undefined, true);
    lead = await through(`${federation.addresses.pages}${path}`);
  });
  await practice.start();
});

t.teardown(async () => {
  for (const agent of others) agent.close();
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks every group, and answers for the members that have no records. */
async function ask(date: string): Promise<void> {
  const schedule = { queries: [QUERY], every: "quarter", periods: 1, until: date } as const;
  const when = { cron: null, timezone: "Europe/London", catchUp: "latest" } as const;
  const rest = { catchUpWindow: 0, spread: 0, collectFor: 3_600_000 };
  for (const group of GROUPS)
    await federation.atHub((hub) => addSchedule(hub, { group, ...schedule, ...when, ...rest }));
  for (const [i, agent] of others.entries()) {
    const asked = await until(
      `a member is asked for ${date} by each group`,
      async () => {
        const { assignments } = await agent.poll();
        const those = assignments.filter(({ referenceDate }) => referenceDate === date);
        return those.length === GROUPS.length && those;
      },
      () => federation.hub?.log ?? "",
    );
    const cells = (count: number): number[] => Array.from({ length: asked[0]!.cells }, () => count + 1);
    const release = agent.release(asked[0]!, cells(600 + 60 * i), cells(300 + 30 * i), STRICTER);
    const uses = asked.map(({ group, charterDigest }) =>
      agent.use(release, group, { charterDigest: Buffer.from(charterDigest) }),
    );
    const { refusals } = await agent.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
    t.same(refusals, []);
  }
}

/** What the operator sees of the practice in a group: its state, and its numbers of everyone. */
async function ownLine(group: Group, date: string): Promise<Record<string, unknown> | undefined> {
  const all = await federation.atHub((hub) => comparisonsJson(hub, group));
  const total = all.find((one) => one.date === date && Object.keys(one.split).length === 0);
  return total?.practices.find((one) => one.practice === NAME);
}

const waited = (group: Group, date: string, state: string): Promise<true> =>
  until(
    `${group} at ${date} is ${state}`,
    async () => (await ownLine(group, date))?.["state"] === state,
    async () =>
      [JSON.stringify(await ownLine(group, date)), practice.agent?.log, federation.hub?.log].join("\n"),
  );

/** The practice's releases at the hub, by their policy, and the uses of each that stand. */
async function kept(date: string): Promise<{ k: number; digest: string; groups: string[] }[]> {
  return federation.atHub(async ({ store: { db } }) => {
    const releases = await db
      .selectFrom("release")
      .innerJoin("run", "run.id", "release.run")
      .innerJoin("practice", "practice.id", "run.practice")
      .select(["release.run", "release.policy_k as k", "release.digest"])
      .where("practice.name", "=", NAME)
      .where("run.reference_date", "=", date)
      .execute();
    return Promise.all(
      releases.map(async ({ run, k, digest }) => {
        const uses = await db.selectFrom("release_use").selectAll().where("run", "=", run).execute();
        return {
          digest: digest.toString("hex"),
          k,
          groups: uses
            .filter(({ ended }) => ended === 0)
            .map((use) => use.group_name)
            .sort(),
        };
      }),
    );
  });
}

/** The newest document of a group for a date, as a member's agent is given it. */
async function documentFor(group: Group, date: string): Promise<ComparisonDocument | undefined> {
  const { comparisons } = await others[0]!.api.fetchComparisons({ from: 1, seenSize: 0 });
  return comparisons
    .map(({ document }) => readDocument(document))
    .findLast((one) => one.group === group && one.date === date);
}

/** Groups of which a practice's sealed export holds a use of this practice's. */
async function usesInExport(of: string): Promise<string[]> {
  const lines = (await federation.mustHub("hub", "export", "--bytes", "--practice", of)).trim().split("\n");
  const entries = lines.map((line) => JSON.parse(line) as { kind?: string; body?: { group?: string } });
  return entries.flatMap(({ kind, body }) => (kind === "use-received" ? (body?.group ?? []) : [])).sort();
}

const isAllowedBy = (group: Group): boolean => group === "cluster" || group === "provider";

t.test("one release for four groups, and each has it under its own use or not at all", async (t) => {
  await ask(FIRST);
  await waited("cluster", FIRST, "released");
  for (const group of GROUPS.slice(1)) await waited(group, FIRST, "waiting-for-approval");
  t.match(await kept(FIRST), [{ k: 8, groups: ["cluster"] }]);
  const made = await kept(FIRST);
  await practice.must("agent", "join", "provider", "--as", "Ann Example");
  await waited("provider", FIRST, "released");
  await practice.must("agent", "join", "national", "--as", "Ann Example");
  await waited("national", FIRST, "refused");
  const now = await kept(FIRST);
  t.match(now, [{ k: 8, groups: ["cluster", "provider"] }]);
  t.equal(now[0]?.digest, made[0]?.digest, "a use is no new number");
  for (const group of GROUPS) await federation.atHub((hub) => closeNow(hub, group));

  for (const group of GROUPS) {
    const has = isAllowedBy(group);
    const line = (await ownLine(group, FIRST)) ?? {};
    t.equal("denominator" in line, has, `${group}: its line as the operator sees it`);
    const printed = await federation.mustHub(
      ...["hub", "comparison", "--group", group, "--as", "Morag Lead", "--json"],
    );
    const { comparisons } = JSON.parse(printed) as { comparisons: { split: object; dots: unknown[] }[] };
    const total = comparisons.find(({ split }) => Object.keys(split).length === 0);
    t.equal(total?.dots.length, has ? 6 : 5, `${group}: by command`);
    const shown = await lead.see(`/groups/${group}/${QUERY}`);
    t.equal(shown.status, 200);
    t.match(shown.body, has ? /6 practices/ : /5 (of 6|practices)/, `${group}: the page`);
    const document = await documentFor(group, FIRST);
    t.match(document?.practices.answers, { contributing: has ? 6 : 5 }, `${group}: the comparison`);
    const dots = document?.cells[0]?.dots;
    t.equal(Array.isArray(dots) && dots.length, has ? 6 : 5, `${group}: its dots`);
  }
  t.same(await usesInExport(NAME), ["cluster", "provider"], "its own sealed export");
  t.same(await usesInExport("Member 3"), [...GROUPS].sort(), "another's holds that one's own");
});

t.test("a use that is taken back brings that group's figures down, and no other's", async (t) => {
  const { runs } = JSON.parse(await practice.must("agent", "status", "--json")) as {
    runs: { run: string }[];
  };
  await practice.must("agent", "withdraw", runs[0]!.run, "--group", "provider");
  await waited("provider", FIRST, "withdrawn");
  t.equal((await ownLine("cluster", FIRST))?.["state"], "released");
  t.match(await kept(FIRST), [{ groups: ["cluster"] }]);
  const down = await until("what members are given of the provider's comes down", async () => {
    const document = await documentFor("provider", FIRST);
    return document?.revision === 2 && document;
  });
  t.ok(down.cells.every(({ figure, dots }) => figure.state !== "made" && dots === "withdrawn"));
  t.match((await documentFor("cluster", FIRST))?.practices.answers, { contributing: 6 });
  t.match((await lead.see(`/groups/provider/${QUERY}`)).body, "withdrew");
  t.notMatch((await lead.see(`/groups/cluster/${QUERY}`)).body, "withdrew");
});

t.test(
  "the group with the stricter floor gets the next date, and who has not accepted does not",
  async (t) => {
    await ask(SECOND);
    for (const group of ["cluster", "provider", "national"] as const) await waited(group, SECOND, "released");
    await waited("board", SECOND, "waiting-for-approval");
    t.match(
      await kept(SECOND),
      [{ k: 10, groups: ["cluster", "national", "provider"] }],
      "one, for all of them",
    );
    t.equal((await ownLine("national", FIRST))?.["state"], "refused", "the date before is as it was");
  },
);
