import { addPerson, invite } from "@cairn/hub";
import { fastify, type FastifyInstance } from "fastify";
import { pino } from "pino";
import t, { type Test } from "tap";
import { readNote, type NoteFields } from "../src/notes/read-note.js";
import { siteOn } from "../src/pages/server.js";
import { sixOfEight } from "./cluster.js";
import { session } from "./sessions.js";
import { GROUP, story, type Story } from "./story.js";

const TODAY = "2026-03-10";
const base = `/groups/${encodeURIComponent(GROUP)}`;

function problemsOf(fields: NoteFields): string[] {
  const read = readNote(fields, TODAY, ["Ash", "Glen View Surgery"]);
  return "note" in read ? [] : read.problems.map(({ field, words }) => `${field}: ${words}`);
}

const TEST = {
  ...{ kind: "test-of-change", text: "Call people in by birthday month", until: "2026-09-30" },
  measured_by: "readings in the last year",
};

t.test("a note is read strictly, and what is wrong is said at its field", async (t) => {
  t.same(readNote({ ...TEST, share: "70" }, TODAY, []), {
    note: { ...TEST, date: TODAY, share: null },
  });
  t.same(readNote({ kind: "aim", text: " under  65\r\n", share: "70 %", until: "2026-06-30" }, TODAY, []), {
    note: {
      ...{ kind: "aim", date: TODAY, text: "under 65", share: 0.7, measured_by: null },
      until: "2026-06-30",
    },
  });
  t.same(readNote({ kind: "note", text: "New recall system", date: "2026-01-31" }, TODAY, []), {
    note: {
      ...{ kind: "note", date: "2026-01-31", text: "New recall system" },
      ...{ share: null, measured_by: null, until: null },
    },
  });
  t.match(readNote({ ...TEST, date: "31/01/2026", until: "30.9.2026" }, TODAY, []), {
    note: { date: "2026-01-31", until: "2026-09-30" },
  });
  const wrong: readonly [NoteFields, string][] = [
    [{ ...TEST, kind: "plan" }, "kind: Choose"],
    [{ ...TEST, text: " \n" }, "text: Write what it is."],
    [{ ...TEST, text: "x".repeat(401) }, "text: Write at most 400 characters; it has 401."],
    [{ ...TEST, text: "a\u202eb" }, "text: It holds a character that does not print"],
    [{ ...TEST, text: "As glen-view surgery does" }, "text: Leave names of practices out"],
    [{ ...TEST, measured_by: "Ash's numbers" }, "measured_by: Leave names of practices out"],
    [{ ...TEST, measured_by: "" }, "measured_by: Write what you will look at"],
    [{ ...TEST, until: "2026-02-30" }, "until: Write the date as day/month/year, 10/06/2026."],
    [{ ...TEST, until: TODAY }, "until: Choose a date after today"],
    [{ ...TEST, until: "2099-01-01" }, "until: Choose a date within 10 years"],
    [{ ...TEST, date: "2026-03-11" }, "date: The date is today or earlier."],
    [{ ...TEST, date: "1990-01-01" }, "date: The date is at most 10 years back."],
    ...["", "101", "7.5", "-1", "1e1"].map((share): [NoteFields, string] => [
      { ...TEST, kind: "aim", share },
      "share: Write a whole per cent",
    ]),
  ];
  for (const [fields, expected] of wrong) {
    const problems = problemsOf(fields);
    t.equal(problems.length, 1, expected);
    t.match(problems[0], expected);
  }
  t.same(problemsOf({ ...TEST, text: "Ashen faces, washed" }), [], "a name is a word of its own");
});

interface Site {
  readonly it: Story;
  readonly app: FastifyInstance;
  readonly lead: Reader;
  readonly commissioner: Reader;
}

interface Reader {
  readonly cookie: string;
  readonly token: string;
}

async function site(t: Test): Promise<Site> {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await sixOfEight(it, { queries: ["bp-control", "hypertension-register"], periods: 2 });
  await invite(hub, "Xanthe", ["other"]);
  const { app } = await siteOn(fastify(), hub, pino({ level: "silent" }));
  await addPerson(hub, { name: "Dr Ng", role: "cluster-lead", groups: [GROUP] });
  await addPerson(hub, { name: "Ms Roy", role: "commissioner", groups: [GROUP] });
  return { it, app, lead: await session(hub, app, 1), commissioner: await session(hub, app, 2) };
}

async function read({ app }: Site, url: string, { cookie }: Reader): Promise<string> {
  const reply = await app.inject({ url, headers: { cookie } });
  t.equal(reply.statusCode, 200, url);
  return reply.body;
}

async function send({ app }: Site, url: string, { cookie, token }: Reader, fields: Record<string, string>) {
  const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
  const payload = new URLSearchParams({ _csrf: token, ...fields }).toString();
  return app.inject({ method: "POST", url, headers, payload });
}

