/** A practice's people in a real Chromium with scripts off, one after the other, each from signing in to signing out. */
import t from "tap";
import type { Page } from "playwright-core";
import { releasedCells } from "@cairn/comparisons";
import { cellsOf } from "@cairn/query-library";
import { D } from "../../packages/keeper/test/fixtures/own-pages.js";
import { browserFor, printed, skip } from "./look.js";
import { openPractice, type OpenPractice } from "./open-practice.js";
import { atPractice, comesIn, signsOut } from "./people.js";

t.setTimeout(600_000); // a machine that does other work beside it

/** Each number of a run's page, in the order of its table's rows: what is withheld as such, a range as its middle. */
async function numbersOn(page: Page): Promise<string[]> {
  const cells = await page.locator("tbody td").allInnerTexts();
  return cells.map((cell) => cell.replace(/^(Numerator|Denominator)\s+/, ""));
}

t.test("a practice's people, one after the other", { skip }, async (t) => {
  const home: OpenPractice = await openPractice(t, null);
  const { address, api, keeper, entries } = home;
  const browser = await browserFor(t);
  const person = (name: string, role: string) =>
    comesIn(t, browser, atPractice(keeper.store, address, name, role));
  const [held, other] = [home.runs[2]!, home.runs[1]!];

  await t.test("the administrator has releases held for a look", async (t) => {
    const { page } = await person("Ada Admin", "administrator");
    await page.locator("summary", { hasText: "How things stand" }).click();
    await page.getByRole("button", { name: /^Hold/ }).click();
    t.match(entries().at(-1), { kind: "setting-changed", body: { setting: "hold", by: "Ada Admin" } });
    await signsOut(t, page);
  });

  await t.test(
    "the quality lead accepts a question, sees what would leave, and lets one of two go",
    async (t) => {
      const { page } = await person("Quinn Lead", "quality-lead");
      t.match(await page.innerText("main"), /cluster asks a new question: Asthma review/);
      await page.getByRole("link", { name: "Asthma review" }).first().click();
      await page.getByRole("button", { name: "Accept for cluster" }).click();
      t.match(await page.innerText("main"), /asked by cluster: accepted/);

      await home.answer([held.run, other.run], "ON_HOLD");
      t.notOk((await api.takeRelease({ run: held.run })).release, "nothing leaves before she has looked");
      await page.goto(address);
      await page.getByRole("link", { name: "Asthma review, 31 March 2025" }).first().click();
      const seen = await numbersOn(page);
      t.match(await page.innerText("main"), /never leaves the practice/);
      await page.getByRole("button", { name: "Let exactly these numbers leave" }).click();
      await page.waitForURL(/runs/);
      t.equal(await page.getByRole("button").count(), 0, "and nothing is left to press");

      const release = await home.take(held.run);
      const cells = releasedCells(release.release, release.policy!, cellsOf(home.query, D).length);
      const left = cells.flatMap(({ numerator, denominator }) => [numerator, denominator]);
      t.ok(left.length > 2 && left.some((value) => value !== "withheld" && value.value > 0));
      t.same(
        seen.map((words) => Number(words.replaceAll(/,|(?<=\d)\D.*$/g, "")) || null),
        left.map((value) => (value === "withheld" ? null : value.value || null)),
        "what left is what she saw",
      );
      t.notOk((await api.takeRelease({ run: other.run })).release, "the other is held on");
      await page.goto(address);
      t.match(await page.innerText("#decide >> xpath=.."), /On hold[^]*Asthma review, 31 December 2024/);
      t.notMatch(await page.innerText("#decide >> xpath=.."), "31 March 2025");
      await signsOut(t, page);
      await home.compare(D, release);
    },
  );

  await t.test(
    "a clinician goes to a list with the facts that decided in three clicks, marks and prints",
    async (t) => {
      const { page } = await person("Clara Clinician", "clinician");
      let clicks = 0;
      const click = async (name: string | RegExp): Promise<void> => {
        await page.getByRole("link", { name }).first().click();
        clicks += 1;
      };
      await click("Asthma review, cluster"); // the group's comparison, which is new
      t.match(await page.innerText("main"), /The diamond is its mark; only this page shows it/);
      await click("The people behind our number");
      t.ok(clicks <= 3, `${clicks} clicks`);
      t.match(await page.innerText("h1"), "People: Asthma review");
      t.match(await page.innerText("thead"), /Patient\s+Age\s+Sex\s+Last seen/i);
      const rows = page.locator("tbody tr");
      t.equal(await rows.count(), 30, "everyone for whom it does not hold");
      t.match(await rows.filter({ hasText: "patient-5" }).first().innerText(), /\b5\d\b[^]*female/);

      // Found and marked by keyboard alone.
      await page.getByLabel("Find").focus();
      await page.keyboard.type("patient-5");
      await page.keyboard.press("Enter");
      await page.waitForURL(/people\/found\?date=[\d-]+&list=[a-z]+&sort=[a-z-]+$/);
      await page.getByLabel("Mark the people ticked below").focus();
      await page.keyboard.press("n"); // not suitable
      await page.keyboard.press("Tab");
      await page.keyboard.type("moved away");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab"); // past the button
      await page.keyboard.press("Space");
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Enter");
      await page.getByText("because moved away; Clara Clinician").waitFor();
      await page.emulateMedia({ media: "print" });
      t.match(
        await page.innerText("main"),
        /It names patients: keep it as you keep a record, and destroy it/,
      );
      t.notOk(await page.getByRole("button", { name: "Mark" }).isVisible(), "nothing to be pressed on paper");
      t.ok((await printed(page, "worklist")).length > 5_000);
      await page.emulateMedia({ media: "screen" });
      await signsOut(t, page);
    },
  );

  await t.test("the officer reads what left, approved by whom, and who looked", async (t) => {
    const { page } = await person("Olive Officer", "officer");
    await page.getByRole("link", { name: "Read what was asked, decided, released and seen" }).click();
    await page.getByLabel("Month").selectOption("2025-05");
    await page.getByRole("button", { name: "Show" }).click();
    const words = await page.innerText("main");
    t.match(
      words,
      /1 release left, 0 withdrawn; \d+ looks, by Quinn\s+Lead and Clara\s+Clinician\./,
      "what is held has not left",
    );
    const row = (text: RegExp) => page.locator("tbody tr").filter({ hasText: text }).first();
    await page
      .locator("summary")
      .filter({ hasText: /1 release left, .*decided by Quinn Lead/ })
      .click();
    t.match(await row(/31 March 2025[^]*was released: a table/).innerText(), "Quinn Lead");
    t.equal(await row(/31 December 2024[^]*was made and has not left: a table/).count(), 1);
    t.match(await row(/let the held release of run [0-9a-f]{8}… go/).innerText(), "Quinn Lead");
    t.match(await row(/looked at the list of patients/).innerText(), "Clara Clinician");
    t.notMatch(words, "patient-5");
    await page.getByRole("link", { name: "Check that the log holds" }).click();
    const holds = page.getByText(/^It holds\./);
    for (let i = 0; i < 20 && (await holds.count()) === 0; i++) {
      await page.waitForTimeout(500); // the log is checked meanwhile
      await page.reload();
    }
    t.match(await page.innerText("main"), /It holds\./);
    await signsOut(t, page);
  });
});
