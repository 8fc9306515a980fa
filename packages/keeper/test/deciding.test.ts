/** Decisions on the practice's own pages: the same as by command, with the person's name, once, and never on what has changed. */
import { releaseDigest } from "@cairn/wire";
import t, { type Test } from "tap";
import { cellsOf } from "@cairn/query-library";
import { approve, decline } from "../src/decisions/approve.js";
import { keepRelease, approveRelease } from "../src/decisions/held-releases.js";
import { declineNamed } from "../src/decisions/by-name.js";
import { join } from "../src/decisions/membership.js";
import { pause, setHold } from "../src/decisions/standing-decisions.js";
import { requestsOf } from "../src/runs/requests.js";
import { findRun } from "../src/runs/run.js";
import { KeeperStore } from "../src/store/store.js";
import { D, formsOf, listed, MARKUP, ownPages } from "./fixtures/own-pages.js";
import { lease } from "./fixtures/released.js";
import { assignment, receipt, until, runOn } from "./fixtures/practice.js";

const RUN = runOn("review");
const QUESTION = "/questions/asthma-review";
type Pages = Awaited<ReturnType<typeof ownPages>>;

/** The form of a page that has this button. */
async function formWith({ get }: Pages, path: string, does: string) {
  const page = await get(path);
  const form = formsOf(page.body).find((each) => each.does.includes(does));
  if (!form) throw new Error(`${path} has no form that does ${does}: ${page.text.slice(0, 2000)}`);
  const fields: Readonly<Record<string, string>> = { ...form.fields, do: does };
  return { ...form, fields };
}

const saidOf = ({ entries }: Pages) =>
  entries()
    .filter(({ body }) => (body as { by?: string }).by !== "rule accept-signed")
    .filter(
      ({ kind }) =>
        !/^(made|enrolled|group|rule-set|library|records|query-offered|run-|own-numbers)/.test(kind),
    )
    .map(({ kind, body }) => [kind, (body as { by?: string }).by ?? null]);

/** A release on hold. */
async function held(t: Test): Promise<Pages> {
  const pages = await ownPages(t, "quality-lead", { people: true });
  setHold(pages.keeper.store, true);
  await pages.api.execute({ leases: [lease(RUN)] });
  await until(pages.api, RUN, "ON_HOLD");
  return pages;
}

t.test(
  "a question is declined and accepted again, by name, and sending twice does nothing twice",
  async (t) => {
    const pages = await ownPages(t, "quality-lead", { people: true });
    const { post, get, keeper } = pages;
    const before = saidOf(pages).length;
    const form = await formWith(pages, QUESTION, "decline");
    t.match(form.fields, { group: "cluster" });
    t.match(await post(form.action, form.fields), { status: 303, headers: { location: QUESTION } });
    const again = await post(form.action, form.fields);
    t.equal(again.status, 409);
    t.match(again.text, "Nothing was done");
    t.same(saidOf(pages).slice(before), [["query-declined", "Dr Ann Example"]]);
    t.match((await get(QUESTION)).text, "asked by cluster: declined");
    const accept = await formWith(pages, QUESTION, "accept");
    t.equal((await post(accept.action, accept.fields)).status, 303);
    t.same(saidOf(pages).at(-1), ["query-accepted", "Dr Ann Example"]);
    t.equal(keeper.store.problem, null);

    const all = formsOf((await get(QUESTION)).body).find(({ fields }) => fields["group"] === "")!;
    t.equal((await post(all.action, { ...all.fields, do: "decline", sure: "yes" })).status, 303);
    t.match(pages.entries().at(-1), { kind: "query-declined", body: { group: null, by: "Dr Ann Example" } });
  },
);

t.test("what has changed since the page was opened changes nothing, and says so", async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const { post, home } = pages;
  const form = await formWith(pages, QUESTION, "decline");
  const other = KeeperStore.open(home.folder); // a command at the same machine
  decline(other, "asthma-review");
  other.close();
  const count = pages.entries().length;
  const reply = await post(form.action, form.fields);
  t.equal(reply.status, 409);
  t.match(reply.text, "This has changed since you opened the page");
  t.equal(pages.entries().length, count);
  for (const wrong of [
    { ...form.fields, do: "constructor" },
    { ...form.fields, do: "" },
  ])
    t.equal((await post(form.action, wrong)).status, 400);
  t.equal((await post(form.action, { ...form.fields, seen: "" })).status, 409);
  t.equal((await post("/questions/none/decide", form.fields)).status, 404);
});

