/** An operator's practices: inviting many, who waits for what, names, groups, forgetting. */
import { randomUUID } from "node:crypto";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { openDatabase } from "@cairn/sqlite";
import type { Assignment__Output } from "@cairn/wire";
import {
  addSchedule,
  addToGroup,
  admit,
  closeNow,
  comparisonsJson,
  comparisonText,
  doWhatIsDue,
  forgetPractice,
  hubStatus,
  invite,
  inviteAll,
  listPractices,
  openCollections,
  openLines,
  practiceLine,
  readInvitations,
  removeFromGroup,
  renamePractice,
  statusText,
  whatForgettingDoes,
  withHub,
  type HubStatus,
} from "@cairn/hub";
import { cluster, NAMES, release, SCHEDULE } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { GROUP, story, type Story } from "./story.js";

const HOUR = 3_600_000;

function report(agent: TestAgent, run: string, state: string, more: object = {}) {
  const said = `AGENT_RUN_STATE_${state}` as never;
  const groups = [{ group: GROUP, state: said, ...more }];
  return agent.api.report({ runs: [{ run, state: said, groups }], idempotencyKey: randomUUID() });
}

function one(status: HubStatus, name: string) {
  return status.practices.find(({ practice }) => practice === name);
}

async function states(it: Story): Promise<Record<string, string>> {
  const [total] = await comparisonsJson(it.serving.hub, GROUP);
  return Object.fromEntries(total!.practices.map(({ practice, state }) => [practice, state]));
}

t.test("a list of practices is read whole, or each line that is wrong is told", (t) => {
  const good = '\ufeffpractice,list size,group\r\n"Rowan, Glen",9000,north; board\r\n\r\nAsh,,north\r\n';
  t.same(readInvitations(good), {
    wanted: [
      { line: 2, practice: "Rowan, Glen", groups: ["north", "board"] },
      { line: 4, practice: "Ash", groups: ["north"] },
    ],
    unread: ["list size"],
  });
  const problems = (text: string): string[] => {
    const read = readInvitations(text);
    return "problems" in read ? read.problems.map(({ line, words }) => `${line}: ${words}`) : [];
  };
  const rows = ["practice,group", ",north", "Ash,", "Oak,north", "Oak,board", "Elm,no\u202erth", "A,b,c"];
  t.match(problems(rows.join("\n")), [
    "2: the practice has no name",
    "3: Ash has no group",
    "5: Oak is in line 4 already",
    /^6: .*the name of a group is/,
    /^7: it has 3 fields and the first line 2/,
  ]);
  t.match(problems("Ash,north\n"), [/^1: the first line names the columns/]);
  t.match(problems("practice;group\nAsh;north\n"), [/with a comma between/]);
  t.match(
    problems("practice,group\nCaf\u00e9,north\nCafe\u0301,north\n"),
    [/^3: Caf\u00e9 is in line 2 already/],
    "letters that look the same are the same",
  );
  t.match(problems("practice,group\n"), [/^1: there is no practice/]);
  t.match(problems('practice,group\n"Ash,north\n'), [/quotation mark/]);
  t.match(problems("practice,group\nC\ufffdr,north"), [/UTF-8/]);
  t.match(problems(""), [/^1: the first line names/]);
  t.end();
});

t.test("eight practices are invited at once or not at all, each with its own code", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const size = hub.store.log.size;
  const wrong = [...NAMES.map((practice) => ({ practice, groups: [GROUP] })), { practice: " ", groups: [] }];
  await t.rejects(inviteAll(hub, wrong), { code: "name-wrong" });
  t.equal(hub.store.log.size, size);
  t.same(await listPractices(hub), [], "nobody");
  const invited = await inviteAll(hub, wrong.slice(0, 8), "Ada");
  t.equal(new Set(invited.map(({ code }) => code)).size, 8);
  t.same(
    invited.map(({ newGroups }) => newGroups.length),
    [1, 0, 0, 0, 0, 0, 0, 0],
  );
  t.equal((await it.newAgent().enrol(invited[3]!.code)).practice, NAMES[3]);
});

