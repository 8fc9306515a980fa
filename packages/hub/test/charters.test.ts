/** Charters at the hub: published with the library, held to by schedules, uses and figures, and said beside comparisons. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import t, { type Test } from "tap";
import { charterBytes, charterDigest, type Charter } from "@cairn/charters";
import {
  addPerson,
  addSchedule,
  charterJson,
  closeNow,
  comparisonsJson,
  comparisonText,
  hubStatus,
  lookAt,
  requireMayAsk,
  statusText,
  unnamedJson,
} from "@cairn/hub";
import { verifyOwnLog } from "@cairn/ledger";
import { groupCharter } from "@cairn/testkit";
import { modelOf } from "@cairn/comparisons";
import { collected, collectionsOf } from "../src/comparisons/collected.js";
import { exportLines } from "../src/export.js";
import { charterOf } from "../src/library/charters.js";
import { cluster, made, NAMES, SCHEDULE } from "./cluster.js";
import { publishFolder } from "./publish-folder.js";
import { session } from "./sessions.js";
import { someQueries } from "./some-queries.js";
import { story, type Story } from "./story.js";
import { wholeSite } from "./whole-site.js";

const GROUP = "glen-cluster";
const charter = (change: Partial<Charter> = {}): Charter => groupCharter(GROUP, change);

/** Publishes the next library version with these charters. */
function publish(it: Story, ...charters: readonly Charter[]) {
  const beside = new Map(
    charters.map((one, i) => [`charters/${one.group}${i === 0 ? "" : i}.json`, charterBytes(one)] as const),
  );
  return publishFolder(it.serving.hub, join(it.folder, "..", "library"), undefined, beside);
}

async function withCharter(t: Test, ...charters: readonly Charter[]): Promise<Story> {
  const it = await story();
  t.teardown(() => it.end());
  someQueries(join(it.folder, "..", "library"), ["bp-control", "flu-vaccination-uptake"]);
  await publish(it, ...charters);
  return it;
}

/** A member of the group that is asked one question. */
async function askedOf(it: Story, name: string) {
  const { agent, runs } = (await cluster(it, [name], { group: GROUP }, GROUP)).get(name)!;
  return { agent, run: runs[0]! };
}

t.test("a publication's charters are stored, and the newest publication's are in force", async (t) => {
  const first = charter();
  const it = await withCharter(t, first);
  const { db } = it.serving.hub.store;
  t.equal((await charterOf(db, GROUP))?.digest.toString("hex"), charterDigest(first));
  const ash = await it.member("Ash", GROUP);
  const status = await hubStatus(it.serving.hub);
  t.match(status.charters, [{ group: GROUP, library: "2", digest: charterDigest(first) }]);
  t.match(
    statusText(status, null, it.clock.now),
    `glen-cluster: of library 2 (sha256 ${charterDigest(first).slice(0, 16)})`,
  );
  const lines: string[] = [];
  for await (const line of exportLines(it.serving.hub, { bytes: false })) lines.push(line);
  t.match(
    verifyOwnLog(lines, it.serving.hub.files.logKey),
    { holds: true },
    "charters beside the log are no fault",
  );
  const next = charter({ contributors: 6 });
  t.match(await publish(it, next), { charters: [GROUP] });
  t.equal((await charterOf(db, GROUP))?.digest.toString("hex"), charterDigest(next));
  const isUndecided = async () => (await hubStatus(it.serving.hub)).practices[0]?.groups[0]?.notAccepted;
  const decides = (...all: Charter[]) =>
    ash.poll([], { decidedCharters: { digests: all.map((one) => Buffer.from(charterDigest(one), "hex")) } });
  await ash.poll();
  t.equal(await isUndecided(), false, "of an agent that does not say, nothing is said");
  await decides(first);
  t.equal(await isUndecided(), true, "its newest charter, also where no question waits");
  await decides(next);
  t.equal(await isUndecided(), false);
  await publish(it);
  t.equal(await charterOf(db, GROUP), null, "a publication without it ends it");
  t.same((await hubStatus(it.serving.hub)).charters, []);
});

