/** The practice's own pages: from the first page to a patient's facts, who may look, and what stands in the log of it. */
import { answerOne } from "@cairn/engine";
import t from "tap";
import { markPerson } from "../src/decisions/marks.js";
import { person } from "../src/store/person.js";
import { D, formsOf, links, listed, MARKUP, ownPages, PEOPLE } from "./fixtures/own-pages.js";
import { runOn } from "./fixtures/practice.js";

/** Who belongs on it, straight from the specification. */
const expected = (query: Parameters<typeof answerOne>[1]): string[] =>
  PEOPLE.filter((each) => {
    const { denominator, numerator } = answerOne(each, query, D, null);
    return denominator > 0 && numerator === 0;
  }).map(({ id }) => id);

t.test(
  "a clinician goes from the first page to the people and the facts that decided in two clicks",
  async (t) => {
    const { get, query, looks } = await ownPages(t, "clinician");
    let home = await get("/"); // begins to count
    t.match(
      home.text,
      /Our numbers are being counted, since 20 May 2025 at 10:00: load this page again in a minute|since .*May 2025/,
    );
    for (let i = 0; i < 100 && home.text.includes("being counted"); i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      home = await get("/");
    }
    t.match(home.text, "50 % (30 of 60)", "the own number, exact");
    t.match(
      home.text,
      "People with a type 1 opt-out in their record are counted here; in what leaves only where this practice, the charter of each of its groups and every question that they may ask agree",
    );
    const list = links(home.body).find((href) => href.includes("/people"));
    t.equal(list, "/questions/asthma-review/people");
    t.match(home.text, ">30 people<");

    const page = await get(list!);
    t.equal(page.status, 200);
    const who = expected(query);
    t.equal(who.length, 30);
    t.same(listed(page.body).toSorted(), who.toSorted());
    t.match(
      page.text,
      /People without “.+”: perhaps worth a look \(higher is usually better\)\. For this practice only: this list never leaves it\./,
    );
    t.match(page.text, "Last seen", "each fact of the query has a column");
    t.notMatch(page.body, MARKUP, "an identifier is no markup");
    t.match(looks(), [{ query: "asthma-review", version: "1.0.0", dates: D, by: "Dr Ann Example" }]);
    t.equal(looks().length, 1);
  },
);

t.test("the question's page: own number over time, the steps to it, the data, what is due", async (t) => {
  const { get, looks } = await ownPages(t, "quality-lead");
  const { text, body } = await get("/questions/asthma-review");
  t.match(text, "31 March 2025: 30 of 60 people, exact");
  t.match(
    text,
    /id="waterfall-desc">People left after each step\. registered with the practice and alive: 60; /,
  );
  t.match(text, /who is aged 18 or over at the date: 60; whose latest code of seen [^;]*: 30\./);
  t.match(text, "Records are complete to 10 May 2025");
  t.match(text, "The next is 30 June 2025: it is counted once the records are complete to 14 July 2025");
  t.match(text, "Decline for cluster");
  t.same(
    links(body).filter((href) => href.includes("people")),
    ["/questions/asthma-review/people?list=rest", "/questions/asthma-review/people?list=numerator"],
  );
  t.same(looks(), [], "no patient was looked at");
  t.equal((await get("/questions/nothing")).status, 404);
});

t.test("searched, ordered, and taken away as a file that a spreadsheet runs nothing of", async (t) => {
  const { get, post, keeper, looks } = await ownPages(t, "quality-lead", { people: true });
  const at = "/questions/asthma-review/people";
  const search = formsOf((await get(at)).body).find(({ action }) => action.startsWith(`${at}/found?`))!;
  const found = async (find: string, list = "rest") => post(search.action, { ...search.fields, list, find });
  t.same(listed((await found("patient-1", "numerator")).body), [
    "patient-10",
    "patient-12",
    "patient-14",
    "patient-16",
    "patient-18",
  ]);
  t.match((await found("nobody like this")).text, "Nobody on the list matches what you look for.");
  t.match((await get(`${at}?date=2024-02-01`)).status, 404, "a day that is no end of the query's periods");
  t.match((await get(`${at}?date=2026-03-31`)).status, 404, "a day that the records do not cover");

  markPerson(
    keeper.store,
    { query: "asthma-review", patient: MARKUP },
    { mark: "not-suitable", why: "@moved, away" },
    person("Dr Bob"),
  );
  markPerson(
    keeper.store,
    { query: "asthma-review", patient: "patient-5" },
    { mark: "recalled" },
    person("Dr Bob"),
  );
  const marked = await get(`${at}?sort=marked`);
  t.same(listed(marked.body).slice(-2).toSorted(), [MARKUP, "patient-5"]);
  t.match(marked.text, /not suitable <small[^>]*>because @moved, away; Dr Bob, 20 May 2025</);
  t.same(listed((await found("RECALLED")).body), ["patient-5"]);

  const file = await get(`${at}.csv?list=rest`);
  t.match(file.headers["content-disposition"], 'attachment; filename="asthma-review-2025-03-31.csv"');
  const rows = file.body.trimEnd().split("\r\n");
  t.equal(rows.length, 31);
  t.match(
    rows[0],
    /^\uFEFF"patient","age","sex","last_seen","last_seen unit","last_seen date","mark","why","marked by","marked at"$/,
  );
  t.ok(
    rows.some((row) => row.startsWith(`"'=cmd|'/c calc'!A1",55,"female"`)),
    "no formula",
  );
  t.ok(rows.some((row) => row.includes(`"not-suitable","'@moved, away","Dr Bob"`)));
  const cells = file.body.match(/"(?:[^"]|"")*"/g) ?? [];
  t.same(
    cells.filter((cell) => /^"[=+\-@\t\r]/.test(cell)),
    [],
  );
  t.ok(looks().length >= 5, "each opening is in the log, the file's too");
});