t.test(
  "a practice with an agent is invited again only where that is meant, and a code ends with the next",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const [first] = await inviteAll(hub, [{ practice: "Rowan", groups: [GROUP] }]);
    const [second] = await inviteAll(hub, [{ practice: "Rowan", groups: [GROUP] }]);
    t.same([first?.endedEarlier, second?.endedEarlier], [false, true]);
    const agent = it.newAgent();
    await t.rejects(agent.enrol(first!.code), { code: "join-code-expired", message: /newer join code/ });
    const { fingerprint } = await agent.enrol(second!.code);
    const both = [
      { practice: "Ash", groups: [GROUP] },
      { practice: "Rowan", groups: [GROUP] },
    ];
    const refused = { code: "agent-there", kind: "refused", problems: [{ at: 1 }] };
    await t.rejects(inviteAll(hub, both), { ...refused, message: /waits to be admitted already.*--again/ });
    await admit(hub, "Rowan", fingerprint);
    await t.rejects(inviteAll(hub, both), { ...refused, message: /would replace it: say --again/ });
    t.same(
      (await listPractices(hub)).map(({ practice }) => practice),
      ["Rowan"],
      "Ash neither",
    );
    const again = await inviteAll(hub, both, "Ada", true);
    t.same(
      again.map(({ endedEarlier }) => endedEarlier),
      [false, false],
    );
    t.ok(await agent.enrol(second!.code), "the agent that used its code may still ask");
  },
);

t.test("at a glance: where each of eight practices stands, what is next, and no number", async (t) => {
  const it = await story({ offlineAfter: HOUR });
  t.teardown(() => it.end());
  const { hub } = it.serving;
  t.match((await hubStatus(hub)).todo, [{ command: ["hub", "invite", "--from", "FILE"] }]);
  it.clock.now -= 73 * HOUR;
  await invite(hub, "Late", [GROUP]);
  it.clock.now += 73 * HOUR;
  await invite(hub, "Invited", [GROUP]);
  const { fingerprint } = await it.newAgent().enrol(await invite(hub, "Waiting", [GROUP]));
  const names = ["Away", "Group", "Query", "Released", "Running"];
  const agents = new Map<string, TestAgent>();
  for (const name of names) agents.set(name, await it.member(name));
  t.match(await hubStatus(hub), { todo: [{}, {}, { command: ["schedule", "add", "--group", GROUP] }] });
  await addSchedule(hub, { ...SCHEDULE, periods: 2 });
  await doWhatIsDue(hub);
  const asked = new Map<string, Assignment__Output[]>();
  for (const [name, agent] of agents) asked.set(name, (await agent.poll()).assignments);
  it.clock.now += 2 * HOUR;
  const runs = (name: string): string[] => asked.get(name)!.map(({ run }) => run);
  for (const [name, agent] of agents) if (name !== "Away") await agent.poll(runs(name));
  for (const run of runs("Group"))
    await report(agents.get("Group")!, run, "WAITING_FOR_APPROVAL", { groupWaits: true });
  for (const run of runs("Query")) await report(agents.get("Query")!, run, "WAITING_FOR_APPROVAL");
  for (const run of asked.get("Released")!) await release(agents.get("Released")!, run, 4321, 0.5);
  await agents.get("Running")!.api.claim({ runs: runs("Running").slice(0, 1), idempotencyKey: randomUUID() });

  const status = await hubStatus(hub);
  const group = (name: string) => one(status, name)?.groups[0];
  t.match(one(status, "Late"), { state: "invited" });
  t.match(one(status, "Waiting"), { state: "enrolled", waitingFingerprint: fingerprint });
  t.match(group("Away"), { runs: { offered: 2 } });
  t.match(group("Group"), { notAccepted: true, runs: { "waiting-for-approval": 2 } });
  t.match(group("Query"), { notAccepted: false, runs: { "waiting-for-approval": 2 } });
  t.same(group("Released"), { group: GROUP, notAccepted: false, runs: { released: 2 }, named: [] });
  t.same(group("Running")?.runs, { claimed: 1, offered: 1 });
  t.same(
    status.todo.map(({ what, command }) => `${command?.slice(0, 3).join(" ") ?? what}`),
    [
      "hub admit Waiting",
      "hub invite --practice",
      "Ask Away to look at its agent, which is offline: cairn agent status there says why.",
      `Group has not decided about ${GROUP}, or about its newest charter; nothing for you to do.`,
      "Move keys/root.key, in the hub's folder, to an encrypted stick in a drawer: whoever has it can pass for this hub.",
    ],
  );

  const text = statusText(status, "/srv/hub", it.clock.now);
  const line = (name: string): string =>
    text.split("\n").findLast((each) => each.startsWith(`  ${name} `)) ?? "";
  t.match(text, `cairn hub admit Waiting --fingerprint ${fingerprint} --data /srv/hub`);
  t.match(text, /^8 practices:$/m);
  t.match(line("Late"), /invited, its join code ended \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  t.match(line("Invited"), /invited, its join code is good until/);
  t.match(line("Waiting"), `enrolled, waits to be admitted with the fingerprint ${fingerprint}`);
  t.match(line("Away"), /offline since \d{4}-\d\d-\d\d \d\d:\d\d UTC, agent 0\.1\.0; Glen cluster: 2 asked/);
  t.match(
    line("Group"),
    /  online, last heard \d{4}-\d\d-\d\d \d\d:\d\d UTC, .*nobody there has accepted the group, or its newest charter, 2 waiting for approval there/,
  );
  t.match(line("Query"), /cluster: 2 waiting for approval there/);
  t.match(line("Released"), /cluster: 2 released/);
  t.match(line("Running"), /cluster: 1 running, 1 asked/);
  for (const said of [text, JSON.stringify(status)])
    t.notMatch(said, /4320|2160|numerator/, "no release value");

  await report(agents.get("Group")!, runs("Group")[0]!, "WAITING_FOR_APPROVAL");
  await report(agents.get("Group")!, runs("Group")[1]!, "READY");
  t.equal(one(await hubStatus(hub), "Group")?.groups[0]?.notAccepted, false, "once it was accepted there");
});

t.test("while the hub does not run, that is said first, and nobody is called online", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await (await it.member("Ash")).poll();
  t.match(await hubStatus(it.serving.hub), { running: true, practices: [{ online: true }] });
  await it.serving.stop();
  await withHub(it.folder, async (beside) => {
    const status = await hubStatus(beside);
    t.match(status, { running: false, practices: [{ online: null, heardAt: String }] });
    const said = statusText(status, "/srv/hub", it.clock.now);
    t.match(
      said,
      /^To do:\n {2}The hub does not run, so no agent reaches it\..*\n {4}cairn hub serve --data \/srv\/hub$/m,
    );
    t.match(said, /^ {2}Ash {2}last heard \d{4}-\d\d-\d\d \d\d:\d\d UTC, /m);
    t.notMatch(said, /online|offline|Nothing for you/);
    t.match(practiceLine({ ...status.practices[0]!, groups: [] }), /^Ash {2}admitted {2}heard of/);
  });
  await it.restart();
  t.ok((await hubStatus(it.serving.hub)).running);
});