t.test("a held release goes after exactly its numbers were seen, and those bytes leave", async (t) => {
  const pages = await held(t);
  const { post, get, api, keeper } = pages;
  t.match(
    (await get("/")).text,
    /On hold until someone has seen its numbers: <a href="\/runs\/[0-9a-f]{32}">Asthma review, 31 March 2025/,
  );
  const page = await get(`/runs/${RUN}`);
  t.match(page.text, "The numbers as they would leave");
  t.match(page.text, "28 to 32");
  const form = await formWith(pages, `/runs/${RUN}`, "let-go");
  const bytes = keeper.store.db.prepare<[], Buffer>("SELECT bytes FROM release").pluck().get()!;
  t.equal(form.fields["seen"], `on-hold ${releaseDigest(bytes).toString("hex")}`);
  t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");

  t.equal((await post(form.action, { ...form.fields, seen: `on-hold ${"0".repeat(64)}` })).status, 409);
  t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released", "other bytes were seen");

  t.match(await post(form.action, form.fields), { status: 303, headers: { location: `/runs/${RUN}` } });
  t.same(
    saidOf(pages).filter(([kind]) => kind === "release-approved"),
    [["release-approved", "Dr Ann Example"]],
  );
  const { release } = await api.takeRelease({ run: RUN });
  t.ok(Buffer.from(release!.release).equals(bytes), "the very bytes that were shown");
  t.equal((await post(form.action, form.fields)).status, 409);
  t.equal(saidOf(pages).filter(([kind]) => kind === "release-approved").length, 1);
});

t.test("a held release is kept here for good, whatever is decided or asked later", async (t) => {
  const pages = await held(t);
  const { post, get, api, keeper, home, query } = pages;
  const form = await formWith(pages, `/runs/${RUN}`, "keep");
  t.equal(
    (await post(form.action, { ...form.fields, seen: "on-hold" })).status,
    409,
    "other bytes were seen",
  );
  const unsure = await post(form.action, form.fields);
  t.equal(unsure.status, 409, "for good: a box is ticked first");
  t.match(unsure.text, "Tick the box beside the button first");
  t.equal(findRun(keeper.store, RUN)?.state, "on-hold");
  const sure = { ...form.fields, sure: "yes" };
  t.match(await post(form.action, sure), { status: 303, headers: { location: `/runs/${RUN}` } });
  t.equal((await post(form.action, sure)).status, 409, "once");
  t.same(saidOf(pages).at(-1), ["release-kept", "Dr Ann Example"]);
  const page = await get(`/runs/${RUN}`);
  t.match(page.text, "Someone here decided to keep it: no version of this question leaves for this date.");
  t.match(page.text, "The numbers as they would leave");
  t.same(formsOf(page.body), [], "and nothing is left to press");
  t.match((await get("/")).text, "Nothing waits for a decision");

  setHold(keeper.store, false);
  const other = KeeperStore.open(home.folder);
  t.teardown(() => other.close());
  decline(other, "asthma-review");
  approve(other, "asthma-review", "cluster");
  join(other, "board");
  const cells = cellsOf(query, D).length;
  await api.offerRuns({ assignments: [assignment(D, { run: RUN, cells, group: "board" }, query)] });
  await until(api, RUN, "DECLINED");
  t.match(requestsOf(keeper.store, RUN), [
    { group: "board", state: "declined" },
    { group: "cluster", state: "declined" },
  ]);
  t.equal((await api.takeRelease({ run: RUN })).refusal?.code, "run-not-released");
  t.throws(() => approveRelease(other, RUN), { code: "nothing-waits" });
  t.throws(() => keepRelease(other, RUN), { code: "nothing-waits" }, "what is not held");
});

