/**
 * An attacker who reads all that ever leaves a keeper, its log, its exports and what it prints finds no mark, no reason
 * of one and no identifier of a patient; and releases are the same bytes with marks and without.
 */
import { rmSync } from "node:fs";
import { practiceExportLines } from "../src/export.js";
import { recordsFile } from "@cairn/records/file";
import { openDatabase } from "@cairn/sqlite";
import t, { type Test } from "tap";
import { formsOf, listed, MARKUP, ownPages, PEOPLE } from "./fixtures/own-pages.js";
import { lease } from "./fixtures/released.js";
import { until, runOn } from "./fixtures/practice.js";

const RUN = runOn("review");
const REASON = "moved to Wonderland";
/** By which the practice's own system finds patient-9. */
const NUMBER = "QZX7731901";
const QUESTION = "/questions/asthma-review";

/** Everything that the outside may ever hear or read: as text, with bytes in hex too. */
class Heard {
  readonly #texts: string[] = [];

  add(what: unknown): void {
    const bytes = (_key: string, value: unknown): unknown => {
      if (typeof value === "bigint") return String(value);
      const raw = value as { type?: string; data?: number[] } | null;
      return raw?.type === "Buffer" ? Buffer.from(raw.data ?? []).toString("latin1") : value;
    };
    this.#texts.push(typeof what === "string" ? what : JSON.stringify(what, bytes));
  }

  get all(): string {
    return this.#texts.join("\n");
  }
}

/** Opens lists, marks people where asked to, and lets the query run and its release leave. */
async function story(t: Test, marks: boolean) {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const { api, get, post } = pages;
  const db = openDatabase(recordsFile(pages.home.folder), { check: false });
  db.prepare("UPDATE patient SET number = ? WHERE practice_id = 'patient-9'").run(NUMBER);
  db.close();
  const heard = new Heard();
  const list = await get(`${QUESTION}/people?list=rest`);
  t.ok(list.text.includes("patient-5"), "the list names people to whoever may look");
  const form = formsOf(list.body).find(({ action }) => action === `${QUESTION}/people`)!;
  if (marks) {
    const ticked = { "patient-0": "patient-5", "patient-1": MARKUP };
    await post(form.action, { ...form.fields, ...ticked, mark: "not-suitable", why: REASON });
    await post(form.action, { ...form.fields, "patient-0": "patient-7", mark: "recalled" });
    t.match((await get(`${QUESTION}/people?list=rest`)).text, REASON);
    await post(form.action, { ...form.fields, "patient-0": "patient-9", mark: "seen" });
  }
  const _csrf = form.fields["_csrf"] ?? "";
  t.equal((await post(`${QUESTION}/people/found`, { _csrf, find: "patient-5" })).status, 200);
  const found = await post(`${QUESTION}/people/found`, { _csrf, find: NUMBER });
  t.same(listed(found.body), [NUMBER], "on the page, and looked for, is the number of the practice's system");
  t.equal(found.text.includes("Dr Ann Example"), marks, "with the mark that was put on its person");
  const file = await get(`${QUESTION}/people.csv?list=rest`);
  t.match(file.body, new RegExp(`^"?${NUMBER}"?,`, "m"), "and so in the file");
  t.notMatch(file.body, /patient-9\b/);
  await get(`${QUESTION}/people.csv?list=numerator`);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const taken = await api.takeRelease({ run: RUN });
  heard.add(taken);
  heard.add(await api.waitForChanges({ since: 0, holdSeconds: 0 }));
  heard.add([...practiceExportLines(pages.keeper.store)].join("\n"));
  heard.add(pages.entries());
  for (const path of ["/", QUESTION, `/runs/${RUN}`]) heard.add((await get(path)).body);
  return { ...pages, heard, release: taken.release! };
}

/** What an attacker looks for: each identifier as it stands, and as a page or JSON writes it. */
const SECRETS = [
  ...PEOPLE.flatMap(({ id }) => [id, JSON.stringify(id).slice(1, -1)]),
  ...[REASON, "Wonderland", "Mrs Example", "recalled", "not-suitable", "not suitable", NUMBER],
];

function found(text: string): string[] {
  return SECRETS.filter((secret) =>
    /^patient-\d+$/.test(secret) ? new RegExp(`${secret}(?!\\d)`).test(text) : text.includes(secret),
  );
}

t.test("releases are the same bytes with marks and without", async (t) => {
  const [marked, plain] = [await story(t, true), await story(t, false)];
  t.ok(Buffer.from(marked.release.release).equals(Buffer.from(plain.release.release)));
  t.ok(marked.release.release.length > 0);
  const rows = (pages: typeof marked): unknown =>
    pages.keeper.store.db.prepare("SELECT count(*) FROM mark").pluck().get();
  t.same([rows(marked), rows(plain)], [4, 0]);
});

t.test("nothing that leaves, no log and no other page holds a mark or an identifier", async (t) => {
  const { heard } = await story(t, true);
  t.same(found(heard.all), []);
  t.same(
    found("the list of patient-5, because: moved to Wonderland"),
    ["patient-5", "patient-5", REASON, "Wonderland"],
    "the search finds what is there",
  );
  t.match(heard.all, "worklist-viewed");
});

t.test("no error tells of a person", async (t) => {
  const pages = await ownPages(t, "clinician", { people: true });
  for (const end of ["", "-wal", "-shm"]) rmSync(recordsFile(pages.home.folder) + end, { force: true });
  const replies = [
    await pages.get(`${QUESTION}/people?list=rest`),
    await pages.get(`${QUESTION}/people.csv?list=rest`),
    await pages.get(QUESTION),
  ];
  for (const { body, text } of replies) t.same(found(body), [], text.slice(0, 300));
  t.match(replies[0]!.text, /Nothing|cannot|not a database|damaged/i);
});