t.test("a practice that is not known by this name: those nearest to it are said", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const admitted = admit(hub, "beck house", "X");
  await t.rejects(admitted, { message: /called beck house: no practice is invited yet$/ });
  for (const name of ["Ash", "Birch", "Oak", "Beck House"]) await invite(hub, name, [GROUP]);
  await t.rejects(admit(hub, "BECK", "X"), {
    code: "practice-unknown",
    message: /no practice called BECK: the nearest are Beck House, .*; cairn hub practices lists all$/,
  });
});

t.test(
  "of an agent that was admitted and has not called, no line says that nobody ever heard of it",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    await it.member("Rowan");
    const [rowan] = await listPractices(hub);
    const silent = { ...rowan!, heardAt: null, online: false };
    t.match(practiceLine(silent), /^Rowan {2}admitted {2}its agent has not called since, agent /);
    t.match(practiceLine({ ...silent, state: "invited" }), /^Rowan {2}invited {2}no agent has called, /);
    hub.store.file.prepare("UPDATE agent SET polled_at = NULL").run();
    const silentFor = async () =>
      (await hubStatus(hub)).todo.filter(({ what }) => what.includes("which has not called since"));
    t.same(await silentFor(), [], "it is given the time after which a silent agent is offline");
    it.clock.now += hub.settings.offlineAfter + 1;
    const { todo, practices } = await hubStatus(hub);
    t.match(
      statusText({ ...(await hubStatus(hub)) }, null, it.clock.now),
      "admitted, its agent has not called since",
    );
    t.ok(todo.some(({ what }) => what.includes("which has not called since it was admitted")));
    t.equal(practices.length, 1);
  },
);