t.test("what left is withdrawn by a form with its reason, once, which stays here", async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const { post, get, api, asking } = pages;
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const { release } = await api.takeRelease({ run: RUN });
  await api.acknowledge({
    receipts: [receipt(RUN, release!.release), receipt(RUN, release!.release, 8, { group: "cluster" })],
  });
  const form = await formWith(pages, `/runs/${RUN}`, "withdraw");
  t.equal((await post(form.action, { ...form.fields, why: " " })).status, 409, "a reason is needed");
  t.equal((await post(form.action, { ...form.fields, why: "wrong unit", seen: "" })).status, 409);
  asking.role = "officer";
  t.match((await get(`/runs/${RUN}`)).text, "A quality lead can withdraw them");
  t.same(formsOf((await get(`/runs/${RUN}`)).body), []);
  t.equal((await post(form.action, { ...form.fields, why: "wrong unit" })).status, 403);
  asking.role = "quality-lead";
  t.equal((await post(form.action, { ...form.fields, why: "wrong unit" })).status, 303);
  t.equal((await post(form.action, { ...form.fields, why: "wrong unit" })).status, 409, "once");
  t.match((await get(`/runs/${RUN}`)).text, "The first release was withdrawn: wrong unit");
  t.same(
    saidOf(pages).filter(([kind]) => kind === "withdrawn"),
    [["withdrawn", "Dr Ann Example"]],
  );
  t.notMatch(JSON.stringify(pages.entries()), "wrong unit");
});

t.test("a held release is kept from every group or from none", async (t) => {
  const { keeper } = await held(t);
  t.throws(() => declineNamed(keeper.store, RUN, { group: "cluster", as: undefined }), {
    code: "nothing-waits",
    message: /leave --group out/,
  });
  t.equal(findRun(keeper.store, RUN)?.state, "on-hold");
});

t.test("an administrator pauses, resumes and holds; pausing twice is once", async (t) => {
  const pages = await ownPages(t, "administrator", { people: true });
  const { post, keeper, get } = pages;
  const form = await formWith(pages, "/", "pause");
  t.equal((await post(form.action, form.fields)).status, 303);
  t.equal((await post(form.action, form.fields)).status, 409);
  t.match((await get("/")).text, "Paused: nothing runs and nothing leaves");
  const resume = await formWith(pages, "/", "resume");
  pause(keeper.store); // meanwhile: it stands as it was seen
  t.equal((await post(resume.action, resume.fields)).status, 303);
  const hold = await formWith(pages, "/", "on");
  t.equal((await post(hold.action, hold.fields)).status, 303);
  const off = await formWith(pages, "/", "off");
  t.equal((await post(off.action, off.fields)).status, 303);
  t.same(
    saidOf(pages).map(([kind, by]) => `${kind} ${by}`),
    [
      "paused Dr Ann Example",
      "resumed Dr Ann Example",
      "setting-changed Dr Ann Example",
      "setting-changed Dr Ann Example",
    ],
  );
});

t.test("a form without its page's token, or of a role that may not, changes nothing", async (t) => {
  const pages = await held(t);
  const { post, get, asking, entries } = pages;
  const forms = [await formWith(pages, QUESTION, "decline"), await formWith(pages, `/runs/${RUN}`, "let-go")];
  asking.role = "administrator";
  forms.push(await formWith(pages, "/", "pause"), await formWith(pages, "/", "off"));
  const decided = () => entries().filter(({ kind }) => kind !== "own-numbers-viewed").length;
  const count = decided();
  for (const role of ["quality-lead", "administrator"] as const) {
    asking.role = role;
    for (const { action, fields } of forms) {
      const { _csrf, ...without } = fields;
      t.equal((await post(action, without)).status, 403, `${action} without a token`);
      t.equal((await post(action, { ...without, _csrf: "forged" })).status, 403);
    }
  }
  for (const role of ["clinician", "officer"] as const) {
    asking.role = role;
    for (const { action, fields } of forms)
      t.equal((await post(action, fields)).status, 403, `${role} ${action}`);
    t.same(
      formsOf((await get("/")).body).filter(({ action }) => action !== "/sign-out"),
      [],
      "nor is it shown a form",
    );
  }
  asking.role = "quality-lead";
  for (const { action, fields } of forms.slice(2)) t.equal((await post(action, fields)).status, 403, action);
  t.equal(decided(), count, "the log holds no decision");
});

