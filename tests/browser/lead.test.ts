/** A cluster's lead in a real Chromium: from signing in to the meeting three months later. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { addPerson, closeNow, doWhatIsDue, linkPerson } from "@cairn/hub";
import type { Browser, BrowserContext, Page } from "playwright-core";
import t, { type Test } from "tap";
import { cluster, NAMES, release } from "../../packages/hub/test/cluster.js";
import { GROUP, story, type Story } from "../../packages/hub/test/story.js";
import { browserFor, look, skip, WIDTHS } from "./look.js";

t.setTimeout(1_200_000); // a machine that does other work beside it

const QUERIES = ["bp-control", "diabetes-hba1c-58", "flu-vaccination-uptake", "hypertension-register"];
const GROUP_PATH = `/groups/${encodeURIComponent(GROUP)}`;
/** A folder for pictures of the pages, to be looked at. */
const PICTURES = process.env["CAIRN_PICTURES"];

/** Eight practices with five quarters of answers. */
async function answered(t: Test): Promise<Story> {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, NAMES, { queries: QUERIES, periods: 5 })).values()];
  for (const [i, { agent, runs }] of members.entries())
    for (const [j, run] of runs.entries())
      await release(agent, run, 400 + 150 * i, 0.5 + 0.04 * i + 0.01 * (j % 5));
  await closeNow(it.serving.hub, GROUP);
  await doWhatIsDue(it.serving.hub);
  return it;
}