t.test("the last version that an agent said is kept, and it is a version", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const agent = await it.member("Rowan");
  const said = async (): Promise<string | undefined> => (await listPractices(hub))[0]?.agentVersion;
  t.equal(await said(), "0.1.0", "at its enrolment");
  agent.version = "0.2.0-beta.1";
  await agent.poll();
  t.equal(await said(), "0.2.0-beta.1");
  agent.version = "";
  it.clock.now += 5000;
  await agent.poll();
  t.equal(await said(), "0.2.0-beta.1", "an agent that does not say takes nothing back");
  for (const version of [
    "new",
    "1.2",
    "1.2.3\u001b[2J",
    "<b>1.2.3</b>",
    `1.2.3-${"x".repeat(33)}`,
    "1.2.3 released 12",
  ]) {
    agent.version = version;
    await t.rejects(agent.poll(), { code: "bad-request" }, version);
  }
  t.match(
    practiceLine((await listPractices(hub))[0]!),
    /^Rowan {2}online {2}heard of .* UTC, agent 0\.2\.0-beta\.1 {2}Glen/,
  );
});

t.test("a practice under a new name goes on with its runs, groups, agent and figures", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const members = await cluster(it);
  const oak = members.get("Oak")!;
  await release(oak.agent, oak.runs[0]!, 500, 0.5);
  const before = await hub.store.db.selectFrom("run").select(["id", "practice"]).orderBy("id").execute();
  await t.rejects(renamePractice(hub, "Oak", "Ash"), { code: "name-taken", kind: "wrong-use" });
  await t.rejects(renamePractice(hub, "Oak", " Ash"), { code: "name-wrong" });
  await t.rejects(renamePractice(hub, "Fir", "Pine"), { code: "practice-unknown" });
  t.equal(
    await renamePractice(hub, "Oak", "Oak", "Ada"),
    false,
    "to its own name: nothing is changed, nor said to be",
  );
  t.equal(await renamePractice(hub, "Oak", "Holm Oak", "Ada"), true);
  t.match(await states(it), { "Holm Oak": "released" });
  t.same(await hub.store.db.selectFrom("run").select(["id", "practice"]).orderBy("id").execute(), before);
  await t.resolves(oak.agent.poll());
  const id = before.find(({ id: run }) => run === oak.runs[0]!.run)?.practice;
  const noted = [...hub.store.log.entries()].at(-1);
  t.match(noted, {
    kind: "practice-renamed",
    body: { practice: id, from: "Oak", to: "Holm Oak", by: "Ada" },
  });
  const code = await invite(hub, "Holm Oak", [], undefined, true);
  t.equal((await it.newAgent().enrol(code)).practice, "Holm Oak", "whoever enrols hears the new name");
  await invite(hub, "Oak", []);
  const oaks = await hub.store.db.selectFrom("practice").select("id").where("name", "=", "Oak").execute();
  t.not(oaks[0]?.id, id, "another practice of the old name is another practice");
});

t.test("who leaves a group is asked no more, shows as left, and what was closed stays", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const members = await cluster(it, NAMES, { periods: 2 });
  const dates = [...new Set(members.get("Ash")!.runs.map(({ referenceDate }) => referenceDate))].sort();
  for (const [name, { agent, runs }] of members)
    for (const run of runs)
      if (name !== "Oak" || run.referenceDate === dates[0])
        await release(agent, run, 400 + 20 * name.length, 0.5);
  await doWhatIsDue(hub);
  const figures = async () => (await comparisonsJson(hub, GROUP)).map(({ date, group }) => ({ date, group }));
  const [closed] = await figures();
  t.match(closed, { date: dates[0], group: { state: "made", contributors: 8 } });
  await t.rejects(removeFromGroup(hub, "Oak", "Other"), { code: "not-a-member", kind: "wrong-use" });
  t.equal(await removeFromGroup(hub, "Oak", GROUP, "Ada"), 1);
  t.match([...hub.store.log.entries()].at(-1), {
    kind: "group-left",
    body: { name: "Oak", group: GROUP, by: "Ada" },
  });
  await t.rejects(removeFromGroup(hub, "Oak", GROUP), { code: "not-a-member" });

  const oakAt = async (date: string) =>
    (await comparisonsJson(hub, GROUP))
      .find((each) => each.date === date)
      ?.practices.find(({ practice }) => practice === "Oak")?.state;
  t.equal(await oakAt(dates[0]!), "released", "what it released stays");
  t.equal(await oakAt(dates[1]!), "left");
  t.match(
    await comparisonText(hub, GROUP, "names"),
    /Oak +has left the group\n[^]*1 practice has left the group/,
  );
  const oak = members.get("Oak")!;
  it.clock.now += 120_000; // when it would be told again of what it has not spoken of
  t.same((await oak.agent.poll()).assignments, [], "it is told of nothing more");
  await report(oak.agent, oak.runs[1]!.run, "READY");
  t.equal(await oakAt(dates[1]!), "left", "whatever its agent still says");
  const { refusals } = await oak.agent.api.claim({ runs: [oak.runs[1]!.run], idempotencyKey: randomUUID() });
  t.equal(refusals.length, 1);
  await doWhatIsDue(hub);
  t.match(
    (await figures()).find(({ date }) => date === dates[1])?.group,
    { state: /^(?!collecting)/ },
    "nobody waits for it",
  );
  t.same(
    (await figures()).find(({ date }) => date === dates[0]),
    closed,
    "a figure that was made stays",
  );
  await addSchedule(hub, { ...SCHEDULE, queries: ["hypertension-register"] });
  await doWhatIsDue(hub);
  t.same((await oak.agent.poll()).assignments, [], "nor is it asked for a new date");

  const { isNewMember } = await addToGroup(hub, "Oak", GROUP, "Ada");
  t.ok(isNewMember);
  const back = (await oak.agent.poll()).assignments.map(({ run, group }) => `${run} ${group}`);
  t.ok(back.includes(`${oak.runs[1]!.run} ${GROUP}`), "back, it is asked again");
  t.not(await oakAt(dates[1]!), "left");
});

