/**
 * The eleven charters of `examples/charters` in one federation: a hub and thirty invented practices that are in every group.
 * For each charter, each role sees by each door what the charter lets it see, and nothing else.
 */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HUB_ROLES, type HubRole } from "@cairn/access";
import { charterBytes, charterDigest, parseCharter, PRESETS_LOCATION, type Charter } from "@cairn/charters";
import {
  addPerson,
  addSchedule,
  admit,
  closeNow,
  comparisonText,
  doWhatIsDue,
  HubError,
  invite,
  lookAt,
  unnamedJson,
} from "@cairn/hub";
import t from "tap";
import { SCHEDULE } from "../../packages/hub/test/cluster.js";
import type { TestAgent } from "../../packages/hub/test/link/agent.js";
import { publishFolder } from "../../packages/hub/test/publish-folder.js";
import { session } from "../../packages/hub/test/sessions.js";
import { story } from "../../packages/hub/test/story.js";
import { comparisonViewedIn } from "../../packages/hub/test/viewings.js";
import { wholeSite } from "../../packages/hub/test/whole-site.js";

const QUERY = "records-bp-usable";
const PRACTICES = 30;

/** A practice's dot in a chart; a circle without this line is of the group as a whole. */
const DOT = /<circle [^>]*stroke-width="1\.5"/g;

type Sees = "figures" | "dots" | "decisions";
/** What each role sees at the hub by the charters of a preset; a role that is not named sees nothing. */
const SEES: Readonly<Record<string, Readonly<Partial<Record<HubRole, Sees>>>>> = {
  "scottish-cluster": {
    ...{ "cluster-lead": "dots", supporter: "figures", analyst: "figures", commissioner: "figures" },
    "governance-officer": "decisions",
  },
  commissioner: { commissioner: "figures", analyst: "figures", "governance-officer": "decisions" },
  benchmark: { analyst: "figures", "governance-officer": "decisions" },
  facilitated: { supporter: "dots", analyst: "figures", "governance-officer": "decisions" },
  "provider-group": { provider: "dots", "governance-officer": "decisions" },
};

function texts(folder: URL): Record<string, string> {
  const names = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  return Object.fromEntries(
    names.map((file) => [file.slice(0, -5), readFileSync(new URL(file, folder), "utf8")]),
  );
}
const presets = texts(new URL(PRESETS_LOCATION));
const charters = Object.entries(texts(new URL("../../examples/charters/", import.meta.url))).map(
  ([name, text]): Charter => {
    const parsed = parseCharter(text, { file: name, presets });
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    return parsed.charter;
  },
);
const groups = charters.map(({ group }) => group);
const nameOf = (i: number): string => `Quince Surgery ${i + 1}`;

const it = await story({}, "127.0.0.1", [QUERY]);
t.teardown(() => it.end());
const { hub } = it.serving;

function publish(all: readonly Charter[]): Promise<unknown> {
  const beside = new Map(all.map((one) => [`charters/${one.group}.json`, charterBytes(one)] as const));
  return publishFolder(hub, join(it.folder, "..", "library"), undefined, beside);
}

async function member(i: number): Promise<TestAgent> {
  const agent = it.newAgent();
  const code = await invite(hub, nameOf(i), groups);
  const { fingerprint } = await agent.enrol(code);
  await admit(hub, nameOf(i), fingerprint);
  await agent.enrol(code);
  return agent;
}

/** A count of the floor k10-r6, as a release codes it. */
const code = (count: number): number => Math.floor((count + 3) / 6) * 6 + 1;

/** Releases its one result, with the leave of every group that asked, under that group's charter. */
async function answer(agent: TestAgent, i: number): Promise<void> {
  const { assignments } = await agent.poll();
  const [first] = assignments;
  if (!first) throw new Error("nothing is asked");
  const cells = (of: number): number[] => Array.from({ length: first.cells }, () => code(of));
  const policy = { k: 10, base: 6, midpoint: 0 };
  const release = agent.release(first, cells(600 + 24 * i), cells(310 + 18 * i), policy);
  const uses = assignments.map(({ group, charterDigest: digest }) =>
    agent.use(release, group, { charterDigest: Buffer.from(digest) }),
  );
  const reply = await agent.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
  if (reply.refusals.length > 0) throw new Error(JSON.stringify(reply.refusals));
}

await publish(charters);
const agents: TestAgent[] = [];
for (let i = 0; i < PRACTICES; i++) agents.push(await member(i));
for (const group of groups) await addSchedule(hub, { ...SCHEDULE, group, queries: [QUERY] });
await doWhatIsDue(hub);
for (const [i, agent] of agents.entries()) await answer(agent, i);
it.clock.now += 1000;
for (const group of groups) await closeNow(hub, group);

const roles = Object.keys(HUB_ROLES) as HubRole[];
const { app } = await wholeSite(hub);
const cookies = new Map<HubRole, string>();
for (const [i, role] of roles.entries()) {
  await addPerson(hub, { name: role, role, groups: HUB_ROLES[role].groups === "every" ? [] : groups });
  cookies.set(role, (await session(hub, app, i + 1)).cookie);
}

interface Shown {
  readonly status: number;
  readonly body: string;
}

async function ask(from: typeof app, role: HubRole, url: string): Promise<Shown> {
  const { statusCode, body } = await from.inject({ url, headers: { cookie: cookies.get(role) ?? "" } });
  return { status: statusCode, body: body.replaceAll(/\s+/g, " ") };
}

