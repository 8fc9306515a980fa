/**
 * A clinician at another desk of the practice, in a real Chromium: `cairn agent start --page-address` with its certificate, from
 * the one-time link to signing out. Every process is a process of its own.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Federation } from "@cairn/demo";
import t, { type Test } from "tap";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { certified } from "../../packages/courier/test/fixtures/certificates.js";
import { browserFor, look, skip } from "./look.js";
import { comesIn, signsIn, signsOut } from "./people.js";

t.setTimeout(600_000); // a machine that does other work beside it

const LIST = "/questions/bp-control/people?list=rest";
/** A code is good once: the next one signs in, and is taken half a minute early. */
const NEXT_CODE = 30_000;

interface Served {
  readonly page: string;
  readonly desks: string;
}

/** A practice that has joined a hub, with its pages open to other desks, and what its commands say. */
async function openToDesks(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), "cairn-desks-"));
  const federation = new Federation({ command, folder, group: "cluster", offlineAfter: 3600 });
  t.teardown(async () => {
    await federation.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await federation.initHub();
  await federation.startHub();
  const practice = federation.addPractice({
    ...{ name: "Ash Surgery", patients: 300, eventsPerPatient: 50, seed: 21, until: "2026-07-31" },
  });
  await practice.loadRecords();
  await federation.enrol(practice);
  const { certificate, key } = await certified(folder, "practice");
  const desks = ["--page-address", "127.0.0.2:0", "--page-certificate", certificate, "--page-key", key];
  const start = ["agent", "start", "--data", practice.data, "--page-port", "0", "--json", ...desks];
  const { service, ready } = await command.start<Served>("agent", start, {}, 90);
  t.teardown(() => service.stop());
  return { practice, ready };
}

t.test("a clinician signs in at another desk, reads a list, and signs out", { skip }, async (t) => {
  const { practice, ready } = await openToDesks(t);
  await practice.must("agent", "person", "add", "Clara Clinician", "--role", "clinician");
  const given = await practice.must("agent", "person", "link", "Clara Clinician", "--json");
  const { link } = JSON.parse(given) as { readonly link: string };
  t.ok(link.startsWith(`${ready.desks}/first-visit/`), "the link leads to the desks");

  const browser = await browserFor(t);
  const { pathname } = new URL(link);
  const way = { address: ready.desks, path: pathname, now: Date.now };
  const { page, context, key } = await comesIn(t, browser, way);
  await signsOut(t, page);

  await page.goto(ready.desks + LIST);
  t.equal(new URL(page.url()).pathname, "/sign-in", "nobody reads a list before signing in");
  await signsIn(page, "Clara Clinician", "", 0);
  t.match(await page.getByRole("alert").innerText(), /the code is not right/, "nor without the code");
  await signsIn(page, "Clara Clinician", key, Date.now() + NEXT_CODE);
  t.equal(new URL(page.url()).pathname, "/questions/bp-control/people", "where they were going");
  t.match(await page.innerText("h1"), "People: Latest blood pressure");
  t.ok((await page.locator("tbody tr").count()) > 0, "people, with their facts");

  const as = await context.storageState();
  const [cookie] = as.cookies;
  t.match(cookie, { secure: true, httpOnly: true, name: /^__Host-/ });
  await t.test("the list at a desk", async (t) =>
    look(t, browser, ready.desks + LIST, { name: "desk-list", as }),
  );
  for (const name of [cookie?.name ?? "", cookie?.name.replace("__Host-", "") ?? ""]) {
    const headers = { cookie: `${name}=${cookie?.value}` };
    const there = await fetch(new URL(LIST, ready.page), { headers, redirect: "manual" });
    t.match(there.headers.get("location"), /^\/sign-in/, `at the machine ${name} is no session`);
  }

  await signsOut(t, page);
  const after = await browser.newContext({ ignoreHTTPSErrors: true, storageState: as });
  const again = await after.newPage();
  await again.goto(ready.desks + LIST);
  t.equal(new URL(again.url()).pathname, "/sign-in", "and its cookie opens nothing any more");
  await after.close();
  const log = await practice.must("agent", "log", "--json");
  const looks = log
    .split("\n")
    .filter((line) => line.includes("bp-control") && line.includes("Clara Clinician"));
  t.ok(looks.length > 0, "each look is in the log, under their name");
});