t.test("people are marked from the list, and only those on it", async (t) => {
  const pages = await ownPages(t, "clinician", { people: true });
  const { get, post, keeper } = pages;
  const list = `${QUESTION}/people?list=rest&sort=oldest`;
  const page = await get(list);
  t.ok(listed(page.body).includes(MARKUP), "an identifier is text, and no markup");
  const form = formsOf(page.body).find(({ action }) => action === `${QUESTION}/people`)!;
  const marks = () =>
    keeper.store.db.prepare("SELECT patient, mark, why, by FROM mark ORDER BY patient").all();
  const count = pages.entries().length;
  const done = await post(form.action, {
    ...form.fields,
    ...{ "patient-0": "patient-5", "patient-7": MARKUP, "patient-9": "patient-4", mark: "not-suitable" },
    why: "moved away",
  });
  t.equal(done.status, 303);
  t.match(done.headers.location, /people\?date=2025-03-31&list=rest&sort=oldest$/);
  const by = "Dr Ann Example";
  t.same(marks(), [
    { patient: MARKUP, mark: "not-suitable", why: "moved away", by },
    { patient: "patient-5", mark: "not-suitable", why: "moved away", by },
  ]); // patient-4 was seen, and is not on this list
  t.equal(pages.entries().length, count, "no log hears of a mark");
  t.equal((await post(form.action, { ...form.fields, mark: "seen" })).status, 422, "nobody was ticked");
  t.equal(
    (await post(form.action, { ...form.fields, mark: "not-suitable", "patient-0": "patient-5" })).status,
    422,
  );
  t.equal(
    (await post(form.action, { ...form.fields, mark: "toString", "patient-0": "patient-5" })).status,
    422,
  );
  await post(form.action, { ...form.fields, mark: "none", "patient-0": MARKUP });
  t.equal(marks().length, 1);
});

t.test(
  "a group that asks is accepted or declined in one place, by two buttons beside each other",
  async (t) => {
    const pages = await ownPages(t, "quality-lead", { people: true });
    const assigned = { run: runOn("other"), group: "elsewhere" };
    await pages.api.offerRuns({ assignments: [assignment("2024-12-31", assigned, pages.query)] });
    const form = formsOf((await pages.get("/")).body).find(({ action }) => action === "/join")!;
    t.same(form.does, ["join", "leave"]);
    t.equal((await pages.post("/join", { ...form.fields, do: "leave" })).status, 303);
    t.match(pages.entries().at(-1), {
      kind: "group-left",
      body: { group: "elsewhere", by: "Dr Ann Example" },
    });
    t.notOk(
      formsOf((await pages.get("/")).body).some(({ action }) => action === "/join"),
      "it asks no more",
    );
    t.equal(
      (await pages.post("/join", { ...form.fields, do: "join" })).status,
      409,
      "it was shown as it stood before",
    );
  },
);

t.test("a question is declined for every group by who ticks the box, and not offered twice", async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const { post, get } = pages;
  const all = async () =>
    formsOf((await get(QUESTION)).body).find(({ fields, does }) => fields["group"] === "" && does.length > 0);
  const form = (await all())!;
  const fields = { ...form.fields, do: "decline" };
  t.match((await get(QUESTION)).body, /<input\s+type="checkbox"\s+name="sure"\s+value="yes"\s+required/);
  t.equal((await post(form.action, fields)).status, 409, "no box was ticked");
  t.equal(await all().then((each) => each?.does[0]), "decline", "and nothing was done");
  t.equal((await post(form.action, { ...fields, sure: "yes" })).status, 303);
  t.match((await get(QUESTION)).text, "Declined for every group, those to come too");
  t.equal(await all(), undefined);
});

t.test("who may not decide is told who may, and who may is not", async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  const assigned = { run: runOn("other"), group: "elsewhere" };
  await pages.api.offerRuns({ assignments: [assignment("2024-12-31", assigned, pages.query)] });
  t.match((await pages.get("/")).text, />To decide</);
  t.notMatch((await pages.get("/")).text, "Waits for a");
  for (const role of ["clinician", "administrator", "officer"] as const) {
    pages.asking.role = role;
    const { text } = await pages.get("/");
    t.match(text, />Waits for a quality lead</, role);
    t.match(text, "Only a quality lead of this practice decides on this.");
    t.match(text, "elsewhere asks to compare");
    t.notMatch(text, />To decide</, role);
  }
  pages.asking.role = "visitor";
  t.match((await pages.get("/")).text, />To decide</, "at the machine, where nobody has an account");
});

t.test("a mark stands in a word, with who set it and when beneath", async (t) => {
  const pages = await ownPages(t, "clinician", { people: true });
  const list = `${QUESTION}/people?list=rest`;
  const form = formsOf((await pages.get(list)).body).find(({ action }) => action === `${QUESTION}/people`)!;
  await pages.post(form.action, {
    ...form.fields,
    ...{ "patient-0": "patient-5", mark: "not-suitable", why: "moved away" },
  });
  t.match(
    (await pages.get(list)).text,
    /not suitable ?<small class="cairn-mark">because moved away; Dr Ann Example, 20 May 2025<\/small/,
  );
});
