/**
 * The eleven charters of `examples/charters` in one federation: a hub and thirty-one invented practices that are in every group.
 * For each charter, each role sees by each door what the charter lets it see, and nothing else.
 */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HUB_ROLES, may, type HubRole, type PracticeRole } from "@cairn/access";
import {
  charterBytes,
  charterDigest,
  parseCharter,
  PRESETS_LOCATION,
  sightOf,
  type Charter,
} from "@cairn/charters";
import { readDocument, type ComparisonDocument } from "@cairn/comparisons";
import {
  addPerson,
  addSchedule,
  addToGroup,
  admit,
  closeNow,
  comparisonText,
  doWhatIsDue,
  exportForPractice,
  HubError,
  hubStatus,
  invite,
  lookAt,
  removeFromGroup,
  revoke,
  statusText,
  unnamedJson,
} from "@cairn/hub";
import { practiceComparison } from "@cairn/pages";
import { exactly } from "@cairn/statistics/intervals";
import { textOf } from "@cairn/text";
import t from "tap";
import { named as question } from "../../packages/comparisons/test/fixtures/groups.js";
import { logLook } from "../../packages/hub/src/comparisons/looks.js";
import { sights } from "../../packages/hub/src/library/charters.js";
import { SCHEDULE } from "../../packages/hub/test/cluster.js";
import type { TestAgent } from "../../packages/hub/test/link/agent.js";
import { publishFolder } from "../../packages/hub/test/publish-folder.js";
import { session } from "../../packages/hub/test/sessions.js";
import { story } from "../../packages/hub/test/story.js";
import { comparisonViewedIn } from "../../packages/hub/test/viewings.js";
import { wholeSite } from "../../packages/hub/test/whole-site.js";

const QUERY = "records-bp-usable";
const PRACTICES = 31;
/** One practice declines for one group, so that thirty contribute there. */
const DECLINED = { by: PRACTICES - 1, group: "rcgp-qi-report" } as const;
/** The date before and the one after: two for the benchmarks, whose deciles are drawn over time. */
const [DATE, NEXT] = ["2025-03-31", "2025-06-30"] as const;
const BENCHMARKS = ["rcgp-qi-report", "prescribing-deciles"] as const;

/** A practice's dot in a chart; a circle without this line is of the group as a whole. */
const DOT = /<circle [^>]*stroke-width="1\.5"/g;

