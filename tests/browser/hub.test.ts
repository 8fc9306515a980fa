/** A hub's people in a real Chromium with scripts off, one after the other, each from signing in to signing out. */
import { invite } from "@cairn/hub";
import t from "tap";
import { NAMES, sixOfEight } from "../../packages/hub/test/cluster.js";
import { GROUP, story } from "../../packages/hub/test/story.js";
import { browserFor, printed, skip } from "./look.js";
import { atHub, comesIn, signsOut } from "./people.js";

t.setTimeout(600_000); // a machine that does other work beside it

const LONG = "A practice with a rather long name, by the sea";
const OTHERS = "South board";

t.test("a hub's people, one after the other", { skip }, async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it, { queries: ["bp-control", "hypertension-register"], periods: 2 });
  const { hub, pages: address } = it.serving;
  await invite(hub, "Far", [OTHERS]);
  const agent = it.newAgent();
  const code = await invite(hub, LONG, [GROUP]);
  const { fingerprint } = await agent.enrol(code);
  const browser = await browserFor(t);
  const person = async (name: string, role: string, groups: readonly string[]) =>
    comesIn(t, browser, await atHub(it, name, role, groups));

  await t.test(
    "the commissioner sees a group and no dot, and is told in words what is not theirs",
    async (t) => {
      const { page } = await person("Ms Roy", "commissioner", [GROUP]);
      t.notMatch(await page.innerText("main"), OTHERS);
      await page.getByRole("link", { name: GROUP }).click();
      const pages = [await page.content()];
      await page.getByRole("link", { name: "Latest blood pressure 140/90 or less" }).click();
      t.match(await page.innerText("main"), /the group together is at \d+ to \d+\s%/);
      pages.push(await page.content());
      await page.getByRole("button", { name: "Show" }).click(); // the same date
      for (const path of [`/meetings/${encodeURIComponent(GROUP)}`, `/packs/${encodeURIComponent(GROUP)}`]) {
        await page.goto(address + path);
        pages.push(await page.content());
      }
      for (const html of pages) {
        t.notMatch(html, /<circle[^>]* r="7"/, "no dot");
        for (const name of NAMES) t.notMatch(html, new RegExp(`\\b${name}\\b`), name);
      }
      for (const [path, words] of [
        ["/operator", /not for you[^]*only a hub operator may do this/i],
        [`/decisions/${encodeURIComponent(GROUP)}`, /not for you[^]*only a governance officer may do this/i],
        [`/groups/${encodeURIComponent(OTHERS)}`, /not for you/i],
        ["/log", /not for you/i],
      ] as const) {
        const reply = await page.goto(address + path);
        t.equal(reply?.status(), 403, path);
        t.match(await page.innerText("main"), words, path);
      }
      await signsOut(t, page);
    },
  );

  await t.test("the operator sees what to do first, and admits an agent", async (t) => {
    const { page } = await person("Otto Operator", "hub-operator", []);
    await page.getByRole("link", { name: "Operation of this hub" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/operator/);
    t.match(await page.innerText("main h2 >> nth=0"), "To do");
    t.match(await page.innerText("main li >> nth=0"), `${LONG} waits to be admitted`);
    t.notMatch(await page.innerText("main"), fingerprint, "the page does not say what is to be typed");
    t.notMatch(await page.innerText("main"), /\d\s%/, "no share of anybody");
    const admit = async (readOut: string): Promise<string> => {
      await page.getByLabel(`Fingerprint as ${LONG} reads it out`).fill(readOut);
      await page.getByRole("button", { name: /^Admit/ }).click();
      return page.innerText("main");
    };
    t.match(await admit("1111-2222-3333-4444-5555"), /Problem|There is a problem|fingerprint/i);
    t.match(
      await page.innerText("main"),
      `${LONG} waits to be admitted`,
      "another fingerprint admits nobody",
    );
    t.match(await admit(fingerprint), "No agent waits.");
    t.ok((await agent.enrol(code)).certificate.length > 0, "the agent has its certificate");
    await signsOut(t, page);
  });

  await t.test("the officer reads what came, and who looked", async (t) => {
    const { page, context } = await person("Olive Officer", "governance-officer", [GROUP]);
    await page.getByRole("link", { name: GROUP }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/decisions/);
    t.match(
      await page.innerText("main"),
      /24 releases came, 0 withdrawn;\s+\d+ looks, by Ms Roy/,
      "not those that were refused",
    );
    await page.getByLabel("Month").focus();
    await page.keyboard.press("A"); // all months
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/month=all/);
    t.match(await page.innerText("h1"), "all months");
    const paper = await browser.newPage({
      storageState: await context.storageState(),
      viewport: { width: 718, height: 1000 },
    });
    await paper.goto(page.url());
    await paper.emulateMedia({ media: "print" });
    t.notOk(await paper.getByLabel("Month").isVisible(), "nothing to be pressed on paper");
    const hidden = `[...document.querySelectorAll("details li")].filter((each) => !each.checkVisibility()).length`;
    t.equal(await paper.evaluate(hidden), 0, "and each query stands there in plain words");
    t.ok((await printed(paper, "account")).length > 10_000);
    await paper.close();
    await signsOut(t, page);
  });
});
