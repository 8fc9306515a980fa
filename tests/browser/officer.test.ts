/** The governance officer in a real Chromium (what came or left in a month, approved by whom, seen by whom), and the operator. */
import { addPerson, invite, linkPerson } from "@cairn/hub";
import { actor } from "@cairn/ledger";
import type { Browser, BrowserContext } from "playwright-core";
import t from "tap";
import { sixOfEight } from "../../packages/hub/test/cluster.js";
import { GROUP, story, type Story } from "../../packages/hub/test/story.js";
import { logWorklistView } from "../../packages/keeper/src/decisions/worklist-views.js";
import { ownPages } from "../../packages/keeper/test/fixtures/own-pages.js";
import { until } from "../../packages/keeper/test/fixtures/practice.js";
import { lease } from "../../packages/keeper/test/fixtures/released.js";
import { browserFor, look, skip, WIDTHS } from "./look.js";

t.setTimeout(300_000);

const COLOURS = ["light", "dark"] as const;

/** A browser without scripts in which somebody has signed in by a one-time link. */
async function signedIn(it: Story, browser: Browser, name: string, role: string, groups: string[]) {
  await addPerson(it.serving.hub, { name, role, groups });
  const { path } = await linkPerson(it.serving.hub, name, "the operator", true);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(it.serving.pages + path);
  await page.getByRole("button", { name: /look around/i }).click();
  await page.close();
  return context;
}

const state = (context: BrowserContext) => context.storageState();

t.test(
  "the officer of a hub, by keyboard alone and with scripts off",
  { skip, timeout: 240_000 },
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    await sixOfEight(it, { queries: ["bp-control", "hypertension-register"], periods: 2 });
    const browser = await browserFor(t);
    const lead = await signedIn(it, browser, "Lena Lead", "cluster-lead", [GROUP]);
    const looked = await lead.newPage();
    await looked.goto(`${it.serving.pages}/groups/${encodeURIComponent(GROUP)}/bp-control`);
    const officer = await signedIn(it, browser, "Olive Officer", "governance-officer", [GROUP]);
    const page = await officer.newPage();
    await page.goto(it.serving.pages);
    await page.getByRole("link", { name: GROUP }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/decisions/);
    t.match(
      await page.locator("main").textContent(),
      /24 releases came, 0 withdrawn;\s+1 look, by Lena Lead/,
    );
    await page.getByLabel("Month").focus();
    await page.keyboard.press("A"); // all months
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/month=all/);
    t.match(await page.locator("h1").textContent(), "all months");
    const paper = await browser.newPage({
      storageState: await state(officer),
      viewport: { width: 718, height: 1000 },
    });
    await paper.goto(`${it.serving.pages}/decisions/${encodeURIComponent(GROUP)}`);
    await paper.emulateMedia({ media: "print" });
    t.notOk(await paper.getByLabel("Month").isVisible(), "nothing to be pressed on paper");
    const hidden = `[...document.querySelectorAll("details li")].filter((each) => !each.checkVisibility()).length`;
    t.equal(await paper.evaluate(hidden), 0, "and each query stands there in plain words");
    const group = encodeURIComponent(GROUP);
    for (const path of [`/decisions/${group}`, "/log"])
      for (const width of WIDTHS)
        for (const colours of COLOURS)
          await t.test(`${path} at ${width}, ${colours}`, async (t) =>
            look(t, browser, it.serving.pages + path, { width, colours, as: await state(officer) }),
          );
  },
);

t.test("the operator of a hub", { skip, timeout: 240_000 }, async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it);
  await it
    .newAgent()
    .enrol(await invite(it.serving.hub, "A practice with a rather long name, by the sea", [GROUP]));
  await invite(it.serving.hub, "Late", [GROUP]);
  const browser = await browserFor(t);
  const operator = await signedIn(it, browser, "Otto Operator", "hub-operator", []);
  const page = await operator.newPage();
  await page.goto(it.serving.pages);
  await page.getByRole("link", { name: "Operation of this hub" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/operator/);
  t.match(
    await page.locator("main").textContent(),
    /A practice with a rather long name, by the sea waits to be admitted/,
  );
  for (const width of WIDTHS)
    for (const colours of COLOURS)
      await t.test(`/operator at ${width}, ${colours}`, async (t) =>
        look(t, browser, `${it.serving.pages}/operator`, { width, colours, as: await state(operator) }),
      );
  if (process.env["CAIRN_PICTURES"] !== undefined)
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({
        path: `${process.env["CAIRN_PICTURES"]}/operator-${width}.png`,
        fullPage: true,
      });
    }
});

t.test("the officer of a practice", { skip, timeout: 240_000 }, async (t) => {
  const { app, api, keeper, query } = await ownPages(t, "officer");
  await api.execute({ leases: [lease("run-review")] });
  await until(api, "run-review", "OUTBOX");
  logWorklistView(keeper.store, query, ["2025-03-31"], actor("Dr Ann"));
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const browser = await browserFor(t);
  for (const path of ["/log?month=2025-05", "/log/check"])
    for (const width of WIDTHS)
      for (const colours of COLOURS)
        await t.test(`${path} at ${width}, ${colours}`, async (t) =>
          look(t, browser, address + path, { width, colours }),
        );
});
