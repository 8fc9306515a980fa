/** Signing in, in a real Chromium: by keyboard alone and with scripts off; accessible, light and dark, on a phone and a screen. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import t, { type Test } from "tap";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { addPerson, linkPerson } from "@cairn/hub";
import { codeAt } from "@cairn/sign-in";
import { GROUP, story } from "../../packages/hub/test/story.js";
import { pagesOf } from "../../packages/keeper/src/pages/app.js";
import * as people from "../../packages/keeper/src/people/people.js";
import { practice } from "../../packages/keeper/test/fixtures/practice.js";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
  "--disable-background-networking",
];
const PASSWORD = "four words make one";
/** Where screenshots go, for whoever wants to look; nowhere where absent. */
const SHOTS = process.env["CAIRN_SHOTS"];

const skip =
  process.env["CAIRN_BROWSER"] !== "1"
    ? "browser tests are skipped: npm run test:browser runs them"
    : CHROMIUM === undefined
      ? "browser tests are skipped: no Chromium is installed (apt-get install chromium)"
      : false;

interface Site {
  readonly name: string;
  readonly address: string;
  readonly clock: { now: number };
  /** The path of a new one-time link for Ada. */
  readonly link: () => Promise<string>;
  /** What only somebody who has signed in sees, on a page of their own. */
  readonly own: readonly [path: string, words: string];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The faults of a page: what axe finds, and what needs scrolling sideways. */
async function faultsOf(browser: Browser, page: Page, site: string): Promise<string[]> {
  // Scripts are off where the page is used: axe looks at the same page in a window that has them.
  const state = await page.context().storageState();
  const faults: string[] = [];
  const html = await page.content();
  for (const width of [390, 1280])
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        ...{ storageState: state, viewport: { width, height: 900 }, colorScheme, bypassCSP: true },
      });
      const copy = await context.newPage();
      await copy.route(page.url(), (route) =>
        route.request().isNavigationRequest()
          ? route.fulfill({ body: html, contentType: "text/html; charset=utf-8" })
          : route.continue(),
      );
      await copy.goto(page.url());
      await copy.evaluate(axe);
      const { violations } = await copy.evaluate<{
        violations: readonly { id: string; nodes: readonly { html: string }[] }[];
      }>(`axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`);
      for (const { id, nodes } of violations)
        faults.push(`${width} ${colorScheme}: ${id}: ${nodes[0]?.html ?? ""}`);
      const sideways = await copy.evaluate<number>(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      if (sideways > 0) faults.push(`${width} ${colorScheme}: ${sideways} px to scroll sideways`);
      const title = (await copy.title()).replaceAll(/\W+/g, "-");
      if (SHOTS !== undefined)
        await copy.screenshot({
          path: `${SHOTS}/${site}-${title}-${width}-${colorScheme}.png`,
          fullPage: true,
        });
      await context.close();
    }
  return faults;
}

/** Types into the fields of a form in their order, by keyboard alone, and sends it. */
async function type(page: Page, first: string, texts: readonly string[]): Promise<void> {
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press("Tab");
    if ((await page.locator(":focus").getAttribute("name")) === first) break;
  }
  for (const [i, text] of texts.entries()) {
    if (i > 0)
      do await page.keyboard.press("Tab");
      while ((await page.locator(":focus").evaluate((element) => element.tagName)) !== "INPUT");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  }
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

async function throughTheDoor(t: Test, browser: Browser, context: BrowserContext, site: Site): Promise<void> {
  const { address, clock, own } = site;
  const clean = async (page: Page, what: string): Promise<void> =>
    t.same(await faultsOf(browser, page, site.name), [], `${site.name}: ${what}`) as never;
  const page = await context.newPage();
  await page.goto(address + (await site.link()));
  t.match(await page.title(), "Your first visit");
  await clean(page, "the first visit");
  t.ok(await page.getByRole("img", { name: "QR code of the key below" }).isVisible());
  const key = ((await page.locator(".cairn-key").textContent()) ?? "").replaceAll(" ", "");
  await type(page, "password", ["short", "short", codeAt(key, clock.now)]);
  t.match(await page.getByRole("alert").textContent(), "12 characters or more");
  await clean(page, "a first visit with a problem");
  await type(page, "password", [PASSWORD, PASSWORD, codeAt(key, clock.now)]);
  t.equal(new URL(page.url()).pathname, "/", "signed in");

  await page.goto(address + own[0]);
  t.match(await page.locator("main").textContent(), own[1]);
  await page.getByRole("link", { name: "Your account" }).focus();
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await clean(page, "the account");
  await page.getByRole("button", { name: "Sign out" }).focus();
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  t.equal(new URL(page.url()).pathname, "/sign-in");

  await page.goto(address + own[0]);
  t.match(await page.title(), "Sign in", "signed out");
  await clean(page, "signing in");
  clock.now += 60_000;
  await type(page, "name", ["Ada", "not the password", codeAt(key, clock.now)]);
  t.match(await page.getByRole("alert").textContent(), "The name, the password or the code is not right.");
  await clean(page, "signing in with a problem");
  await type(page, "name", ["Ada", PASSWORD, codeAt(key, clock.now)]);
  t.equal(new URL(page.url()).pathname, own[0], "back where they were going");
  await page.goto(`${address}/first-visit/gone`);
  await clean(page, "a link that no longer works");
  await page.close();
}

t.test("signing in by keyboard, at the hub and at a practice", { skip, timeout: 240_000 }, async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await it.member("A");
  await addPerson(it.serving.hub, { name: "Ada", role: "cluster-lead", groups: [GROUP] });
  const clock = { now: Date.parse("2026-01-05T09:00:00Z") };
  const started = await practice(t).start({ now: () => clock.now });
  const app = await pagesOf(started.keeper);
  t.teardown(() => app.close());
  const { store } = started.keeper;
  people.addPerson(store, "Ada", "quality-lead");
  const sites: Site[] = [
    {
      ...{ name: "hub", address: it.serving.pages, clock: it.clock },
      link: async () => (await linkPerson(it.serving.hub, "Ada")).path,
      own: [`/groups/${encodeURIComponent(GROUP)}`, GROUP],
    },
    {
      ...{ name: "practice", address: await app.listen({ host: "127.0.0.1", port: 0 }), clock },
      link: async () => people.linkPerson(store, "Ada").path,
      own: ["/", "cluster"],
    },
  ];
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, args: FLAGS });
  t.teardown(() => browser.close());
  for (const site of sites) {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 800 },
    });
    await throughTheDoor(t, browser, context, site);
    await context.close();
  }
});