const pages = (group: string): string[] => [
  ...[`/groups/${group}`, `/groups/${group}/${QUERY}`, `/meetings/${group}`],
  ...[`/meetings/${group}/${QUERY}`, `/packs/${group}`],
];

/** What the command prints, as text and JSON; null where it is refused. */
async function command(group: string, role: HubRole): Promise<string | null> {
  try {
    const shown = await lookAt(hub, group, role);
    const json = await unnamedJson(hub, group, shown === "dots" ? "dots" : "group");
    return `${await comparisonText(hub, group, shown)}\n${JSON.stringify(json)}`;
  } catch (error) {
    if (error instanceof HubError && error.code === "may-not") return null;
    throw error;
  }
}

t.equal(charters.length, 11);
for (const { group, preset, peers } of charters)
  t.test(`${group}: each role sees what its charter says`, async (t) => {
    for (const role of roles) {
      const sees = SEES[preset]?.[role] ?? null;
      const isCompared = sees === "figures" || sees === "dots";
      for (const url of pages(group)) {
        const { status, body } = await ask(app, role, url);
        t.equal(status, isCompared ? 200 : 403, `${role}: ${url}`);
        t.notMatch(body, /Quince/, `${role}: ${url} names no practice`);
        if (sees !== "dots") t.notMatch(body, DOT, `${role}: ${url} shows no practice`);
      }
      const question = await ask(app, role, `/groups/${group}/${QUERY}`);
      if (isCompared) t.match(question.body, /Together|together/, `${role}: the group's figure is there`);
      if (sees === "dots") t.equal(question.body.match(DOT)?.length, PRACTICES, `${role}: dots`);
      if (role !== "governance-officer" && role !== "library-signer" && role !== "hub-operator" && !sees)
        t.match(question.body, new RegExp(`The charter of ${group} lets .* see nothing of it`), role);
      const decisions = await ask(app, role, `/decisions/${group}`);
      t.equal(decisions.status, sees === "decisions" ? 200 : 403, `${role}: decisions`);
      const printed = await command(group, role);
      t.equal(printed !== null, isCompared, `${role}: by command`);
      t.notMatch(printed ?? "", /Quince|"practice/, `${role}: no practice by name`);
      t.equal(/"dots"|each practice/.test(printed ?? ""), sees === "dots", `${role}: dots by command`);
    }
    const visitor = await app.inject(`/groups/${group}`);
    t.equal(visitor.statusCode, 303, "nobody: has to sign in");
    await t.rejects(
      lookAt(hub, group, undefined),
      { code: "may-not" },
      "nor does holding the machine show it",
    );
    t.equal(peers === "none", preset === "benchmark");
  });

t.test("a charter that lets a role see practices by name says why it sees none", async (t) => {
  const words = /by name while every one of them consents\. This version of Cairn asks no practice/;
  for (const [group, role] of [
    ["modality", "provider"],
    ["at-medics", "provider"],
    ["ceg-east-london", "supporter"],
  ] as const)
    t.match((await ask(app, role, `/groups/${group}`)).body, words, group);
  t.notMatch((await ask(app, "cluster-lead", "/groups/glen-cluster")).body, words);
});

t.test("each look stands in the log with its person, purpose and charter", async (t) => {
  const before = comparisonViewedIn(hub).length;
  const glen = charters.find(({ group }) => group === "glen-cluster")!;
  await ask(app, "cluster-lead", `/groups/glen-cluster/${QUERY}`);
  await ask(app, "provider", `/groups/glen-cluster/${QUERY}`);
  await command("glen-cluster", "commissioner");
  const common = { group: "glen-cluster", purpose: glen.purpose, charter: charterDigest(glen) };
  t.match(comparisonViewedIn(hub).slice(before), [
    { ...common, query: QUERY, shown: "dots", by: "cluster-lead" },
    { ...common, query: null, shown: "figures", by: "commissioner" },
  ]);
  t.equal(comparisonViewedIn(hub).length, before + 2, "what was refused is no look");
});

t.test(
  "an agent is given comparisons of the groups in which somebody at the practice sees one",
  async (t) => {
    const of = async (): Promise<string[]> => {
      const reply = await agents[0]!.api.fetchComparisons({ from: 1, seenSize: 0 });
      const named = reply.comparisons.map(
        ({ document }) => (JSON.parse(Buffer.from(document).toString()) as { group: string }).group,
      );
      return [...new Set(named)].sort();
    };
    t.same(await of(), [...groups].sort());
    const closed = charters.map((one): Charter =>
      one.group === "modality"
        ? {
            ...one,
            sees: { ...one.sees, "practice-lead": "nothing", clinician: "nothing", provider: "group" },
          }
        : one,
    );
    await publish(closed);
    t.same(await of(), groups.filter((group) => group !== "modality").sort());
    const { status, body } = await ask(app, "provider", `/groups/modality/${QUERY}`);
    t.equal(status, 200);
    t.notMatch(body, DOT, "what came into force counts from the next page on");
    await publish(closed.filter(({ group }) => group !== "glen-cluster"));
    t.equal(
      (await ask(app, "analyst", "/groups/glen-cluster")).status,
      200,
      "where none is in force, the last one holds",
    );
  },
);