function words(html: string): string {
  return html.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

function entries({ it }: Site, kind: string): string[] {
  return [...it.serving.hub.store.log.entries()]
    .filter((one) => one.kind === kind)
    .map((one) => JSON.stringify(one));
}

t.test("an aim and a test of change stand on the line, come first, and are looked at again", async (t) => {
  const it = await site(t);
  const day = (days: number) => new Date(it.it.clock.now + days * 86_400_000).toISOString().slice(0, 10);
  const path = `${base}/bp-control`;
  const evil = `<img src=x onerror="alert(1)"> & 'more'`;
  const made = await send(it, `${path}/notes`, it.lead, {
    ...{ kind: "test-of-change", text: evil, until: day(90), measured_by: "readings" },
  });
  t.equal(made.statusCode, 303);
  t.equal(made.headers.location, `${path}#bp-control-talk`);
  await send(it, `${path}/notes`, it.lead, { kind: "aim", text: "under 65", share: "75", until: day(80) });
  const page = await read(it, path, it.lead);
  t.notMatch(page, "<img");
  t.match(page, "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;more&#39;");
  t.match(page, /stroke="var\(--cairn-orange[^"]*" stroke-width="3"/, "the aim is a line of the chart");
  t.ok(words(page).indexOf("What you set out to do") < words(page).indexOf("The question"));
  t.match(words(page), "by Dr Ng");
  t.match(words(await read(it, base, it.lead)), /What you set out to do .*Aim: 75 % by .*We try by/);
  t.match(await read(it, `/meetings/${encodeURIComponent(GROUP)}`, it.lead), /question 1 of 1/);
  t.equal(entries(it, "note-written").length, 2);
  t.match(entries(it, "note-written")[0], /"by":"Dr Ng"/);
  t.notMatch(
    entries(it, "note-written").join(""),
    /img|under 65/,
    "the log holds what was typed as a digest",
  );

  t.notMatch(page, "what came of this?", "nobody is asked what came of a plan of today");
  it.it.clock.now += 85 * 86_400_000;
  await addPerson(it.it.serving.hub, { name: "Dr Ng later", role: "cluster-lead", groups: [GROUP] });
  const lead = await session(it.it.serving.hub, it.app, 3); // the first session is over
  const due = await read(it, path, lead);
  t.equal(due.match(/what came of this\?/g)?.length, 1, "the aim's day has come, and the change's has not");
  const [, id] = /name="note" value="(\d+)"/.exec(due) ?? [];
  const outcome = await send(it, `${path}/notes/outcome`, lead, { note: id as string, outcome: "kept" });
  t.equal(outcome.statusCode, 303);
  t.match(words(await read(it, base, lead)), /Tried: Aim: 75 % by .*\(kept on/);
  const again = await send(it, `${path}/notes/outcome`, lead, { note: id as string, outcome: "dropped" });
  t.equal(again.statusCode, 404, "it was looked at");
  const elsewhere = await send(it, `${base}/hypertension-register/notes/outcome`, lead, {
    ...{ note: "1", outcome: "kept" },
  });
  t.equal(elsewhere.statusCode, 404, "it is of another question");
  t.equal(entries(it, "plan-looked-at").length, 1);
});

t.test("what is wrong is said on the page, and what was typed stays", async (t) => {
  const it = await site(t);
  const reply = await send(it, `${base}/bp-control/notes`, it.lead, {
    ...{ kind: "aim", text: "Like Birch <b>", share: "170", until: "soon" },
  });
  t.equal(reply.statusCode, 422);
  t.match(words(reply.body), "There is a problem");
  t.match(reply.body, /<title>Not saved: /);
  t.match(reply.body, /<main[^>]*>\s*<div class="nhsuk-error-summary"/, "it stands first");
  t.match(reply.body, "Like Birch &lt;b&gt;");
  t.match(reply.body, 'value="170"');
  for (const said of ["Leave names of practices out", "whole per cent", "Write the date as day/month/year, "])
    t.match(words(reply.body), said);
  t.equal(entries(it, "note-written").length, 0);
  t.equal(entries(it, "comparison-viewed").length, 1, "the page that comes again shows the group's figures");
});

t.test("a group chooses five questions at most, in its order, of those that it is asked", async (t) => {
  const it = await site(t);
  const reply = await send(it, `${base}/chosen`, it.lead, {
    ...{ first: "hypertension-register", second: "bp-control", third: "hypertension-register", fourth: "x" },
  });
  t.equal(reply.statusCode, 303);
  const page = words(await read(it, base, it.lead));
  t.match(page, /Chosen by the group On the hypertension register .* Latest blood pressure/);
  t.match(entries(it, "questions-chosen")[0], "hypertension-register,bp-control");
  const meeting = `/meetings/${encodeURIComponent(GROUP)}`;
  t.match(words(await read(it, meeting, it.lead)), /question 1 of 2 On the hypertension register/);
  t.match(await read(it, meeting, it.lead), `href="${meeting}/bp-control" rel="next"`);
  t.match(
    await read(it, `${meeting}/bp-control`, it.lead),
    `href="${meeting}/hypertension-register" rel="prev"`,
  );
});

t.test("a commissioner sees the group's figure and aims, no dot, and may write nothing", async (t) => {
  const it = await site(t);
  await send(it, `${base}/bp-control/notes`, it.lead, {
    ...{ kind: "aim", text: "under 65", share: "75", until: "2030-01-01" },
  });
  const pack = `/packs/${encodeURIComponent(GROUP)}`;
  for (const url of [base, `${base}/bp-control`, `/meetings/${encodeURIComponent(GROUP)}`, pack]) {
    const page = await read(it, url, it.commissioner);
    t.notMatch(page, /r="7"|cairn-strip|one dot for each|at a whole per cent/, url);
    t.notMatch(page, '<form method="post"', url);
    t.match(words(page), /the group together is at/, url);
    t.match(words(page), "under 65", url);
    t.match(await read(it, url, it.lead), /r="7"/, `${url}: the lead sees them`);
  }
  t.notMatch(await read(it, `${base}/bp-control`, it.commissioner), "cairn-place", "nor in a split");
  for (const url of [`${base}/bp-control/notes`, `${base}/chosen`])
    t.equal((await send(it, url, it.commissioner, TEST)).statusCode, 403);
});
