/** The governance officer at the hub: what came in March, approved by whom, seen by whom, and nothing else. */
import { addPerson, beginNewLog, invite, type Hub } from "@cairn/hub";
import { actor, hubLog } from "@cairn/ledger";
import { fastify } from "fastify";
import { pino } from "pino";
import t, { type Test } from "tap";
import { siteOn } from "../src/pages/server.js";
import { neverSaid } from "../../../tests/house/never-said.js";
import { sixOfEight } from "./cluster.js";
import { session } from "./sessions.js";
import { GROUP, story, type Story } from "./story.js";

const MARKUP = "<b>Glen & co</b>";

/** A person of a role at the pages of a hub: what each address answers, with spaces as one. */
async function reader(hub: Hub, role: string, groups: readonly string[], account: number) {
  const { app } = await siteOn(fastify(), hub, pino({ level: "silent" }));
  await addPerson(hub, { name: `Name of ${role}`, role, groups });
  const { cookie } = await session(hub, app, account);
  return async (url: string) => {
    const { statusCode, body } = await app.inject({ url, headers: { cookie } });
    return { status: statusCode, body, text: body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ") };
  };
}

async function hubOf(t: Test): Promise<Story> {
  const it = await story();
  t.teardown(() => it.end());
  return it;
}

const page = (group: string, more = ""): string => `/decisions/${encodeURIComponent(group)}${more}`;
const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

t.test(
  "what came in a month, who decided and who looked, on one page, and no number that was released",
  async (t) => {
    const it = await hubOf(t);
    const { hub } = it.serving;
    await sixOfEight(it);
    const lead = await reader(hub, "cluster-lead", [GROUP], 1);
    await lead(`/groups/${encodeURIComponent(GROUP)}/bp-control`);
    const officer = await reader(hub, "governance-officer", [], 2);
    const first = await officer("/");
    t.match(first.body, `href="${page(GROUP)}"`);
    t.match(first.body, 'href="/log"');
    t.notMatch(first.body, "/groups/", "the comparison is not offered to who may not see it");
    t.equal((await officer(`/groups/${encodeURIComponent(GROUP)}/bp-control`)).status, 403);

    const { status, text, body } = await officer(page(GROUP));
    t.equal(status, 200);
    t.match(text, /6 releases came, 0 withdrawn; 1 look, by Name of cluster-lead\./);
    t.match(text, /bp-control \S+ for 31 March 2025 of Ash \(run [^,]+, \d+ bytes\) came/);
    for (const digest of await digestsOf(hub)) t.match(text, digest, "the whole of it");
    const runs = await hub.store.db.selectFrom("release").select("run").execute();
    for (const { run } of runs) t.match(text, `Run ${run}`);
    t.match(
      text,
      /bp-control, [A-Z][a-z]+ \d{4}: 6 releases came, from Ash, Birch, Cedar, Elm, Hazel and Larch, \d+ lines/,
      "by question and month: what came, and from whom",
    );
    const open = body.replaceAll(/<details[^]*?<\/details>/g, "");
    t.notMatch(open, /31 March 2025 of Ash/, "each date is folded below its question");
    t.match(
      text,
      "looked at bp-control for 31 March 2025 (its practices as dots), for: improvement Who Name of cluster-lead",
    );
    t.match(text, /was asked of 8 practices/);
    t.match(text, "closed: 6 of 8 practices had released");
    t.match(text, /added schedule 1: bp-control, every quarter/);
    t.match(text, /Who answers for it .*Reviewed/, "who wrote and reviewed each query");
    t.notMatch(body, /<circle|<svg/);
    t.notMatch(text, /\d\u00a0%/, "no share of anybody");
    t.same(neverSaid(text), []);
    const again = await officer(page(GROUP));
    t.match(again.text, "1 look,", "reading the account is no look at a comparison");
  },
);

t.test("by month: another month, all months, and what is no month or no page", async (t) => {
  const it = await hubOf(t);
  const { hub } = it.serving;
  const before = monthOf(it.clock.now);
  await invite(hub, "Alder", [GROUP]);
  it.clock.now += 40 * 86_400_000;
  await invite(hub, "Birch", [GROUP]);
  const officer = await reader(hub, "governance-officer", [GROUP], 1);
  const newest = await officer(page(GROUP));
  t.match(newest.text, "invited Birch");
  t.notMatch(newest.text, "invited Alder");
  t.match((await officer(page(GROUP, `?month=${before}`))).text, "invited Alder");
  t.match((await officer(page(GROUP, "?month=all"))).text, /invited Alder .*invited Birch/);
  t.match(
    (await officer(page(GROUP, "?month=1999-01"))).text,
    "In January 1999: 0 decisions; 0 releases came",
  );
  t.match((await officer(page(GROUP, "?month=x"))).text, "A month is written as 2026-09.");
  t.notMatch((await officer(page(GROUP, "?page=0"))).text, "A month is written");
  for (const more of ["?month=2026-13", "?month=x", "?page=0", "?page=2", "?page=x"])
    t.equal((await officer(page(GROUP, more))).status, 404, more);
  t.equal((await officer(page("nowhere"))).status, 403, "an officer of one group");
});

t.test("a long month has pages, a log that was continued is read whole, and markup is text", async (t) => {
  const it = await hubOf(t);
  const { hub } = it.serving;
  await invite(hub, MARKUP, [MARKUP]);
  await beginNewLog(hub);
  await hub.store.unheard(async ({ note }) => {
    const look = {
      ...{ group: MARKUP, query: MARKUP, date: MARKUP, purpose: MARKUP },
      ...{ charter: "", shown: MARKUP, named: 0, by: actor(MARKUP) },
    };
    for (let i = 0; i < 250; i++) note(hubLog.comparisonViewed, look);
  });
  const officer = await reader(hub, "governance-officer", [], 1);
  const one = await officer(page(MARKUP));
  t.equal(one.status, 200);
  t.notMatch(one.body, "<b>");
  t.match(one.text, "invited &lt;b&gt;Glen");
  t.match(one.text, "the hub was restored, and its log goes on after one of 2 entries");
  t.match(one.text, /Lines 1 to 100 of 250 .*Page 1 of 3\. Later lines/);
  const last = await officer(page(MARKUP, "?month=all&page=3"));
  t.match(last.text, "Lines 201 to 250 of 250");
  t.equal(last.body.match(/looked at/g)?.length, 50);
  t.match(last.text, "All lines of it are on earlier pages");
});

t.test("the hub's log holds, or does not, and how to check it elsewhere", async (t) => {
  const it = await hubOf(t);
  const { hub } = it.serving;
  await sixOfEight(it);
  const officer = await reader(hub, "governance-officer", [GROUP], 1);
  const checked = async (): Promise<string> => {
    const { text } = await officer("/log");
    t.match(text, "it names nobody and no practice", "the footer is of this page");
    t.notMatch(text, "names practices and people");
    return text.includes("It is being checked") ? checked() : text;
  };
  const text = await checked();
  t.match(text, new RegExp(`It holds\\. ${hub.store.log.size} entries lead to the signed head`));
  t.match(
    text,
    `cairn hub export --bytes --as &#39;Name of governance-officer&#39; --data ${it.serving.hub.files.folder} &gt; hub.ndjson`,
  );
  t.match(text, "cairn audit verify --hub hub.ndjson --practice practice.ndjson");
  hub.store.file.exec(`DROP TRIGGER log_entry_is_append_only_update;
    UPDATE log_entry SET body = replace(body, 'Ash', 'Nobody')`);
  it.clock.now += 60_000;
  const after = await checked();
  t.match(after, /It does not hold: .*an entry was altered/);
  t.notMatch(after, "It holds");
});

async function digestsOf(hub: Hub): Promise<string[]> {
  const rows = await hub.store.db.selectFrom("release").select("digest").execute();
  return rows.map(({ digest }) => digest.toString("hex"));
}
