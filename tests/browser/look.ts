/** Looks at pages in a real Chromium. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
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

/** Widths in px with colours. */
const SIGHTS = [320, 390, 1280].flatMap((width) => [
  { width, colorScheme: "light" as const },
  { width, colorScheme: "dark" as const },
]);
/** A folder for pictures of the pages, to be looked at; none are taken where it is not named. */
const PICTURES = process.env["CAIRN_PICTURES"];

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
  /** Names its pictures. */
  readonly name: string;
  /** Of the answer; 200 where absent. */
  readonly status?: number;
  /** The page, where no short way leads to it; else what the server sends. */
  readonly html?: string;
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
/** Controls of which two touch, or nearly. */
const GLUED = `(() => {
  const all = [...document.querySelectorAll("main :is(button, select, input:not([type=hidden], [type=checkbox], [type=radio]))")];
  const seen = all.map((each) => [each, each.getBoundingClientRect()]).filter(([, { width }]) => width > 0);
  const apart = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
  return seen.flatMap(([a, at], i) =>
    seen.slice(i + 1).filter(([, other]) => apart(at, other) < 4).map(([b]) => a.outerHTML.slice(0, 60) + " " + b.outerHTML.slice(0, 60)));
})()`;
const AXE = `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`;

/**
 * Looks at a page at 320, 390 and 1280 px, light and dark, with all that is folded open: whole, accessible, by keyboard alone,
 * calling out to nobody; and on paper.
 */
export async function look(
  t: Test,
  browser: Browser,
  url: string,
  { name, status = 200, html, as }: Look,
): Promise<void> {
  const page = await browser.newPage({
    ...{ bypassCSP: true, ignoreHTTPSErrors: true },
    ...(as ? { storageState: as } : {}),
  });
  t.teardown(() => page.close());
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) elsewhere.push(request.url());
  });
  if (html !== undefined)
    await page.route(url, (route) =>
      route.fulfill({ body: html, contentType: "text/html; charset=utf-8", status }),
    );
  const reply = await page.goto(url);
  t.equal(reply?.status(), status);
  t.equal(
    new URL(page.url()).pathname,
    new URL(url).pathname,
    "it is the page that was asked for, and no way in",
  );
  t.same(elsewhere, [], "nothing is fetched from elsewhere");
  await page.evaluate(`document.querySelectorAll("details").forEach((each) => (each.open = true))`);
  t.same(await unreachedOf(page), [], `${name} by keyboard alone`);
  await page.addScriptTag({
    content: readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
  });
  for (const { width, colorScheme } of SIGHTS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    t.same(await faultsOf(page), [], `${name} at ${width}, ${colorScheme}`);
    await picture(page, `${name}-${width}-${colorScheme}`);
  }
  await page.evaluate(`document.querySelectorAll("details").forEach((each) => (each.open = false))`);
  await toPaper(page);
  const lost = (await unprintedOf(page)).filter((each) => /^(folded|cut): /.test(each));
  t.same(lost, [], `${name} on paper`);
  await page.close();
}

/** Shows the page as it is printed: as wide as A4 is between its margins. */
async function toPaper(page: Page): Promise<void> {
  await page.setViewportSize({ width: 718, height: 1000 });
  await page.emulateMedia({ media: "print", colorScheme: "light" });
}

/** What one cannot reach, or see that one has reached, by the Tab key alone: from the top once through the page and out of it. */
async function unreachedOf(page: Page): Promise<string[]> {
  const all = await page.evaluate<number>(MARK_STOPS);
  const faults: string[] = [];
  for (let i = 0; i <= all; i++) {
    await page.keyboard.press("Tab");
    const fault = await page.evaluate<string | null>(STOP);
    if (fault === null) break; // out of the page
    if (fault !== "") faults.push(fault);
  }
  return [...faults, ...(await page.evaluate<string[]>(NOT_REACHED))];
}

