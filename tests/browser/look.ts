/** Looks at pages in a real Chromium. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContext } from "playwright-core";
import type { Test } from "tap";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
];

export const WIDTHS = [320, 390, 1280];

/** Why the tests are skipped, where they are. */
export const skip: string | false =
  process.env["CAIRN_BROWSER"] !== "1"
    ? "browser tests are skipped: npm run test:browser runs them"
    : CHROMIUM === undefined
      ? "browser tests are skipped: no Chromium is installed (apt-get install chromium)"
      : false;

interface AxeResult {
  readonly violations: readonly { id: string; nodes: readonly { html: string }[] }[];
}

/** Starts Chromium, and ends it with the test. */
export async function browserFor(t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS });
  t.teardown(() => browser.close());
  return browser;
}

/** How a page is looked at. */
interface Look {
  readonly width: number;
  readonly colours?: "light" | "dark";
  /** Of the answer; 404 of an address that ends with "/nowhere", else 200. */
  readonly status?: number;
  /** Cookies of somebody who has signed in. */
  readonly as?: Awaited<ReturnType<BrowserContext["storageState"]>>;
}

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

/** Looks at a page, with all that is folded open too: whole, accessible, and calling out to nobody. */
export async function look(
  t: Test,
  browser: Browser,
  url: string,
  { width, colours = "light", status = url.endsWith("/nowhere") ? 404 : 200, as }: Look,
): Promise<void> {
  const page = await browser.newPage({
    ...{ viewport: { width, height: 900 }, bypassCSP: true, colorScheme: colours },
    ...(as ? { storageState: as } : {}),
  });
  t.teardown(() => page.close());
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) elsewhere.push(request.url());
  });
  const reply = await page.goto(url);
  t.equal(reply?.status(), status);
  t.same(elsewhere, [], "nothing is fetched from elsewhere");
  await page.evaluate(`document.querySelectorAll("details").forEach((each) => (each.open = true))`);
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
export async function onPaper(t: Test, browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 718, height: 1000 } });
  t.teardown(() => page.close());
  await page.goto(url);
  const folded = await page.locator("details table").all();
  t.ok(folded.length > 0, "there are folded tables");
  for (const table of folded) t.equal(await table.isVisible(), false, "on a screen a table is folded");
  await page.emulateMedia({ media: "print" });
  const unseen = await page.evaluate(`[...document.querySelectorAll("details tr")].filter(
    (row) => !row.checkVisibility() || row.getBoundingClientRect().height < 10,
  ).map((row) => row.textContent)`);
  t.same(unseen, [], "what is folded is open on paper");
  t.match(await page.evaluate("document.body.innerText"), /Practices at each per cent/);
  for (const summary of await page.locator("summary").all())
    t.notOk(await summary.isVisible(), "and nothing asks to be opened");
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
