import t from "tap";
import {
  addSchedule,
  closeNow,
  comparisonText,
  doWhatIsDue,
  invite,
  listPractices,
  openHub,
  practiceLine,
} from "@cairn/hub";
import { cluster, NAMES, release, SCHEDULE, sixOfEight } from "./cluster.js";
import { GROUP, story, type Story } from "./story.js";

const NEVER = [
  "best",
  "worst",
  "outlier",
  "fail",
  "poor",
  "slipped",
  "target missed",
  "underperform",
  "rank",
  "league",
];

async function page(it: Story, path: string): Promise<{ status: number; html: string; headers: Headers }> {
  const reply = await fetch(it.serving.pages + path);
  return { status: reply.status, html: await reply.text(), headers: reply.headers };
}

/** What a reader sees: no markup. */
function text(html: string): string {
  return html.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

/** A practice's dot: points of the line over time are smaller. */
const DOT = /<circle[^>]* r="7"/g;

t.test(
  "the comparison shows each state, withheld as withheld and zero as zero, and names no practice",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    await sixOfEight(it);
    const base = `/groups/${encodeURIComponent(GROUP)}`;
    const { html, headers } = await page(it, `${base}/bp-control?date=2025-03-31`);
    const words = text(html);
    t.match(words, "6 of 8 practices have released");
    t.match(words, "1 practice declined");
    t.match(words, "1 practice is offline");
    t.match(words, "too few: 6 of the 6 that released withheld a number");
    t.match(words, "24 of the 132 numbers that make up this page are withheld");
    t.match(words, "0 people");
    t.match(words, "There is no published figure to compare with");
    for (const name of NAMES) t.notMatch(words, new RegExp(`\\b${name}\\b`), name);
    t.equal(html.match(DOT)?.length, 6);
    for (const size of ["400", "550", "700", "850", "1,150"])
      t.notMatch(words, ` ${size} `, "no peer's denominator");
    for (const word of NEVER) t.notMatch(words.toLowerCase(), new RegExp(`\\b${word}`), word);
    t.notMatch(html, "<script");
    const policy = headers.get("content-security-policy") ?? "";
    t.match(policy, "default-src 'none'");
    t.notMatch(policy, "unsafe");

    const order = [
      "The question",
      "How far these numbers can be trusted",
      "What this says",
      "How practices spread",
      "Over time",
      "By group of patients",
      "To talk about",
    ];
    const places = order.map((heading) => words.indexOf(heading));
    t.same(
      places,
      [...places].sort((a, b) => a - b),
    );
    t.ok(places.every((place) => place > 0));

    t.match(text((await page(it, base)).html), "6 of 8");
    t.match(text((await page(it, "/")).html), GROUP);
    const css = await page(it, "/assets/nhsuk.css");
    t.notMatch(css.html, "@font-face", "no font is fetched from elsewhere");
    for (const wrong of ["/groups/x", `${base}/x`, `${base}/bp-control?date=1999-01-01`, "/x"])
      t.equal((await page(it, wrong)).status, 404, wrong);
    t.equal((await page(it, "/groups/%ff")).status, 400);
  },
);

t.test("dots stand from low to high on each date, so that their order tells of no practice", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it, { periods: 2 });
  for (const date of ["2024-12-31", "2025-03-31"]) {
    const { html } = await page(it, `/groups/${encodeURIComponent(GROUP)}/bp-control?date=${date}`);
    const across = [...html.matchAll(/<circle cx="([\d.]+)"[^>]* r="7"/g)].map((match) => Number(match[1]));
    t.equal(across.length, 6);
    t.same(
      across,
      [...across].sort((a, b) => a - b),
    );
  }
});

t.test(
  "fewer than five contributors, or an open collection: no dots, no figure, and the reason",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = [...(await cluster(it, ["A", "B", "C", "D", "E"])).values()];
    for (const { agent, runs } of members.slice(0, 4)) await release(agent, runs[0]!, 600, 0.5);
    const path = `/groups/${encodeURIComponent(GROUP)}/bp-control`;
    const open = await page(it, path);
    t.notMatch(open.html, "<circle");
    t.match(text(open.html), "Numbers are still coming in.");
    await closeNow(it.serving.hub, GROUP);
    const closed = await page(it, path);
    t.notMatch(closed.html, "<circle");
    t.match(text(closed.html), "Fewer than five practices contribute, so nothing is shown of them");
    t.notMatch(text(closed.html), "50 %");
  },
);

t.test("where nothing of a date was shown nobody is late, and why is said once", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, ["A", "B"])).values()];
  await release(members[0]!.agent, members[0]!.runs[0]!, 600, 0.5);
  await closeNow(it.serving.hub, GROUP);
  it.clock.now += 1000;
  await release(members[1]!.agent, members[1]!.runs[0]!, 600, 0.5);
  const path = `/groups/${encodeURIComponent(GROUP)}/bp-control`;
  const words = text((await page(it, path)).html);
  const lines = (await comparisonText(it.serving.hub, GROUP, "names")).replace(/\s+/g, " ");
  t.match(
    words,
    /Who has released: not shown in a group of fewer than five\. The group.{1,5}s figures come with the fifth\./,
  );
  t.match(lines, "2 of 2 practices have released; the group's figures come with the fifth");
  t.notMatch(words + lines, /these stay as they are/);
  t.notMatch(words, "that make up this page", "the second's count would follow from the one before it came");
  t.equal(words.match(/fewer than (5|five) practices released both/g)?.length, 1);
  const glance = text((await page(it, path.replace("/bp-control", ""))).html);
  t.notMatch(words + glance, /[012] of 2/, "of two, each would know of the other");
});