t.test("two charters of one group are not published", async (t) => {
  const it = await withCharter(t);
  await t.rejects(publish(it, charter(), charter({ contributors: 6 })), {
    code: "library-wrong",
    message: /both charters of glen-cluster/,
  });
});

t.test(
  "under a charter whose review is a year overdue nothing new is asked, and the status says so",
  async (t) => {
    const it = await withCharter(t, charter());
    const daysAgo = (days: number): string =>
      new Date(it.clock.now - days * 86_400_000).toISOString().slice(0, 10);
    await it.member("Ash", GROUP);
    const { hub } = it.serving;
    await addSchedule(hub, { ...SCHEDULE, group: GROUP });
    const said = async (): Promise<string> => statusText(await hubStatus(hub), null, it.clock.now);
    t.match(await said(), "to be reviewed by 2027-03-31");
    await publish(it, charter({ review: daysAgo(20) }));
    t.match(await said(), `overdue for review since ${daysAgo(20)}`);
    await publish(it, charter({ review: daysAgo(400) }));
    t.match(await said(), `its review is more than a year overdue, since ${daysAgo(400)}`);
    const another = { ...SCHEDULE, group: GROUP, queries: ["flu-vaccination-uptake"] };
    await t.rejects(addSchedule(hub, another), { code: "charter-overdue", message: /more than a year ago/ });
    await t.resolves(
      addSchedule(hub, { ...SCHEDULE, group: GROUP, periods: 2 }),
      "what it asked before goes on",
    );
  },
);

t.test("a schedule asks only what the charter holds, and says which query is outside", async (t) => {
  const it = await withCharter(t, charter({ queries: ["flu-*"] }));
  await it.member("Ash", GROUP);
  const asked = { ...SCHEDULE, group: GROUP };
  await t.rejects(addSchedule(it.serving.hub, asked), {
    code: "not-in-charter",
    message: /charter of glen-cluster does not hold bp-control: it holds flu-\*/,
  });
  await addSchedule(it.serving.hub, { ...asked, queries: ["flu-vaccination-uptake"] });
  await publish(it);
  await addSchedule(it.serving.hub, asked);
});

t.test("a use counts only under a charter that was published for its group", async (t) => {
  const old = charter();
  const it = await withCharter(t, old);
  const { agent, run } = await askedOf(it, "Ash");
  t.equal(run.charterDigest.toString("hex"), charterDigest(old), "each request names it");
  const release = made(agent, run, 500, 0.5);
  const use = (charterDigest: Buffer) => agent.use(release, GROUP, { charterDigest });
  const other = charterDigest(charter({ group: "other" }));
  const reply = await agent.api.submit({
    releases: [release],
    uses: [use(Buffer.alloc(0)), use(Buffer.from(other, "hex"))],
    idempotencyKey: randomUUID(),
  });
  t.match(
    reply.refusals.map(({ refusal }) => refusal?.words),
    [/under no charter, and its group has one/, /under a charter that its group never had/],
  );
  await publish(it, charter({ contributors: 6 }));
  const uses = [use(Buffer.from(charterDigest(old), "hex"))];
  const later = await agent.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
  t.same(later.refusals, [], "one before the newest was published too");
  const taken = later.receipts.filter(({ group }) => group === GROUP);
  t.equal(taken.length, 1);
});

t.test(
  "numbers with people with a type 1 opt-out in their record count under a charter that lets them be, and under no other",
  async (t) => {
    const signed = ["OPT_OUTS_COUNTED_BY_CHOICE", "OPT_OUTS_COUNTED"] as const; // by choice; as before they were left out
    const each = (["left-out", "counted"] as const).flatMap((optOuts) =>
      signed.map((said) => ({ optOuts, said })),
    );
    for (const { optOuts, said } of each) {
      const own = charter({ optOuts });
      const it = await withCharter(t, own);
      const { agent, run } = await askedOf(it, "Ash");
      agent.optOuts = said;
      const release = made(agent, run, 500, 0.5);
      const use = agent.use(release, GROUP, { charterDigest: Buffer.from(charterDigest(own), "hex") });
      const send = (releases: (typeof release)[], uses: (typeof use)[]) =>
        agent.api.submit({ releases, uses, idempotencyKey: randomUUID() });
      const refusals = (await send([release], [use])).refusals.map(({ refusal }) => refusal?.code);
      t.same(refusals, optOuts === "counted" ? [] : ["opt-outs-counted"], `${optOuts}, ${said}`);
      const [shown] = (await comparisonsJson(it.serving.hub, GROUP))[0]!.practices;
      t.equal(shown?.state, optOuts === "counted" ? "released" : "pending");
      const lines: string[] = [];
      for await (const line of exportLines(it.serving.hub, { bytes: true })) lines.push(line);
      t.match(lines.join("\n"), `"optOuts":"${said}"`, "in the export as it was signed");
    }
  },
);

