/** Pages in a real Chromium: accessible, on a screen, a phone and paper, with scripts off, calling out to nobody. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import t, { type Test } from "tap";
import { chromium, type Browser } from "playwright-core";
import { sixOfEight } from "../../packages/hub/test/cluster.js";
import { GROUP, story } from "../../packages/hub/test/story.js";
import { pagesOf } from "../../packages/keeper/src/pages/app.js";
import { setHold } from "../../packages/keeper/src/decisions/standing-decisions.js";
import { ownPages } from "../../packages/keeper/test/fixtures/own-pages.js";
import { practice, until } from "../../packages/keeper/test/fixtures/practice.js";
import { lease, released, RUN } from "../../packages/keeper/test/fixtures/released.js";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
t.setTimeout(240_000); // a machine that does other work beside it

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];

const WIDTHS = [320, 390, 1280];

const skip =
  process.env["CAIRN_BROWSER"] !== "1"
    ? "browser tests are skipped: npm run test:browser runs them"
    : CHROMIUM === undefined
      ? "browser tests are skipped: no Chromium is installed (apt-get install chromium)"
      : false;

interface AxeResult {
  readonly violations: readonly { id: string; nodes: readonly { html: string }[] }[];
}

t.test("the hub's pages", { skip, timeout: 240_000 }, async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it, { queries: ["bp-control", "hypertension-register"], periods: 2 });
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS });
  t.teardown(() => browser.close());
  const group = `/groups/${encodeURIComponent(GROUP)}`;
  for (const path of ["/", group, `${group}/bp-control`, "/nowhere"]) {
    for (const width of WIDTHS) {
      await t.test(`${path} at ${width}`, async (t) => look(t, browser, it.serving.pages + path, width));
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
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS });
  t.teardown(() => browser.close());
  for (const path of ["/", `/runs/${RUN}`, "/questions/asthma-seen/people", "/nowhere"]) {
    for (const width of WIDTHS) {
      const status = path === "/nowhere" ? 404 : path.endsWith("/people") ? 403 : 200;
      await t.test(`${path} at ${width}`, async (t) => look(t, browser, address + path, width, status));
    }
  }
});

t.test("a practice's numbers and lists, for whoever may see them", { skip, timeout: 240_000 }, async (t) => {
  const pages = await ownPages(t, "quality-lead", { people: true });
  setHold(pages.keeper.store, true);
  await pages.api.execute({ leases: [lease("run-review")] });
  await until(pages.api, "run-review", "ON_HOLD");
  const address = await pages.app.listen({ host: "127.0.0.1", port: 0 });
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS });
  t.teardown(() => browser.close());
  const question = `${address}/questions/asthma-review`;
  const list = `${question}/people?list=rest`;
  for (const url of [`${address}/`, question, list, `${address}/runs/run-review`]) {
    for (const width of WIDTHS) {
      for (const scheme of ["light", "dark"] as const) {
        const name = `${url.slice(address.length)} at ${width}, ${scheme}`;
        await t.test(name, async (t) => look(t, browser, url, width, 200, scheme));
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
    await page.waitForURL(/find=patient-5/);
    await page.getByLabel("Mark the people ticked below").focus();
    await page.keyboard.press("n"); // not suitable
    await page.keyboard.press("Tab");
    await page.keyboard.type("moved away");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab"); // past the button
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/find=patient-5/);
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

/** Runs in the page: each table's cells that cannot be seen whole, and dots that cover one another. */
const HIDDEN = `[...document.querySelectorAll("td, tbody th")].filter((cell) => {
  const { left, right, width, height } = cell.getBoundingClientRect();
  const folded = cell.closest("details:not([open])");
  return !folded && (left < 0 || right > document.documentElement.clientWidth || width === 0 || height === 0);
}).map((cell) => cell.textContent.trim())`;
const SCROLLERS = `[...document.querySelectorAll("main, main *")].filter((each) => {
  const { overflowX, position } = getComputedStyle(each);
  return position !== "absolute" && overflowX !== "visible" && each.scrollWidth > each.clientWidth;
}).map((each) => each.outerHTML.slice(0, 80))`;
const CUT = `[...document.querySelectorAll("svg text")].filter((words) => {
  const [inner, outer] = [words, words.ownerSVGElement].map((each) => each.getBoundingClientRect());
  return inner.left < outer.left || inner.right > outer.right || inner.bottom > outer.bottom;
}).map((words) => words.textContent)`;
const SQUEEZED = `[...document.querySelectorAll("caption")].filter((caption) => {
  const table = caption.closest("table").getBoundingClientRect();
  return table.width > 0 && caption.getBoundingClientRect().width < table.width - 1;
}).map((caption) => caption.textContent.trim())`;
const COVERED = `(() => {
  const dots = [...document.querySelectorAll("circle")].map((dot) => dot.getBoundingClientRect());
  const covers = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < Math.min(a.width, b.width);
  return dots.flatMap((a, i) => dots.slice(i + 1).filter((b) => covers(a, b))).length;
})()`;

async function look(
  t: Test,
  browser: Browser,
  url: string,
  width: number,
  status = url.endsWith("/nowhere") ? 404 : 200,
  colorScheme: "light" | "dark" = "light",
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true, colorScheme });
  t.teardown(() => page.close());
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) elsewhere.push(request.url());
  });
  const reply = await page.goto(url);
  t.equal(reply?.status(), status);
  t.same(elsewhere, [], "nothing is fetched from elsewhere");
  const overflow = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  t.equal(overflow, 0, "the page does not scroll sideways");
  t.same(await page.evaluate(SCROLLERS), [], "nothing in it scrolls sideways");
  t.same(await page.evaluate(HIDDEN), [], "every column of every table is seen");
  t.equal(await page.evaluate(COVERED), 0, "no dot covers another");
  t.same(await page.evaluate(CUT), [], "no word of a chart is cut");
  t.same(await page.evaluate(SQUEEZED), [], "captions are as wide as their tables");
  await page.addScriptTag({
    content: readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8"),
  });
  const found = await page.evaluate<AxeResult>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  );
  t.same(
    found.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`),
    [],
    "axe finds nothing",
  );
}

/** A page of paper is 718 px wide between its margins. */
async function onPaper(t: Test, browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 718, height: 1000 } });
  t.teardown(() => page.close());
  await page.goto(url);
  t.equal(await page.locator("details table").isVisible(), false, "on a screen the table is folded");
  await page.emulateMedia({ media: "print" });
  const unseen = await page.evaluate(`[...document.querySelectorAll("details tr")].filter(
    (row) => !row.checkVisibility() || row.getBoundingClientRect().height < 10,
  ).map((row) => row.textContent)`);
  t.same(unseen, [], "what is folded is open on paper");
  t.match(await page.evaluate("document.body.innerText"), /Practices at each per cent/);
  t.notOk(await page.locator("summary").isVisible(), "and nothing asks to be opened");
  const whole = `getComputedStyle(document.querySelector("svg").closest(".cairn-together")).breakInside`;
  t.equal(await page.evaluate(whole), "avoid", "the chart stays with its table");
  t.ok(
    await page.evaluate(
      `document.querySelector("svg").closest(".cairn-together").querySelector("table") !== null`,
    ),
  );
  t.equal(
    await page.evaluate(`getComputedStyle(document.querySelector("thead")).position`),
    "static",
    "tables are tables",
  );
  const pdf = await page.pdf({ format: "A4" });
  await page.evaluate(`document.querySelector("details").remove()`);
  t.ok(pdf.length > (await page.pdf({ format: "A4" })).length, "the table is in what is printed");
}