t.test("leaving one group leaves a run to the other that asks for it", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const { agent, runs } = (await cluster(it, ["Oak"])).get("Oak")!;
  await addToGroup(hub, "Oak", "Board");
  await addSchedule(hub, { ...SCHEDULE, group: "Board" });
  await doWhatIsDue(hub);
  await removeFromGroup(hub, "Oak", GROUP);
  t.match((await agent.poll()).assignments, [{ run: runs[0]!.run, group: "Board" }]);
  const claimed = await agent.api.claim({ runs: [runs[0]!.run], idempotencyKey: randomUUID() });
  t.equal(claimed.leases.length, 1);
  await release(agent, { ...runs[0]!, group: "Board" }, 500, 0.5);
  t.equal((await comparisonsJson(hub, "Board"))[0]?.practices[0]?.state, "released");
  t.equal((await states(it))["Oak"], "left");
});

t.test(
  "a forgotten practice is let in no more and not listed; its log, releases and figures stay",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const members = await cluster(it);
    for (const { agent, runs } of members.values()) await release(agent, runs[0]!, 500, 0.5);
    await closeNow(hub, GROUP);
    const before = (await comparisonsJson(hub, GROUP))[0];
    t.match(before?.group, { contributors: 8 });
    const { db, log } = hub.store;
    const released = await db.selectFrom("release").select("digest").orderBy("digest").execute();
    const entries = [...log.exportLines()].length;
    t.same(await whatForgettingDoes(hub, "Oak"), {
      groups: [GROUP],
      codes: 1,
      agents: 1,
      openRequests: 0,
      releases: 1,
    });
    await forgetPractice(hub, "Oak", "Ada");
    t.notOk((await listPractices(hub)).some(({ practice }) => practice === "Oak"));
    t.notOk(one(await hubStatus(hub), "Oak"));
    await t.rejects(members.get("Oak")!.agent.poll(), { code: "revoked" });
    const unknown: Promise<unknown>[] = [
      forgetPractice(hub, "Oak"),
      renamePractice(hub, "Oak", "Elder"),
      addToGroup(hub, "Oak", GROUP),
    ];
    for (const call of unknown) await t.rejects(call, { code: "practice-unknown" });
    await t.rejects(renamePractice(hub, "Elm", "Oak"), { code: "name-taken", message: /was forgotten/ });
    const agent = await db
      .selectFrom("agent")
      .innerJoin("practice", "practice.id", "agent.practice")
      .selectAll("agent")
      .where("practice.name", "=", "Oak")
      .executeTakeFirstOrThrow();
    t.match(agent, {
      state: "revoked",
      certificate: null,
      instance: "",
      fingerprint: "",
      version: "",
      covers_to: null,
    });
    t.equal(agent.courier_key.length, 0);
    t.same(
      await db.selectFrom("invitation").select("agent").where("practice", "=", agent.practice).execute(),
      [],
    );
    t.same(await db.selectFrom("idempotency").select("key").where("agent", "=", agent.id).execute(), []);
    t.same(
      (await comparisonsJson(hub, GROUP))[0],
      before,
      "figures and its line stay, and its signature still holds",
    );
    t.same(await db.selectFrom("release").select("digest").orderBy("digest").execute(), released);
    t.equal([...log.exportLines()].length, entries + 2, "locked out, and forgotten");
    t.match([...log.entries()].at(-1), {
      kind: "practice-forgotten",
      body: { practice: agent.practice, by: "Ada" },
    });

    const next = await it.member("Oak");
    await t.resolves(next.poll());
    t.equal(
      (await db.selectFrom("practice").select("id").where("name", "=", "Oak").execute())[0]?.id,
      agent.practice,
    );
    t.equal(
      await next
        .enrol(await invite(hub, "Oak", [], undefined, true))
        .catch((error: { code: string }) => error.code),
      "cloned",
    );
  },
);