t.test("a use that came before its release is held to its charter where the numbers are shown", async (t) => {
  const own = charter();
  const it = await withCharter(t, own);
  const { agent, run } = await askedOf(it, "Ash");
  agent.optOuts = "OPT_OUTS_COUNTED_BY_CHOICE";
  const release = made(agent, run, 500, 0.5);
  const use = agent.use(release, GROUP, { charterDigest: Buffer.from(charterDigest(own), "hex") });
  for (const sent of [
    { releases: [], uses: [use] },
    { releases: [release], uses: [] },
  ])
    t.same((await agent.api.submit({ ...sent, idempotencyKey: randomUUID() })).refusals, []);
  const [shown] = (await comparisonsJson(it.serving.hub, GROUP))[0]!.practices;
  t.match(shown, { state: "refused", alarm: "opt-outs-counted" });
  t.match(
    (await comparisonText(it.serving.hub, GROUP, "names")).replace(/\s+/g, " "),
    "sent numbers with people with a type 1 opt-out in their record, whom this group's charter leaves out; they are not counted",
  );
});

t.test("nothing is shown before as many practices contribute as the charter asks", async (t) => {
  const own = charter({ contributors: 7 });
  const it = await withCharter(t, own);
  const members = await cluster(it, NAMES, { group: GROUP }, GROUP);
  const send = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const { agent, runs } = members.get(name)!;
      const release = made(agent, runs[0]!, 500, 0.5);
      const uses = [agent.use(release, GROUP, { charterDigest: Buffer.from(charterDigest(own), "hex") })];
      await agent.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
    }
  };
  const figure = async () => (await comparisonsJson(it.serving.hub, GROUP))[0]!.group;
  await send(NAMES.slice(0, 6));
  it.clock.now += 1000;
  await closeNow(it.serving.hub, GROUP);
  t.match(await figure(), { state: "collecting", numerator: undefined, median: undefined });
  await send(NAMES.slice(6, 7));
  it.clock.now += 1000;
  await closeNow(it.serving.hub, GROUP);
  t.match(await figure(), { state: "made", contributors: 7 });
});

t.test("what the group is for, and is not, stands beside its comparison", async (t) => {
  const it = await withCharter(t, charter());
  await it.member("Ash", GROUP);
  const text = await comparisonText(it.serving.hub, GROUP, "names");
  t.match(text, "What for: Practices of the glen learn from one another.\nNot for: Performance management.");
  const { db } = it.serving.hub.store;
  t.match(await charterJson(db, GROUP), { purpose: /of the glen/, not_for: "Performance management." });
  t.equal(await charterJson(db, "elsewhere"), null);
  await cluster(it, ["Birch"], { group: GROUP }, GROUP);
  const { hub } = it.serving;
  const { app } = await wholeSite(hub);
  await addPerson(hub, { name: "Col", role: "commissioner", groups: [GROUP] });
  const { cookie } = await session(hub, app, 1);
  for (const path of [`/groups/${GROUP}`, `/packs/${GROUP}`, `/charters/${GROUP}`]) {
    const { body } = await app.inject({ url: path, headers: { cookie } });
    t.match(body, "Performance management.", path);
  }
});

