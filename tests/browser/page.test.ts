/** Pages in a real Chromium: accessible, on a screen, a phone and paper, with scripts off, calling out to nobody. */
import t from "tap";
import { sixOfEight } from "../../packages/hub/test/cluster.js";
import { GROUP, story } from "../../packages/hub/test/story.js";
import { pagesOf } from "../../packages/keeper/src/pages/app.js";
import { setHold } from "../../packages/keeper/src/decisions/standing-decisions.js";
import { ownPages } from "../../packages/keeper/test/fixtures/own-pages.js";
import { practice, until } from "../../packages/keeper/test/fixtures/practice.js";
import { lease, released, RUN } from "../../packages/keeper/test/fixtures/released.js";
import { browserFor, look, onPaper, skip, WIDTHS } from "./look.js";

t.setTimeout(240_000); // a machine that does other work beside it

t.test("the hub's pages", { skip, timeout: 240_000 }, async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it, { queries: ["bp-control", "hypertension-register"], periods: 2 });
  const browser = await browserFor(t);
  const group = `/groups/${encodeURIComponent(GROUP)}`;
  for (const path of ["/", group, `${group}/bp-control`, "/nowhere"]) {
    for (const width of WIDTHS) {
      await t.test(`${path} at ${width}`, async (t) => look(t, browser, it.serving.pages + path, { width }));
    }
  }
  await t.test("on paper", async (t) => onPaper(t, browser, `${it.serving.pages}${group}/bp-control`));
});

t.test("a practice's own pages", { skip, timeout: 240_000 }, async (t) => {
  const started = await practice(t).start();
  await released(started);
  const app = await pagesOf(started.keeper);
  t.teardown(() => app.close());
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const browser = await browserFor(t);
  for (const path of ["/", `/runs/${RUN}`, "/questions/asthma-seen/people", "/nowhere"]) {
    for (const width of WIDTHS) {
      const status = path === "/nowhere" ? 404 : path.endsWith("/people") ? 403 : 200;
      await t.test(`${path} at ${width}`, async (t) => look(t, browser, address + path, { width, status }));
    }
  }
});

t.test("a practice's numbers and lists, for whoever may see them", { skip, timeout: 240_000 }, async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  setHold(pages.keeper.store, true);
  await pages.api.execute({ leases: [lease("run-review")] });
  await until(pages.api, "run-review", "ON_HOLD");
  const address = await pages.app.listen({ host: "127.0.0.1", port: 0 });
  const browser = await browserFor(t);
  const question = `${address}/questions/asthma-review`;
  const list = `${question}/people?list=rest`;
  for (const url of [`${address}/`, question, list, `${address}/runs/run-review`]) {
    for (const width of WIDTHS) {
      for (const scheme of ["light", "dark"] as const) {
        const name = `${url.slice(address.length)} at ${width}, ${scheme}`;
        await t.test(name, async (t) => look(t, browser, url, { width, colours: scheme }));
      }
    }
  }
  await t.test("from the first page to the people in two clicks, and a mark by keyboard alone", async (t) => {
    const page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    t.teardown(() => page.close());
    await page.goto(address);
    await page.getByRole("link", { name: "Asthma review", exact: true }).first().click();
    await page.getByRole("link", { name: /for whom it does not hold/ }).click();
    t.match(await page.locator("h1").textContent(), "People: Asthma review");
    await page.getByLabel("Find").focus();
    await page.keyboard.type("patient-5");
    await page.keyboard.press("Enter");
    await page.waitForURL(/people\/found$/);
    await page.getByLabel("Mark the people ticked below").focus();
    await page.keyboard.press("n"); // not suitable
    await page.keyboard.press("Tab");
    await page.keyboard.type("moved away");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab"); // past the button
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction("document.body.innerText.includes('because moved away')");
    t.match(await page.locator("tbody").textContent(), "not suitable, because moved away (Dr Ann Example");
  });
  await t.test("on paper", async (t) => {
    const page = await browser.newPage({ viewport: { width: 718, height: 1000 } });
    t.teardown(() => page.close());
    await page.emulateMedia({ media: "print" });
    await page.goto(list);
    for (const label of ["Find", "Order"]) t.notOk(await page.getByLabel(label).isVisible(), label);
    t.match(
      await page.evaluate("document.body.innerText"),
      /It names patients: keep it as you keep a record/,
    );
    t.equal(
      await page.evaluate(`getComputedStyle(document.querySelector("thead")).display`),
      "table-header-group",
    );
    await page.goto(question);
    const unseen = await page.evaluate(`[...document.querySelectorAll("details tr, details dt")].filter(
      (row) => !row.checkVisibility() || row.getBoundingClientRect().height < 10).map((row) => row.textContent)`);
    t.same(unseen, [], "what is folded is open on paper");
    t.notOk(await page.getByRole("button").first().isVisible(), "and nothing is to be pressed");
  });
});