t.test("the first page shows own numbers to those alone who may see the comparison", async (t) => {
  for (const role of ["quality-lead", "clinician", "visitor", "administrator", "officer"] as const) {
    const { get } = await ownPages(t, role);
    const { text } = await get("/");
    t.match(text, "How things stand", role);
    const sees = role !== "administrator" && role !== "officer";
    t.equal(text.includes("Our own numbers, exact"), sees, role);
    t.equal(text.includes("People to look at"), sees, `${role}: nor the length of a list`);
    t.equal(text.includes('/people"'), sees && role !== "visitor", `${role}: nor the way to it`);
  }
});

t.test("whoever has not signed in opens no list, and the officer neither", async (t) => {
  for (const role of ["visitor", "officer", "administrator"] as const) {
    const { get, looks } = await ownPages(t, role);
    for (const end of ["", ".csv"]) {
      const reply = await get(`/questions/asthma-review/people${end}?list=rest`);
      t.equal(reply.status, 403, role);
      t.match(reply.text, "Only a quality lead or a clinician may do this");
      for (const { id } of PEOPLE) if (reply.body.includes(id)) t.fail(`${role} sees ${id}`);
    }
    t.same(looks(), []);
    if (role !== "visitor") continue;
    const { text } = await get("/questions/asthma-review");
    t.match(
      text,
      "cairn agent decline asthma-review --group cluster",
      "the command stands in place of the form",
    );
    t.notMatch(text, "<form");
  }
});

t.test("a mark is removed, and not suitable needs a reason", async (t) => {
  const { keeper, get } = await ownPages(t, "clinician");
  const about = { query: "asthma-review", patient: "patient-5" };
  for (const why of ["", "  ", "\u0007"])
    t.throws(() => markPerson(keeper.store, about, { mark: "not-suitable", why }, person("Dr Bob")), {
      code: "why-missing",
    });
  markPerson(keeper.store, about, { mark: "seen" }, person("Dr Bob"));
  t.match((await get("/questions/asthma-review/people")).text, /seen <small[^>]*>Dr Bob, 20 May 2025</);
  markPerson(keeper.store, about, null, person("Dr Bob"));
  t.notMatch((await get("/questions/asthma-review/people")).text, "Dr Bob");
});

t.test("what is looked for stands in no address, and in none that leads on from there", async (t) => {
  const { get, post, keeper, looks, asking } = await ownPages(t, "clinician", { people: true });
  const at = "/questions/asthma-review/people";
  const whole = await get(at);
  const [search] = formsOf(whole.body).filter(({ action }) => action.startsWith(`${at}/found?`));
  const asked = { ...search!.fields, list: "rest", sort: "oldest", find: "patient-51" };
  const before = looks().length;
  const found = await post(search!.action, asked);
  t.same([found.status, listed(found.body)], [200, ["patient-51"]]);
  t.equal(looks().length, before + 1, "a look that is in the log");
  t.equal((await get(`${at}?find=patient-51`)).body.match(/<tr/g)?.length, whole.body.match(/<tr/g)?.length);
  for (const href of [...links(found.body), ...formsOf(found.body).map(({ action }) => action)])
    t.notMatch(href, /patient-51|find/, href);
  t.match(found.text, "Take the whole list away");
  const mark = formsOf(found.body).find(({ action }) => action === at)!;
  const marked = await post(mark.action, { ...mark.fields, "patient-0": "patient-51", mark: "seen" });
  t.same([marked.status, listed(marked.body)], [200, ["patient-51"]], "marked among those who were found");
  t.match(marked.text, /seen <small[^>]*>Dr Ann Example/);
  t.equal(keeper.store.db.prepare("SELECT patient FROM mark").pluck().get(), "patient-51");
  t.equal((await post(search!.action, { ...asked, _csrf: "x" })).status, 403, "forged");
  asking.role = "administrator";
  t.equal((await post(search!.action, asked)).status, 403);
});

t.test("the first look of a person and day at own numbers and at what leaves is in the log", async (t) => {
  const { get, entries, asking } = await ownPages(t, "quality-lead", { people: true });
  const seen = () =>
    entries()
      .filter(({ kind }) => /^(own-numbers|run)-viewed$/.test(kind))
      .map(({ kind, body: { v: _v, ...body } }) => [kind, body]);
  const by = "Dr Ann Example";
  const question = { query: "asthma-review", version: "1.0.0", by };
  for (let i = 0; i < 3; i++)
    for (const path of ["/", "/questions/asthma-review", `/runs/${runOn("review")}`])
      t.equal((await get(path)).status, 200, path);
  const hers = [
    ["own-numbers-viewed", { query: null, version: null, by }],
    ["own-numbers-viewed", question],
    ["run-viewed", { run: runOn("review"), query: "asthma-review", date: D, by }],
  ];
  t.same(seen(), hers);
  for (const path of ["/runs/nothing", "/questions/nothing", "/account"]) await get(path);
  t.same(seen(), hers, "where nothing was shown nobody looked");
  asking.role = "visitor";
  await get(`/runs/${runOn("review")}`);
  t.same(seen().at(-1), ["run-viewed", { run: runOn("review"), query: "asthma-review", date: D, by: null }]);
  asking.role = "administrator";
  await get("/");
  t.equal(seen().length, 4, "who sees how things stand sees no number");
});
