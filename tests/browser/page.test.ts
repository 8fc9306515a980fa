/** The hub's pages in a real Chromium: accessible, on a screen and on a phone, with scripts off, calling out to nobody. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import t, { type Test } from "tap";
import { chromium, type Browser } from "playwright-core";
import { sixOfEight } from "../../packages/hub/test/cluster.js";
import { GROUP, story } from "../../packages/hub/test/story.js";

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
    for (const [width, height] of [
      [1280, 900],
      [390, 844],
    ] as const) {
      await t.test(`${path} at ${width}`, async (t) =>
        look(t, browser, it.serving.pages + path, width, height),
      );
    }
  }
});

async function look(t: Test, browser: Browser, url: string, width: number, height: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, bypassCSP: true });
  t.teardown(() => page.close());
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) elsewhere.push(request.url());
  });
  await page.goto(url);
  t.same(elsewhere, [], "nothing is fetched from elsewhere");
  const overflow = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  t.equal(overflow, 0, "the page does not scroll sideways");
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
