/** A cluster's lead in a real Chromium: from signing in to the meeting three months later. */
import { closeNow, doWhatIsDue } from "@cairn/hub";
import type { Page } from "playwright-core";
import t, { type Test } from "tap";
import { cluster, NAMES, release } from "../../packages/hub/test/cluster.js";
import { GROUP, story, type Story } from "../../packages/hub/test/story.js";
import { browserFor, printed, skip } from "./look.js";
import { atHub, comesIn, signsIn, signsOut } from "./people.js";

t.setTimeout(1_200_000); // a machine that does other work beside it

const CHOSEN = [
  ...["flu-vaccination-uptake", "bp-control", "diabetes-hba1c-58", "shingles-vaccination-at-80"],
  "asthma-saba-6",
];
const QUERIES = [...CHOSEN, "hypertension-register"];
const GROUP_PATH = `/groups/${encodeURIComponent(GROUP)}`;

/** Eight practices with five quarters of answers. */
async function answered(t: Test): Promise<Story> {
  const it = await story({}, "127.0.0.1", QUERIES);
  t.teardown(() => it.end());
  const members = [...(await cluster(it, NAMES, { queries: QUERIES, periods: 4 })).values()];
  for (const [i, { agent, runs }] of members.entries())
    for (const [j, run] of runs.entries())
      await release(agent, run, 400 + 150 * i, 0.5 + 0.04 * i + 0.01 * (j % 5));
  await closeNow(it.serving.hub, GROUP);
  await doWhatIsDue(it.serving.hub);
  return it;
}

t.test(
  "a lead chooses five questions, writes an aim, prints the pack, and later sees the aim first",
  { skip },
  async (t) => {
    const it = await answered(t);
    const browser = await browserFor(t);
    const { page, key, context } = await comesIn(
      t,
      browser,
      await atHub(it, "Dr Ng", "cluster-lead", [GROUP]),
    );
    const at = it.serving.pages;

    await page.getByRole("link", { name: GROUP }).click();
    for (const [i, place] of ["first", "second", "third", "fourth", "fifth"].entries())
      await page.getByLabel(`The ${place}`).selectOption(CHOSEN[i] as string);
    await page.getByRole("button", { name: "Choose these" }).click();
    t.match(await page.innerText("main"), /Chosen by the group\s+Flu vaccination/);

    await page.getByRole("link", { name: "Latest blood pressure 140/90 or less" }).click();
    const keys = await browser.newPage({ storageState: await context.storageState() }); // with scripts, to ask what is focused
    await keys.goto(page.url());
    await byKeyboard(t, keys);
    await keys.close();
    await page.getByLabel("A change that we try").check();
    await page.getByLabel("In words").fill("Call people in by birthday month");
    await page.getByRole("button", { name: "Write it down" }).click();
    t.match(await page.innerText("main"), "There is a problem");
    t.equal(
      await page.getByLabel("In words").inputValue(),
      "Call people in by birthday month",
      "it is still there",
    );
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

    await page.goto(at + GROUP_PATH);
    await page.getByRole("link", { name: "Meeting view" }).click();
    t.match(await page.innerText("main"), /question 1 of 5/i);
    t.match(
      await page.innerText("h1"),
      "Latest blood pressure",
      "a question with plans comes before those that are chosen",
    );
    for (let i = 1; i < 5; i++) await page.getByRole("link", { name: /^Next:/ }).click();
    t.match(await page.innerText("main"), /question 5 of 5/i);
    await page.getByRole("link", { name: /^The end/ }).click();

    await page.getByRole("link", { name: "Pack to print" }).click();
    t.equal(await page.locator("article").count(), 5);
    await page.emulateMedia({ media: "print" });
    t.ok((await printed(page, "pack")).length > 20_000);
    await page.emulateMedia({ media: "screen" });
    await signsOut(t, page);

    it.clock.now += 92 * 86_400_000;
    await page.goto(at + GROUP_PATH);
    await signsIn(page, "Dr Ng", key, it.clock.now);
    t.equal(new URL(page.url()).pathname, GROUP_PATH, "three months later, where they were going");
    t.match(await page.innerText("main h2 >> nth=0"), "What you set out to do");
    t.match(await page.innerText("main"), /Aim: 72\s%/);
    await page.getByRole("link", { name: "Latest blood pressure 140/90 or less" }).first().click();
    t.match(await page.innerText("main h2 >> nth=0"), "What you set out to do");
    await page.getByLabel("We keep it").last().check();
    await page.getByRole("button", { name: "Save what came of it" }).last().click();
    t.match(await page.innerText("main"), /\(kept on/);
    await signsOut(t, page);
  },
);

/** Goes through a question's page by keyboard, from its beginning to the button that writes down. */
async function byKeyboard(t: Test, page: Page): Promise<void> {
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
}