t.test(
  "what would be closed is named: query, dates, who has answered and who would be missing",
  async (t) => {
    const it = await story({ offlineAfter: HOUR });
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const members = await cluster(it, NAMES.slice(0, 4), { periods: 3 });
    const [ash, birch, cedar] = ["Ash", "Birch", "Cedar"].map((name) => members.get(name)!);
    for (const run of ash!.runs) await release(ash!.agent, run, 500, 0.5);
    for (const { run } of birch!.runs) await report(birch!.agent, run, "DECLINED");
    await release(cedar!.agent, cedar!.runs[0]!, 500, 0.5);
    it.clock.now += HOUR + 1000;
    for (const { agent, runs } of [ash!, birch!, cedar!]) await agent.poll(runs.map(({ run }) => run));
    const open = await openCollections(hub, GROUP);
    t.match(open[1], {
      query: "bp-control",
      released: ["Ash"],
      without: [{ practice: "Birch", state: "declined" }],
      missing: [
        { practice: "Cedar", state: "pending" },
        { practice: "Elm", state: "offline" },
      ],
    });
    const [one, two] = openLines(open) as [string, string];
    t.equal(
      one,
      `bp-control of ${open[0]!.date}: 2 of 4 practices would be in it: Ash, Cedar; answered without numbers: Birch (declined); would be missing: Elm (is offline)`,
    );
    t.match(two, `bp-control of ${open[1]!.date}, ${open[2]!.date}: 1 of 4 practices would be in it: Ash;`);
    t.match(two, "would be missing: Cedar (is working on it), Elm (is offline)");
    await t.rejects(openCollections(hub, "Nobody"), { code: "group-unknown" });
    await closeNow(hub, GROUP);
    t.same(await openCollections(hub, GROUP), []);
  },
);

t.test("a store from before practices could leave keeps where each request stands", (t) => {
  const [folder, all] = [t.testdir(), new URL("../migrations/", import.meta.url)];
  for (const name of readdirSync(all))
    if (name < "009") cpSync(new URL(name, all), join(folder, "before", name));
  const path = join(folder, "hub.db");
  const before = openDatabase(path, { migrations: pathToFileURL(join(folder, "before/")) });
  before.exec(
    "INSERT INTO practice VALUES ('p', 'Oak', 1); INSERT INTO practice_group VALUES ('g', 8, 5, 0)",
  );
  const states = ["asked", "waiting-for-approval", "ready", "declined", "refused", "withdrawn", "expired"];
  for (const [i, state] of states.entries())
    before.exec(`
      INSERT INTO run (id, practice, query, query_version, query_digest, reference_date, group_name, state, not_before, backfill, changed_at)
        VALUES ('r${i}', 'p', 'q', '1', 'd', '2025-0${i + 1}-01', 'g', 'offered', 0, 0, 1);
      INSERT INTO run_request (run, group_name, practice, state, heard, told, tell_at, without_use)
        VALUES ('r${i}', 'g', 'p', '${state}', 1, ${i}, 9, 1)`);
  const requests = before.prepare("SELECT * FROM run_request ORDER BY run").all();
  before.close();
  const after = openDatabase(path, { migrations: all });
  t.teardown(() => after.close());
  const kept = requests.map((row) => ({ ...(row as object), group_waits: 0n }));
  t.same(
    JSON.stringify(after.prepare("SELECT * FROM run_request ORDER BY run").all(), plain),
    JSON.stringify(kept, plain),
  );
  t.match(after.prepare("SELECT forgotten_at FROM practice").all(), [{ forgotten_at: null }]);
  t.end();
});

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