/** A practice by name in what a command prints, or a line of its own; how many there are is of the group. */
const ONE_PRACTICE = /Quince|"practice":|"practices":\[/;

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

async function member(i: number, again = false): Promise<TestAgent> {
  const agent = it.newAgent();
  const code = await invite(hub, nameOf(i), groups, undefined, again);
  const { fingerprint } = await agent.enrol(code);
  await admit(hub, nameOf(i), fingerprint);
  await agent.enrol(code);
  return agent;
}

/** A count of the floor k10-r6, as a release codes it. */
const code = (count: number): number => Math.floor((count + 3) / 6) * 6 + 1;

/** Releases its one result, with the leave of every group that asked, under that group's charter. */
async function answer(agent: TestAgent, i: number, date: string): Promise<void> {
  const assignments = (await agent.poll()).assignments.filter(({ referenceDate }) => referenceDate === date);
  const [first] = assignments;
  if (!first) throw new Error("nothing is asked");
  const cells = (of: number): number[] => Array.from({ length: first.cells }, () => code(of));
  const policy = { k: 10, base: 6, midpoint: 0 };
  const release = agent.release(first, cells(600 + 24 * i), cells(310 + 18 * i), policy);
  const declines = ({ group }: { group: string }): boolean => i === DECLINED.by && group === DECLINED.group;
  const uses = assignments
    .filter((one) => !declines(one))
    .map(({ group, charterDigest: digest }) =>
      agent.use(release, group, { charterDigest: Buffer.from(digest) }),
    );
  const reply = await agent.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
  if (reply.refusals.length > 0) throw new Error(JSON.stringify(reply.refusals));
  const declined = assignments.filter(declines).map(({ group }) => {
    return { group, state: "AGENT_RUN_STATE_DECLINED" as const };
  });
  if (declined.length === 0) return;
  const said = { run: first.run, state: "AGENT_RUN_STATE_ACKNOWLEDGED", groups: declined } as const;
  await agent.api.report({ runs: [said], idempotencyKey: randomUUID() });
}

await publish(charters);
const agents: TestAgent[] = [];
for (let i = 0; i < PRACTICES; i++) agents.push(await member(i));
for (const [date, those] of [
  [DATE, groups],
  [NEXT, BENCHMARKS],
] as const) {
  for (const group of those) await addSchedule(hub, { ...SCHEDULE, group, queries: [QUERY], until: date });
  await doWhatIsDue(hub);
  for (const [i, agent] of agents.entries()) await answer(agent, i, date);
  it.clock.now += 1000;
  for (const group of those) await closeNow(hub, group);
}

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
      t.notMatch(printed ?? "", ONE_PRACTICE, `${role}: no practice by name`);
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

const charterNamed = (group: string): Charter => charters.find((one) => one.group === group)!;
const untilDay = (days: number): string =>
  new Date(it.clock.now + days * 86_400_000).toISOString().slice(0, 10);
/** A practice's consent to be named, or its end; under another charter, to somebody else or otherwise changed where asked. */
const said = (i: number, group: string, to: string, change: object = {}) =>
  agents[i]!.consent(group, charterDigest(charterNamed(group)), { to, until: untilDay(90), ...change });
/** The practices that a page names, by their numbers. */
const namedOn = ({ body }: Shown): number[] =>
  [...body.matchAll(/Quince Surgery (\d+)/g)].map(([, n]) => Number(n) - 1).sort((a, b) => a - b);
const everybody = agents.map((_, i) => i);

t.test(
  "Modality: names while every member consents, and at the next click none once one does not",
  async (t) => {
    const [group, to] = ["modality", "provider"] as const;
    const question = `/groups/${group}/${QUERY}`;
    const provider = async () => ask(app, to, question);
    t.match((await provider()).body, "named only while every one of them consents");
    for (const i of everybody.slice(0, -1)) t.same(await agents[i]!.tell(said(i, group, to)), []);
    t.same(namedOn(await provider()), [], "all but one");
    t.same(await agents.at(-1)!.tell(said(PRACTICES - 1, group, to)), []);
    const before = comparisonViewedIn(hub).length;
    const page = await provider();
    t.same(namedOn(page), everybody, "all");
    t.match(page.body, `consent to be named to Modality Partnership, and to nobody else. What for:`);
    t.equal(page.body.match(DOT)?.length, PRACTICES, "beside the dots as they were");
    t.match(page.body, "Practices stand here by name, each by its own consent");
    t.match(page.body, "is shown only of those that stand by name below");
    t.notMatch(page.body, /not identified here|(is which|which band) is not shown/);
    const [look] = comparisonViewedIn(hub).slice(before);
    t.match(look, { group, query: QUERY, shown: "names", purpose: charterNamed(group).purpose, by: to });
    t.equal(look!.named, PRACTICES, "and the look says how many it named");
    const others = await hub.store.db
      .selectFrom("practice")
      .selectAll()
      .where("name", "!=", nameOf(0))
      .execute();
    let sealed = "";
    for await (const line of exportForPractice(hub, nameOf(0), { bytes: false })) sealed += `${line}\n`;
    t.equal(sealed.match(/"kind":"practice-named","body"/g)?.length, 1, "a practice reads that it was named");
    for (const { id, name } of others)
      t.notOk(sealed.includes(id) || sealed.includes(`"${name}"`), `and of ${name} nothing`);
    for (const url of pages(group).filter((url) => url !== question))
      t.same(namedOn(await ask(app, to, url)), [], `${url} names nobody`);
    t.notMatch(await command(group, to), ONE_PRACTICE, "nor do the command and its JSON");
    for (const role of roles.filter((one) => one !== to))
      t.same(namedOn(await ask(app, role, question)), [], `${role} sees no name`);
    t.match(
      statusText(await hubStatus(hub), null, it.clock.now),
      `modality: 1 released, named to its provider until ${untilDay(90)}`,
      "the operator, who knows the practices by name, sees who consents until when",
    );
    t.same(await agents[4]!.tell(said(4, group, to, { ended: true })), []);
    t.same(namedOn(await provider()), [], "one takes it back: names go");
    t.same(await agents[4]!.tell(said(4, group, to)), []);
    t.same(namedOn(await provider()), everybody);
    await removeFromGroup(hub, nameOf(4), group);
    t.same(namedOn(await provider()), [], "one that has left is in the figures, and consents no more");
    await addToGroup(hub, nameOf(4), group);
  },
);

t.test("CEG: one practice's name and no other's, and none that leaves one without", async (t) => {
  const [group, to] = ["ceg-east-london", "supporter"] as const;
  const facilitator = async () => ask(app, to, `/groups/${group}/${QUERY}`);
  t.match((await facilitator()).body, "none has consented to be named to you");
  t.same(await agents[6]!.tell(said(6, group, to)), []);
  t.same(namedOn(await facilitator()), [6], "its name and no other's");
  const without = [1, 15, PRACTICES - 1] as const; // far apart
  const but = (some: readonly number[]): number[] => everybody.filter((i) => !some.includes(i));
  const tell = async (some: readonly number[], change: object = {}): Promise<void> => {
    for (const i of some) await agents[i]!.tell(said(i, group, to, change));
  };
  await tell(but(without));
  t.same(namedOn(await facilitator()), but(without), "three are without");
  await tell([1]);
  const two = await facilitator();
  t.same(namedOn(two), [], "the two that are without could be told by the others");
  t.match(two.body, "fewer than three that never were would stand without a name");
  await tell([15]);
  await tell([PRACTICES - 1], { until: untilDay(30) });
  t.same(namedOn(await facilitator()), everybody, "nobody is without");
  await tell(without, { ended: true });
  t.same(namedOn(await facilitator()), [], "three are without whose names stood here before");
  await tell([1, 15]);
  await tell([PRACTICES - 1], { until: untilDay(30) });
  t.same(namedOn(await facilitator()), everybody);
  const days = async (n: number): Promise<void> => {
    it.clock.now += n * 86_400_000;
    for (const [i, role] of roles.entries()) cookies.set(role, (await session(hub, app, i + 1)).cookie);
  };
  await days(31);
  t.same(namedOn(await facilitator()), [], "the day after the last of one's consent");
  await days(-31);
});

t.test("a consent that a practice did not give so is refused by name, and names nobody", async (t) => {
  const [group, to] = ["equip-coaching", "supporter"] as const;
  const given = said(0, group, to);
  const [own] = agents as [TestAgent];
  const forged: Readonly<Record<string, [ReturnType<typeof said>, string]>> = {
    "another practice's": [said(1, group, to), "bad-signature"],
    "its day altered": [{ ...given, until: untilDay(91) }, "bad-signature"],
    "its end made a consent": [{ ...said(0, group, to, { ended: true }), ended: false }, "bad-signature"],
    "another charter's": [
      own.consent(group, charterDigest(charterNamed("modality"))),
      "consent-charter-wrong",
    ],
    "of a group whose charter shows nobody names": [said(0, "glen-cluster", to), "consent-charter-wrong"],
    "to a role that sees none": [said(0, group, "commissioner"), "consent-charter-wrong"],
    "its day over": [said(0, group, to, { until: untilDay(-1) }), "consent-date-wrong"],
    "for years": [said(0, group, to, { until: untilDay(400) }), "consent-date-wrong"],
    "no day": [said(0, group, to, { until: "2026-02-30" }), "consent-date-wrong"],
  };
  for (const [what, [consent, code]] of Object.entries(forged)) t.same(await own.tell(consent), [code], what);
  t.same(namedOn(await ask(app, to, `/groups/${group}/${QUERY}`)), []);
  t.same(await own.tell(given, given), [], "what it gave is taken, once");
  t.same(namedOn(await ask(app, to, `/groups/${group}/${QUERY}`)), [0]);
  const late = said(0, group, to);
  await own.tell(said(0, group, to, { ended: true }));
  t.same(await own.tell(late), [], "what was under way when it was taken back");
  t.same(namedOn(await ask(app, to, `/groups/${group}/${QUERY}`)), [], "gives nothing again");
});

t.test(
  "taking back always ends, and nothing counts that the practice's present keeper did not say since",
  async (t) => {
    const [group, to] = ["equip-coaching", "supporter"] as const;
    const at = (logIndex: number, change: object = {}) => ({ logIndex, logSize: logIndex + 1, ...change });
    const [restored, replaced, lockedOut, removed] = [10, 11, 12, 13] as const;
    const isNamed = async (i: number): Promise<boolean> =>
      namedOn(await ask(app, to, `/groups/${group}/${QUERY}`)).includes(i);
    const tell = (i: number, change: object = {}) => agents[i]!.tell(said(i, group, to, change));

    await tell(restored, at(500));
    t.ok(await isNamed(restored));
    t.same(await tell(restored, at(400, { ended: true })), []);
    t.notOk(await isNamed(restored), "taken back at a lower place, as after a restore");
    await tell(restored, at(390, { until: untilDay(80) }));
    t.notOk(await isNamed(restored), "one that was held back until after the end");
    await tell(restored, at(450));
    t.ok(await isNamed(restored), "given anew");
    for (let i = 0; i < 70; i++) await tell(restored, at(451 + i));
    t.same(await tell(restored, at(600)), ["bad-request"], "only so many in a day");
    t.same(await tell(restored, at(601, { ended: true })), [], "an end is taken all the same");
    t.notOk(await isNamed(restored));
    it.clock.now += 86_400_000;
    t.same(await tell(restored, at(602)), [], "and the next day others");
    it.clock.now -= 86_400_000;

    await tell(replaced);
    t.ok(await isNamed(replaced));
    agents[replaced] = await member(replaced, true);
    t.notOk(await isNamed(replaced), "of the keeper before");
    t.same(await tell(replaced, at(3)), []);
    t.ok(await isNamed(replaced), "of its own, whatever place the other had come to");

    await tell(lockedOut);
    t.ok(await isNamed(lockedOut));
    await revoke(hub, nameOf(lockedOut));
    t.notOk(await isNamed(lockedOut), "while no agent of it can take it back");

    const given = said(removed, group, to);
    await agents[removed]!.tell(given);
    t.ok(await isNamed(removed));
    await removeFromGroup(hub, nameOf(removed), group);
    await addToGroup(hub, nameOf(removed), group);
    t.notOk(await isNamed(removed), "removed and added again");
    t.same(await agents[removed]!.tell(given), [], "told once more");
    t.notOk(await isNamed(removed));
    const under = said(removed, group, to);
    await agents[removed]!.tell(under);
    t.ok(await isNamed(removed), "once it consents again");

    const { id: practice } = await hub.store.db
      .selectFrom("practice")
      .select("id")
      .where("name", "=", nameOf(removed))
      .executeTakeFirstOrThrow();
    const charter = (await sights(hub.store.db))(group);
    const looked = (as: "supporter" | "analyst") =>
      logLook(
        hub,
        {
          group,
          query: QUERY,
          date: null,
          charter,
          shown: "names",
          named: { to: as, practices: [practice] },
        },
        to,
      );
    await t.rejects(looked("analyst"), /consents no more/, "it consents, and to somebody else");
    await looked(to);

    const more = (one: Charter): Charter => ({ ...one, purpose: `${one.purpose} And of another purpose.` });
    await publish(charters.map((one) => (one.group === group ? more(one) : one)));
    t.notOk(await isNamed(removed), "under another charter");
    await publish(charters);
    t.notOk(await isNamed(removed), "nor once the one before is in force again");
    const again = { runs: [], consents: [under], idempotencyKey: randomUUID() };
    t.match(
      await agents[removed]!.api.report(again),
      { consents: [{ setAside: true }] },
      "and it is told so",
    );
    await tell(removed);
    t.ok(await isNamed(removed), "given anew");
  },
);

/** What a practice's agent is given of a group, the oldest date first. */
async function given(i: number, group: string): Promise<ComparisonDocument[]> {
  const all: ComparisonDocument[] = [];
  for (let from = 1, more = true; more;) {
    const { comparisons, next } = await agents[i]!.api.fetchComparisons({ from, seenSize: 0 });
    all.push(...comparisons.map(({ document }) => readDocument(document)));
    more = comparisons.length > 0 && Number(next) > from;
    from = Number(next);
  }
  return all.filter((one) => one.group === group).sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** A practice's own page of what its agent is given, for somebody of a role there. */
function ownPage(
  i: number,
  charter: Charter,
  role: PracticeRole,
  dates: readonly ComparisonDocument[],
): string | null {
  const person = { at: "practice", name: "Ann", role, practice: "own" } as const;
  const asked = {
    ...{ practice: "own", group: charter.group },
    charter: { digest: charterDigest(charter), ...sightOf(charter) },
  };
  if (!may(person, "see-own-comparison", asked).allowed) return null;
  const sum = { denominator: exactly(600 + 24 * i), numerator: exactly(310 + 18 * i) };
  const series = dates.map(({ date }) => ({ date, number: sum }));
  const sees = may(person, "see-peers", asked).allowed ? "dots" : "group";
  const view = {
    query: question(QUERY),
    dates,
    notes: [],
    sees,
    own: { sum, series, notes: [], expected: null, list: null },
  } as const;
  const rest = { ownWords: "", checked: [], charter: null, named: null };
  const allDates = dates.map(({ date }) => date);
  return textOf(practiceComparison({ practice: nameOf(i), view, allDates, ...rest })).replaceAll(/\s+/g, " ");
}

/** What people of a practice see of its peers by what opens, beside its own line: dots where it was signed. */
const PEERS_SEEN: Readonly<Record<Charter["view"], "dots" | "figures">> = {
  strip: "dots",
  deciles: "figures",
  report: "figures",
  "group-only": "figures",
};

t.test(
  "at a practice, by each charter: its leads and clinicians see its own line, others there nothing",
  async (t) => {
    for (const charter of charters) {
      const { group, view } = charter;
      const documents = await given(0, group);
      for (const role of ["administrator", "officer"] as const)
        t.equal(ownPage(0, charter, role, documents), null, `${group}: ${role} is denied`);
      for (const role of ["quality-lead", "clinician"] as const) {
        const page = ownPage(0, charter, role, documents) ?? "";
        t.same(
          [...new Set(namedOn({ status: 200, body: page }))],
          [0],
          `${group}: ${role} sees no other's name`,
        );
        t.equal(
          DOT.test(page),
          PEERS_SEEN[view] === "dots",
          `${group}: ${role} sees peers as ${PEERS_SEEN[view]}`,
        );
        DOT.lastIndex = 0;
      }
    }
  },
);

t.test("RCGP: each practice has its own report beside the deciles, and nobody reads another's", async (t) => {
  const charter = charterNamed("rcgp-qi-report");
  const { group } = charter;
  const documents = await given(0, group);
  t.same(
    documents.map(({ date }) => date),
    [DATE, NEXT],
  );
  for (const { practices } of documents)
    t.match(practices, {
      asked: PRACTICES,
      answers: { contributing: 30, states: [{ state: "declined", practices: 1 }] },
    });
  for (const i of [7, DECLINED.by])
    t.same(await given(i, group), documents, "every member is given the same");
  const shares = everybody.map((i) => `${Math.round((100 * (310 + 18 * i)) / (600 + 24 * i))} %`);
  for (const i of everybody.slice(0, DECLINED.by)) {
    const page = ownPage(i, charter, "quality-lead", documents)!;
    t.match(page.replaceAll("\u00a0", " "), shares[i], `${nameOf(i)}: its own`);
    t.match(page, "how the group&#39;s practices spread at each date", "beside the deciles");
    t.notMatch(page, DOT, "and no practice of them");
    t.same([...new Set(namedOn({ status: 200, body: page }))], [i], "nor any other by name");
  }
  t.type(ownPage(0, charter, "clinician", documents), "string");
  for (const role of ["administrator", "officer"] as const)
    t.equal(ownPage(0, charter, role, documents), null, `${role}: no report`);
  const analysts = await ask(app, "analyst", `/groups/${group}/${QUERY}`);
  t.match(analysts.body, /1 (practice )?(has )?declined/, "RCGP's analyst sees how many reports there are");
  t.same(namedOn(analysts), [], "and whose none is");
});

t.test("openprescribing.net: deciles for all to publish, and no practice in them", async (t) => {
  const { group } = charterNamed("prescribing-deciles");
  const printed = await unnamedJson(hub, group, "group");
  await lookAt(hub, group, "analyst");
  const deciles = printed.filter(({ split }) => Object.keys(split).length === 0);
  t.match(
    deciles,
    [DATE, NEXT].map((date) => ({ date, reference: { of: "this-group", practices: PRACTICES, date } })),
  );
  for (const { reference } of deciles) {
    t.same(Object.keys(reference ?? {}).sort(), ["date", "of", "p10", "p50", "p90", "practices", "source"]);
    t.ok(reference!.p10 < reference!.p50 && reference!.p50 < reference!.p90);
    for (const each of [reference!.p10, reference!.p50, reference!.p90])
      t.equal(Math.round(100 * each) / 100, each, "at whole per cents, as dots are");
  }
  t.notMatch(JSON.stringify(printed), ONE_PRACTICE);
  t.notMatch(JSON.stringify(printed), '"dots"');
  for (const url of [...pages(group), `/decisions/${group}`])
    t.equal((await app.inject(url)).statusCode, 303, `the public is given nothing by the hub itself: ${url}`);
  const [own] = agents as [TestAgent];
  for (const to of ["analyst", "supporter", "provider", "cluster-lead", "commissioner"])
    t.same(await own.tell(said(0, group, to)), ["consent-charter-wrong"], `${to}: the charter names nobody`);
  for (const i of [0, 17]) {
    const page = ownPage(i, charterNamed(group), "quality-lead", await given(i, group))!;
    t.notMatch(page, DOT);
    t.same([...new Set(namedOn({ status: 200, body: page }))], [i], "a practice sees its own line alone");
  }
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
    t.notMatch(body, "Quince", "with the charter went the names");
    t.notMatch(body, DOT, "what came into force counts from the next page on");
    await publish(closed.filter(({ group }) => group !== "glen-cluster"));
    t.equal(
      (await ask(app, "analyst", "/groups/glen-cluster")).status,
      200,
      "where none is in force, the last one holds",
    );
  },
);

t.test(
  "an open benchmark that names: nobody before every member consents, and then to its analysts alone",
  async (t) => {
    const [group, to] = ["prescribing-deciles", "analyst"] as const;
    const open = charters.map((one): Charter =>
      one.group === group
        ? { ...one, sees: { ...one.sees, analyst: "named" }, peers: "named-by-consent", view: "strip" }
        : one,
    );
    agents[12] = await member(12, true); // it was locked out
    await publish(open);
    const digest = charterDigest(open.find((one) => one.group === group)!);
    const consent = (i: number, change: object = {}) =>
      agents[i]!.tell(agents[i]!.consent(group, digest, { to, until: untilDay(90), ...change }));
    const shown = async (role: HubRole = to) => namedOn(await ask(app, role, `/groups/${group}/${QUERY}`));
    for (const i of everybody) t.same(await consent(i), []);
    const last = "2025-09-30";
    await addSchedule(hub, { ...SCHEDULE, group, queries: [QUERY], until: last });
    await doWhatIsDue(hub);
    for (const [i, agent] of agents.entries()) {
      t.same(await shown(), [], "while somebody's numbers left under the charter that named nobody");
      await answer(agent, i, last);
    }
    await closeNow(hub, group);
    t.same(await shown(), everybody, "all consent, and all released under the charter that names");
    for (const role of roles.filter((one) => one !== to))
      t.same(await shown(role), [], `${role} sees no name`);
    t.notMatch((await app.inject(`/groups/${group}/${QUERY}`)).body, "Quince", "nor does the public");
    t.same(await consent(9, { ended: true }), []);
    t.same(await shown(), [], "all but one: no name");
  },
);