t.test(
  "a group's pages count the practices that were admitted, and say where it is told what waits",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    await it.member("A");
    await it.newAgent().enrol(await invite(hub, "B", [GROUP]));
    await invite(hub, "C", ["board"]);
    const path = `/groups/${encodeURIComponent(GROUP)}`;
    t.match(text((await page(it, path)).html), " 1 practice compares to learn");
    const start = text((await page(it, "/")).html);
    t.match(start, `${GROUP} : 1 practice `);
    t.match(start, "board : 0 practices");
    t.match(start, /cairn hub status .*says what waits/);
  },
);

t.test("where all have released and withheld the first number, it says so and what that is", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  for (const { agent, runs } of (await cluster(it, ["A", "B", "C", "D", "E"])).values())
    await release(agent, runs[0]!, 400, 0.01);
  await closeNow(it.serving.hub, GROUP);
  const words = text((await page(it, `/groups/${encodeURIComponent(GROUP)}/bp-control`)).html);
  const lines = (await comparisonText(it.serving.hub, GROUP, "names")).replace(/\s+/g, " ");
  t.match(words, "both numbers are shown for 0 of them");
  t.match(lines, "5 of 5 practices have released, 0 with both numbers shown");
  for (const said of [words, lines])
    t.equal(said.match(/Both numbers: how many people the question is about/g)?.length, 1);
});

t.test("a release that comes after the collection closed adds no dot", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, ["A", "B", "C", "D", "E", "F"])).values()];
  for (const { agent, runs } of members.slice(0, 5)) await release(agent, runs[0]!, 600, 0.5);
  await closeNow(it.serving.hub, GROUP);
  it.clock.now += 1000;
  const late = members[5]!;
  await release(late.agent, late.runs[0]!, 600, 0.7);
  const { html } = await page(it, `/groups/${encodeURIComponent(GROUP)}/bp-control`);
  t.equal(html.match(DOT)?.length, 5);
  t.notMatch(text(html), "70 %");
});

t.test(
  "page, terminal and commands beside the server have one idea of offline: the hub's setting",
  async (t) => {
    const it = await story({ offlineAfter: 5_000 });
    t.teardown(() => it.end());
    const { agent } = [...(await cluster(it, ["A", "B", "C", "D", "E"])).values()][0]!;
    it.clock.now += 6_000;
    t.equal((await agent.poll([])).offlineAfterSeconds, 5, "agents are told it, and say the same");
    const said = async (): Promise<void> => {
      const { html } = await page(it, `/groups/${encodeURIComponent(GROUP)}/bp-control`);
      t.match(text(html), "4 practices are offline");
      t.match(text(html), "1 practice is working on it");
      const beside = openHub(it.folder, { now: () => it.clock.now }); // as a command opens it
      const lines = await comparisonText(beside, GROUP, "names");
      t.match(lines, /A {2}is working on it/);
      t.match(lines, /B {2}is offline/);
      t.same(
        (await listPractices(beside)).slice(0, 2).map((one) => practiceLine(one).split("  ")[1]),
        ["online", "offline"],
      );
      await beside.store.close();
    };
    await said();
    await it.restart();
    it.clock.now += 1;
    await said();
  },
);

t.test(
  "whether people with a type 1 opt-out in their record are counted is said beside each comparison",
  async (t) => {
    const said: readonly [counting: number, words: string][] = [
      [0, "People with a type 1 opt-out in their record are left out of these numbers."],
      [
        1,
        "People with a type 1 opt-out in their record are left out of the numbers of 5 practices and counted in those of 1 practice.",
      ],
      [6, "People with a type 1 opt-out in their record are counted in these numbers."],
    ];
    for (const [counting, words] of said) {
      const it = await story();
      t.teardown(() => it.end());
      const members = [...(await cluster(it, NAMES.slice(0, 6))).values()];
      for (const [i, { agent, runs }] of members.entries()) {
        if (i < counting) agent.optOuts = "OPT_OUTS_COUNTED"; // of a version that left out nobody
        await release(agent, runs[0]!, 400 + 150 * i, 0.5);
      }
      await closeNow(it.serving.hub, GROUP);
      const { html } = await page(it, `/groups/${encodeURIComponent(GROUP)}/bp-control`);
      t.match(text(html), words);
      t.match((await comparisonText(it.serving.hub, GROUP, "names")).replace(/\s+/g, " "), words);
      if (counting !== 1) continue;
      for (const { agent } of members) agent.optOuts = "OPT_OUTS_LEFT_OUT";
      await addSchedule(it.serving.hub, { ...SCHEDULE, until: "2025-06-30" });
      await doWhatIsDue(it.serving.hub);
      for (const [i, { agent, runs }] of members.entries()) {
        const { assignments } = await agent.poll(runs.map(({ run }) => run));
        for (const next of assignments) await release(agent, next, 400 + 150 * i, 0.5);
      }
      await closeNow(it.serving.hub, GROUP);
      const sums = it.serving.hub.store.db
        .selectFrom("group_figure")
        .select(["reference_date as date", "state"]);
      t.same(
        await sums.where("position", "=", 0).orderBy("reference_date").execute(),
        [
          { date: "2025-03-31", state: "made" },
          { date: "2025-06-30", state: "too-close" },
        ],
        "where one practice chose otherwise, the sums of two dates would tell whose choice it was",
      );
    }
  },
);
