/** The practice's own notes: they stand on its own line, are in its log by who and when, and never leave. */
import t from "tap";
import { practiceExportLines } from "../src/export.js";
import { formsOf, ownPages } from "./fixtures/own-pages.js";
import { until, runOn } from "./fixtures/practice.js";
import { lease } from "./fixtures/released.js";

const QUESTION = "/questions/asthma-review";
const NOTES = `${QUESTION}/notes`;
const TEXT = "A nurse for <asthma> began";
type Pages = Awaited<ReturnType<typeof ownPages>>;

const formTo = async ({ get }: Pages, action: string) =>
  formsOf((await get(QUESTION)).body).find((each) => each.action === action);
const written = ({ entries }: Pages) =>
  entries()
    .filter(({ kind }) => kind.startsWith("own-note-"))
    .map(({ kind, body }) => [kind, body["query"], body["note"], body["by"]]);

t.test(
  "a clinician's note stands on the line, in the log without its words, and is removed again",
  async (t) => {
    const pages = await ownPages(t, "clinician", { people: true });
    const form = (await formTo(pages, NOTES))!;
    const reply = await pages.post(NOTES, { ...form.fields, date: "2024-12-31", text: ` ${TEXT}\n` });
    t.match(reply, { status: 303, headers: { location: `${QUESTION}#notes` } });
    const { text } = await pages.get(QUESTION);
    t.match(text, "31 December 2024, by Dr Ann Example: A nurse for &lt;asthma&gt; began");
    t.match(text, "1: 31 December 2024. A nurse for &lt;asthma&gt; began", "the number in the picture");
    t.match(text, /Notes at 31 December 2024/, "the picture says it to who does not see it");
    t.same(written(pages), [["own-note-written", "asthma-review", 1, "Dr Ann Example"]]);
    t.notMatch(JSON.stringify(pages.entries()), "nurse");
    const remove = (await formTo(pages, `${NOTES}/remove`))!;
    t.equal((await pages.post(remove.action, remove.fields)).status, 303);
    t.equal((await pages.post(remove.action, remove.fields)).status, 404, "once");
    t.notMatch((await pages.get(QUESTION)).text, "nurse");
    t.same(written(pages).slice(1), [["own-note-removed", "asthma-review", 1, "Dr Ann Example"]]);
    await pages.post(NOTES, { ...form.fields, text: TEXT });
    t.equal(written(pages).at(-1)?.[2], 2, "a number is never another note's");
    t.match(
      (await pages.get(QUESTION)).text,
      "20 May 2025, by Dr Ann Example",
      "today where no date is said",
    );
  },
);

t.test("what is wrong is said, and what was typed stays", async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const { fields } = (await formTo(pages, NOTES))!;
  for (const [typed, words] of [
    [{ text: " \u0007 " }, "Write what the note says."],
    [{ text: "x".repeat(401) }, "Write at most 400 characters."],
    [{ text: `${"x".repeat(400)} and the rest` }, "Write at most 400 characters."],
    [{ text: `${"x".repeat(399)} ${" ".repeat(2_000)}y` }, "Write at most 400 characters."],
    [{ text: TEXT, date: "31 March" }, "Write the date as day/month/year, 20/05/2025."],
    [{ text: TEXT, date: "31/02/2025" }, "Write the date as day/month/year, 20/05/2025."],
    [{ text: TEXT, date: "2025-05-21" }, "The date is today or earlier"],
    [{ text: TEXT, date: "2014-12-31" }, "at most 10 years back"],
  ] as const) {
    const reply = await pages.post(NOTES, { ...fields, ...typed });
    t.equal(reply.status, 422, words);
    t.match(reply.text, words);
    t.match(reply.text, /<title>Not saved: Asthma review/);
    const first = /<main[^>]*>\s*<div class="nhsuk-error-summary"[^]*?<\/div>/.exec(reply.body)?.[0];
    t.match(first, "There is a problem", "it stands first");
    t.match(first?.replaceAll(/\s+/g, " "), words);
    t.match(first, `href="#note-${"date" in typed ? "date" : "text"}"`);
    if (typed.text === TEXT) t.match(reply.body, /name="text"\s+type="text"\s+value="A nurse for &lt;asthma/);
  }
  t.same(written(pages), []);
  t.equal((await pages.post(NOTES, { ...fields, _csrf: "x", text: TEXT })).status, 403, "forged");
  t.equal((await pages.post("/questions/none/notes", { ...fields, text: TEXT })).status, 404);
});

t.test("who may not write sees no form, and nothing of a note leaves", async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const { fields } = (await formTo(pages, NOTES))!;
  await pages.post(NOTES, { ...fields, text: TEXT });
  await pages.api.execute({ leases: [lease(runOn("review"))] });
  await until(pages.api, runOn("review"), "OUTBOX");
  const leaves = [
    await pages.api.takeRelease({ run: runOn("review") }),
    await pages.api.waitForChanges({ since: 0, holdSeconds: 0 }),
    [...practiceExportLines(pages.keeper.store)],
  ];
  const bytes = (_key: string, value: unknown): unknown => {
    if (typeof value === "bigint") return String(value);
    const raw = value as { type?: string; data?: number[] } | null;
    return raw?.type === "Buffer" ? Buffer.from(raw.data ?? []).toString("latin1") : value;
  };
  const heard = JSON.stringify(leaves, bytes);
  t.match(heard, "own-note-written");
  t.notMatch(heard, /nurse/);
  for (const role of ["administrator", "officer"] as const) {
    pages.asking.role = role;
    t.equal((await pages.post(NOTES, { ...fields, text: TEXT })).status, 403, role);
    t.equal((await pages.post(`${NOTES}/remove`, { ...fields, note: "1" })).status, 403, role);
  }
  pages.asking.role = "visitor";
  const { text } = await pages.get(QUESTION);
  t.match(text, "nurse");
  t.notMatch(text, "Write it down");
});

t.test("a date is typed as people write it, and kept as one", async (t) => {
  const pages = await ownPages(t, "clinician", { people: true });
  const { fields } = (await formTo(pages, NOTES))!;
  t.match((await pages.get(QUESTION)).body, /name="date"\s+type="date"/);
  for (const date of ["31/12/2024", "31.12.2024", " 2024-12-31"])
    t.equal((await pages.post(NOTES, { ...fields, date, text: TEXT })).status, 303, date);
  const kept = pages.keeper.store.db.prepare<[], string>("SELECT date FROM own_note").pluck().all();
  t.same(kept, ["2024-12-31", "2024-12-31", "2024-12-31"]);
});