/** Somebody who has signed in by a one-time link. */
async function signedIn(
  it: Story,
  browser: Browser,
  name: string,
  role: "cluster-lead" | "commissioner",
  options: { javaScriptEnabled?: boolean } = {},
): Promise<BrowserContext> {
  await addPerson(it.serving.hub, { name, role, groups: [GROUP] });
  const { path } = await linkPerson(it.serving.hub, name, "the operator", true);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(it.serving.pages + path);
  await page.getByRole("button", { name: /look around/i }).click();
  await page.close();
  return context;
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  if (!existsSync(PICTURES)) mkdirSync(PICTURES);
  for (const [width, colorScheme] of [
    [390, "light"],
    [390, "dark"],
    [1280, "light"],
    [1280, "dark"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

t.test(
  "a lead chooses questions, writes an aim, prints the pack, and later sees the aim first",
  { skip },
  async (t) => {
    const it = await answered(t);
    const browser = await browserFor(t);
    const lead = await signedIn(it, browser, "Dr Ng", "cluster-lead", { javaScriptEnabled: false });
    t.teardown(() => lead.close());
    const page = await lead.newPage();
    const at = it.serving.pages;

    await page.goto(at);
    await page.getByRole("link", { name: GROUP }).click();
    await picture(page, "overview-first");
    for (const [i, place] of ["first", "second", "third", "fourth"].entries())
      await page
        .getByLabel(`The ${place}`)
        .selectOption(["flu-vaccination-uptake", "bp-control", "", "diabetes-hba1c-58"][i] as string);
    await page.getByRole("button", { name: "Choose these" }).click();
    t.match(await page.innerText("main"), /Chosen by the group\s+Flu vaccination/);

    await page.getByRole("link", { name: "Latest blood pressure 140/90 or less" }).click();
    await page.getByLabel("A change that we try").check();
    await page.getByLabel("In words").fill("Call people in by birthday month");
    await page.getByRole("button", { name: "Write it down" }).click();
    t.match(await page.innerText("main"), "Nothing was written down yet");
    t.equal(
      await page.getByLabel("In words").inputValue(),
      "Call people in by birthday month",
      "it is still there",
    );
    await picture(page, "question-problem");
    const day = (days: number): string =>
      new Date(it.clock.now + days * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel("By when").fill(day(85));
    await page.getByLabel("Measured by").fill("readings in the last year");
    await page.getByRole("button", { name: "Write it down" }).click();
    await page.getByLabel("An aim", { exact: true }).check();
    await page.getByLabel("In words").fill("of those under 65");
    await page.getByLabel("By when").fill(day(80));
    await page.getByLabel("Per cent").fill("72");
    await page.getByRole("button", { name: "Write it down" }).click();
    t.match(await page.innerText("main"), /Written down before[\s\S]*by Dr Ng/);
    await picture(page, "question");

    await page.goto(at + GROUP_PATH);
    await page.getByRole("link", { name: "Meeting view" }).click();
    t.match(await page.innerText("main"), /question 1 of 3/i);
    t.match(
      await page.innerText("h1"),
      "Latest blood pressure",
      "a question with plans comes before those that are chosen",
    );
    await picture(page, "meeting");
    await page.getByRole("link", { name: /^Next:/ }).click();
    await page.getByRole("link", { name: /^Next:/ }).click();
    t.match(await page.innerText("main"), /question 3 of 3/i);
    await page.getByRole("link", { name: /^The end/ }).click();

    await page.getByRole("link", { name: "Pack to print" }).click();
    await picture(page, "pack");
    t.equal(await page.locator("article").count(), 3);
    await page.emulateMedia({ media: "print" });
    t.ok((await page.pdf({ format: "A4" })).length > 20_000);
    if (PICTURES !== undefined) await page.pdf({ format: "A4", path: join(PICTURES, "pack.pdf") });
    await page.emulateMedia({ media: "screen" });

    it.clock.now += 92 * 86_400_000;
    const later = await signedIn(it, browser, "Dr Ng again", "cluster-lead");
    t.teardown(() => later.close());
    const next = await later.newPage();
    await next.goto(at + GROUP_PATH);
    t.match(await next.innerText("main h2 >> nth=0"), "What you set out to do");
    t.match(await next.innerText("main"), /Aim: 72\s%/);
    await next.getByRole("link", { name: "Latest blood pressure 140/90 or less" }).first().click();
    t.match(await next.innerText("main h2 >> nth=0"), "What you set out to do");
    await next.getByLabel("We keep it").last().check();
    await next.getByRole("button", { name: "Save what came of it" }).last().click();
    t.match(await next.innerText("main"), /\(kept on/);
    await picture(next, "question-later");
    await next.goto(at + GROUP_PATH);
    await picture(next, "overview-later");
  },
);

t.test("every page of a group, light and dark, for a lead and a commissioner", { skip }, async (t) => {
  const it = await answered(t);
  const browser = await browserFor(t);
  const pages = [
    ...[GROUP_PATH, `${GROUP_PATH}/bp-control`, `${GROUP_PATH}/hypertension-register`],
    ...[`/meetings/${encodeURIComponent(GROUP)}`, `/packs/${encodeURIComponent(GROUP)}?all=yes`],
  ];
  for (const [name, role] of [
    ["Dr Ng", "cluster-lead"],
    ["Ms Roy", "commissioner"],
  ] as const) {
    const context = await signedIn(it, browser, name, role);
    const as = await context.storageState();
    await context.close();
    // The layout is the same for both: a commissioner's pages are looked at once in each colour.
    const looks = (["light", "dark"] as const).flatMap((colours, i) =>
      (role === "commissioner" ? WIDTHS.slice(2 * i, 2 * i + 1) : WIDTHS).map((width) => ({
        width,
        colours,
      })),
    );
    for (const path of pages)
      for (const how of looks)
        await t.test(`${role}: ${path} at ${how.width}, ${how.colours}`, async (t) =>
          look(t, browser, it.serving.pages + path, { ...how, as }),
        );
  }
});

t.test("a question is answered with the keyboard alone", { skip }, async (t) => {
  const it = await answered(t);
  const browser = await browserFor(t);
  const context = await signedIn(it, browser, "Dr Ng", "cluster-lead");
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.goto(`${it.serving.pages}${GROUP_PATH}/bp-control`);
  const focused: string[] = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const [what, ringed] = await page.evaluate<[string, boolean]>(`(() => {
      const at = document.activeElement;
      const { outlineStyle, boxShadow, backgroundColor } = getComputedStyle(at);
      const name = (at.labels?.[0] ?? at).innerText.trim() || at.name;
      return [name, outlineStyle !== "none" || boxShadow !== "none" || backgroundColor === "rgb(255, 235, 59)"];
    })()`);
    t.ok(ringed, `${what} shows that it has the focus`);
    focused.push(what);
    if (what === "Write it down") break;
  }
  for (const stop of ["Skip to main content", "Date", "Who counts", "In words", "Write it down"])
    t.ok(
      focused.some((what) => what.startsWith(stop)),
      `${stop} is reached`,
    );
});