/** Everybody of the group releases under a charter, and the figures are made. */
async function released(it: Story, under: Charter): Promise<void> {
  const members = await cluster(it, NAMES, { group: GROUP }, GROUP);
  for (const { agent, runs } of members.values()) {
    const release = made(agent, runs[0]!, 500, 0.5);
    const uses = [agent.use(release, GROUP, { charterDigest: Buffer.from(charterDigest(under), "hex") })];
    await agent.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
  }
  it.clock.now += 1000;
  await closeNow(it.serving.hub, GROUP);
}

t.test(
  "a charter that lets more be seen, or is gone, opens no number that came under the one before",
  async (t) => {
    const narrow = charter();
    const closed = {
      ...narrow,
      sees: { ...narrow.sees, supporter: "nothing", commissioner: "nothing" },
    } as Charter;
    const it = await withCharter(t, closed);
    const { hub } = it.serving;
    await released(it, closed);
    await addPerson(hub, { name: "Sue", role: "supporter", groups: [GROUP] });
    await addPerson(hub, { name: "Col", role: "commissioner", groups: [GROUP] });
    const wide = {
      ...closed,
      sees: { ...closed.sees, supporter: "named", commissioner: "group" },
    } as Charter;
    for (const charters of [[closed], [wide], []]) {
      await publish(it, ...charters);
      for (const who of ["Sue", "Col", undefined])
        await t.rejects(lookAt(hub, GROUP, who), { code: "may-not" }, `${who} under ${charters.length}`);
    }
    const { app } = await wholeSite(hub);
    const { cookie } = await session(hub, app, 1);
    const { body } = await app.inject({ url: `/charters/${GROUP}`, headers: { cookie } });
    t.match(body, "goes by it still", "its page is there as long as it decides");
  },
);

t.test("without names the JSON holds what pages show, and no more", async (t) => {
  const own = charter();
  const it = await withCharter(t, own);
  const { hub } = it.serving;
  const members = await cluster(it, NAMES, { group: GROUP }, GROUP);
  const shown = async () =>
    (await unnamedJson(hub, GROUP, "group")).map(({ date, group }) => [date, group] as const);
  const use = Buffer.from(charterDigest(own), "hex");
  for (const [i, { agent, runs }] of [...members.values()].entries()) {
    const release = made(agent, runs[0]!, 500 + 37 * i, 0.413 + 0.0137 * i);
    const uses = [agent.use(release, GROUP, { charterDigest: use })];
    await agent.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
    for (const [, group] of await shown())
      t.same(group, { state: "collecting" }, "nothing while nothing is shown");
  }
  it.clock.now += 1000;
  await closeNow(hub, GROUP);
  const models = await Promise.all(
    (await collectionsOf(hub, GROUP)).map(async (each) => modelOf(await collected(hub, each))),
  );
  const cells = models.flatMap(({ date, cells }) => cells.map(({ figure }) => [date, figure] as const));
  t.ok(cells.length > 0);
  const dates = cells.map(([date]) => date);
  t.same(
    (await shown()).filter(([date]) => dates.includes(date)),
    cells,
    "the figures of pages, cell by cell",
  );
  const median = cells.map(([, figure]) => figure.median).find((each) => each !== undefined)!;
  const exact = (await comparisonsJson(hub, GROUP)).find(({ group }) => group.median)!.group;
  t.notSame(median, exact.median, "the exact middle is another, or this would show nothing");
});

t.test("only those whom the charter names ask", async (t) => {
  const it = await withCharter(t, charter({ asks: ["analyst"] }));
  const { hub } = it.serving;
  await it.member("Ash", GROUP);
  await requireMayAsk(hub, "Lea", GROUP); // while nobody has an account, whoever holds the machine asks
  await addPerson(hub, { name: "Lea", role: "cluster-lead", groups: [GROUP] });
  await addPerson(hub, { name: "Ann", role: "analyst", groups: [] });
  await addPerson(hub, { name: "Col", role: "commissioner", groups: [GROUP] });
  await requireMayAsk(hub, "Ann", GROUP);
  await t.rejects(requireMayAsk(hub, "Lea", GROUP), { code: "may-not", message: /lets the analyst ask/ });
  await t.rejects(requireMayAsk(hub, "Col", GROUP), { code: "may-not" });
});