/** Runs in the page: numbers what can be pressed or filled in. Of a group of radio buttons Tab reaches one; of a date its day, month, year and calendar. */
const MARK_STOPS = `(() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter((each) =>
    each.checkVisibility() && each.type !== "hidden" && !each.disabled && each.tabIndex >= 0);
  const groups = new Map(all.filter((each) => each.type === "radio").map((each) => [each.form?.action + each.name, each]));
  const stops = all.filter((each) => each.type !== "radio" || groups.get(each.form?.action + each.name) === each);
  for (const each of stops) each.dataset.stop = each.type === "radio" ? each.name : "";
  return stops.length + 3 * stops.filter((each) => each.type === "date").length;
})()`;
/** Runs in the page: marks what has the focus as reached. Null outside of the page; else what is wrong, or nothing. */
const STOP = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const mark = at.type === "radio" ? document.querySelector('[data-stop="' + at.name + '"]') ?? at : at;
  const name = at.outerHTML.slice(0, 80);
  const times = Number(mark.dataset.reached ?? 0) + 1;
  const again = times > (at.type === "date" ? 4 : 1) ? "reached twice: " + name : "";
  mark.dataset.reached = times;
  const { outlineStyle, boxShadow, backgroundColor } = getComputedStyle(at);
  const ringed = outlineStyle !== "none" || boxShadow !== "none" || backgroundColor === "rgb(255, 235, 59)";
  const { left, right, top, bottom } = at.getBoundingClientRect();
  const seen = right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
  return again || (ringed ? "" : "does not show that it has the focus: " + name) || (seen ? "" : "out of sight: " + name);
})()`;
const NOT_REACHED = `[...document.querySelectorAll("[data-stop]:not([data-reached])")].map((each) => "not reached: " + each.outerHTML.slice(0, 80))`;

/** What is wrong with a page as it stands, each thing in a few words. */
async function faultsOf(page: Page): Promise<string[]> {
  const all = async (what: string, found: string): Promise<string[]> =>
    (await page.evaluate<string[]>(found)).map((each) => `${what}: ${each}`);
  const wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  const { violations } = await page.evaluate<AxeResult>(AXE);
  return [
    ...((await page.evaluate<number>(wide)) > 0 ? ["the page scrolls sideways"] : []),
    ...(await all("it scrolls sideways", SCROLLERS)),
    ...(await all("a cell is not seen whole", HIDDEN)),
    ...((await page.evaluate<number>(COVERED)) > 0 ? ["a dot covers another"] : []),
    ...(await all("a word of a chart is cut", CUT)),
    ...(await all("a caption is narrower than its table", SQUEEZED)),
    ...(await all("two controls touch", GLUED)),
    ...violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`),
  ];
}

/** Takes a picture of the page as it stands, where somebody wants pictures. */
async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  const file = `${name.replaceAll(/[^\w-]+/g, "-")}.png`;
  await page.screenshot({ path: join(PICTURES, file), fullPage: true });
}

/** Prints the page to A4, and keeps it where somebody wants pictures. @returns the bytes of the PDF */
export async function printed(page: Page, name: string): Promise<Buffer> {
  const pdf = await page.pdf({
    preferCSSPageSize: true,
    format: "A4",
    ...(PICTURES === undefined ? {} : { path: join(PICTURES, `${name}.pdf`) }),
  });
  return pdf;
}

/** Looks at a page as it is printed, with everything open that is folded on a screen. */
export async function onPaper(
  t: Test,
  browser: Browser,
  url: string,
  { name, as }: Omit<Look, "status" | "html">,
): Promise<void> {
  const page = await browser.newPage(as ? { storageState: as } : {});
  t.teardown(() => page.close());
  await page.goto(url);
  const folded = await page.locator("details table").all();
  t.ok(folded.length > 0, "there are folded tables");
  for (const table of folded) t.equal(await table.isVisible(), false, "on a screen a table is folded");
  await toPaper(page);
  t.same(
    await unprintedOf(page),
    [],
    "all is open, charts stay with their tables, and nothing is to be pressed",
  );
  t.equal(
    await page.evaluate(`getComputedStyle(document.querySelector("thead")).position`),
    "static",
    "tables are tables",
  );
  const pdf = await printed(page, name);
  await page.evaluate(`document.querySelector("details:has(table)").remove()`);
  t.ok(pdf.length > (await page.pdf({ format: "A4" })).length, "the table is in what is printed");
  await page.close();
}

/** What a page that is printed would leave out, cut apart, or ask its reader to press. */
export async function unprintedOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(UNPRINTED);
}

const UNPRINTED = `[
  ...[...document.querySelectorAll("details tr, details dt, details li")].filter(
    (row) => !row.checkVisibility() || row.getBoundingClientRect().height < 10).map((row) => "folded: " + row.textContent),
  ...[...document.querySelectorAll("svg.cairn-chart")].filter((chart) => {
    const together = chart.closest(".cairn-together");
    return !together?.querySelector("table") || getComputedStyle(together).breakInside !== "avoid";
  }).map((chart) => "apart from its table: " + chart.textContent),
  ...[...document.querySelectorAll("svg.cairn-chart")].filter((chart) => {
    const { left, right } = chart.getBoundingClientRect();
    return left < 0 || right > document.documentElement.clientWidth;
  }).map((chart) => "cut: " + chart.textContent),
  ...[...document.querySelectorAll("summary, button, input, select, textarea")].filter((each) => each.checkVisibility()
    && each.type !== "hidden").map((each) => "to be pressed: " + each.outerHTML),
]`;
