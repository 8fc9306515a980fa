/**
 * A hard cluster: of eight practices two are offline, one declines, one withholds nearly everything and one has 900 people;
 * asked every safety query of the library. Their numbers are real: records, engine and disclosure control, and a hub.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { closeNow, comparisonText, doWhatIsDue } from "@cairn/hub";
import { decide, isReleasedTable, memoryHistory, policyNamed, type Policy } from "@cairn/disclosure";
import { answer } from "@cairn/engine";
import { LIBRARY_LOCATION } from "@cairn/library";
import { openLibrary, type Query } from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { writePractice } from "@cairn/synthetic";
import type { Assignment__Output } from "@cairn/wire";
import t, { type Test } from "tap";
import { solver } from "../../packages/disclosure/test/solver.js";
import { cluster, NAMES, say } from "../../packages/hub/test/cluster.js";
import type { TestAgent } from "../../packages/hub/test/link/agent.js";
import { GROUP, story, type Story } from "../../packages/hub/test/story.js";
import { importRecords } from "../../packages/importers/src/import.js";
import { askedAs } from "../../packages/keeper/src/work/make.js";
import { withoutOptOuts } from "../../packages/records/src/opt-outs.js";
import { openRecords } from "../../packages/records/src/store.js";
import { neverSaid } from "../house/never-said.js";
import { browserFor, look, printed, skip, unprintedOf } from "./look.js";
import { atHub, comesIn, signsOut } from "./people.js";

t.setTimeout(1_200_000); // a machine that does other work beside it

const UNTIL = "2025-03-31";
const GROUP_PATH = `/groups/${encodeURIComponent(GROUP)}`;
const USUAL = policyNamed("k8-r5");

/** Who answers: how many people its records hold, of whom three in five are registered, and its policy. */
const ANSWERING: readonly { readonly name: string; readonly people: number; readonly policy: Policy }[] = [
  { name: "Ash", people: 1500, policy: USUAL }, // 900 are registered
  { name: "Birch", people: 3000, policy: USUAL },
  { name: "Cedar", people: 3600, policy: USUAL },
  { name: "Elm", people: 2400, policy: USUAL },
  { name: "Hazel", people: 300, policy: policyNamed("k10-r6") }, // withholds nearly everything
];
/** The last two are not heard of again. */
const DECLINING = NAMES[ANSWERING.length] as string;

function safetyQueries(): Query[] {
  const { library } = openLibrary(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)));
  const all = [...library.queries.values()].map(({ query }) => query);
  return all.filter(({ purpose }) => purpose === "medicines safety");
}

/** What a practice of invented people would let leave of these queries, by query and date. */
async function releasesOf(
  folder: string,
  { name, people, policy }: (typeof ANSWERING)[number],
  queries: readonly Query[],
  dates: readonly string[],
) {
  const at = join(folder, name);
  mkdirSync(at);
  const extract = join(at, "extract");
  await writePractice({ patients: people, eventsPerPatient: 50, seed: name, until: UNTIL, practice: name, out: extract, format: "journal" }); // prettier-ignore
  const records = openRecords(at);
  await importRecords(records, { format: "journal", paths: [extract], system: "snomed", completeTo: null, registeredFrom: null, dryRun: false, now: new Date(), progress: () => undefined }); // prettier-ignore
  const answers = answer(records.source(), [...queries], [...dates], withoutOptOuts());
  records.close();
  const asked = queries.flatMap((query, i) => askedAs(query, answers[i] ?? []));
  const { tables } = decide(asked, memoryHistory(), policy, { solver });
  return new Map(
    tables.map(({ released }) => {
      if (!isReleasedTable(released)) throw new TypeError("only what disclosure control made may leave");
      return [`${released.query} ${released.date}`, released] as const;
    }),
  );
}

async function send(
  agent: TestAgent,
  run: Assignment__Output,
  releases: Awaited<ReturnType<typeof releasesOf>>,
) {
  const released = releases.get(`${run.query} ${run.referenceDate}`);
  if (!released) throw new Error(`nothing was decided on ${run.query} for ${run.referenceDate}`);
  const { denominator, numerator, carried } = released.codes();
  const signed = agent.release(run, denominator, numerator, released.policy, 0, carried);
  await agent.send(signed, [run.group]);
}

/** The hub after a round of two quarters. */
async function hardCluster(t: Test, queries: readonly Query[]): Promise<Story> {
  const names = queries.map(({ query }) => query);
  const it = await story({}, "127.0.0.1", names);
  t.teardown(() => it.end());
  const members = await cluster(it, NAMES, { queries: names, periods: 2 });
  const folder = t.testdir();
  for (const one of ANSWERING) {
    const { agent, runs } = members.get(one.name)!;
    const dates = [...new Set(runs.map(({ referenceDate }) => referenceDate))].sort();
    const releases = await releasesOf(folder, one, queries, dates);
    for (const run of runs) await send(agent, run, releases);
  }
  const declining = members.get(DECLINING)!;
  for (const { run } of declining.runs) await say(declining.agent, run, "DECLINED");
  it.clock.now += 4_000_000;
  for (const name of [DECLINING, ...ANSWERING.map((one) => one.name)])
    await members.get(name)!.agent.poll(members.get(name)!.runs.map(({ run }) => run));
  await closeNow(it.serving.hub, GROUP);
  await doWhatIsDue(it.serving.hub);
  return it;
}

/** What no page and no terminal says: a range that says nothing, a hole in a sentence, blame. */
function holdsUp(t: Test, words: string, where: string): void {
  t.notMatch(words, /\b0(\s?%)? to 100\s?%/, `${where}: no range that says nothing`);
  t.notMatch(words, /\b(NaN|undefined|null|Infinity)\b/, `${where}: no hole in a sentence`);
  t.same(neverSaid(words), [], `${where}: no blame`);
}

t.test("each page of a hard cluster says what can be said, what cannot, and why", { skip }, async (t) => {
  const queries = safetyQueries();
  t.ok(queries.length >= 15, `${queries.length} safety queries`);
  const it = await hardCluster(t, queries);
  const { hub, pages: address } = it.serving;
  const browser = await browserFor(t);
  const { page, context } = await comesIn(t, browser, await atHub(it, "Dr Ng", "cluster-lead", [GROUP]));
  const as = await context.storageState();

  await page.goto(address + GROUP_PATH);
  holdsUp(t, await page.innerText("main"), "the overview");
  t.equal(await page.locator("article").count(), queries.length);
  for (const article of await page.locator("article").allInnerTexts())
    t.match(article, /5 of 8 practices\./, "who contributed stands with each");
  for (const { query, title } of queries) {
    await page.goto(`${address}${GROUP_PATH}/${query}`);
    const words = (await page.locator("main").textContent())?.replaceAll(/\s+/g, " ") ?? "";
    holdsUp(t, words, query);
    t.match(words, /5 of 8 practices have released\./, title);
    t.match(words, /1 practice declined\./);
    t.match(words, /2 practices are offline\./);
    t.match(words, /\d+ of the \d+ numbers that make up this page are withheld\./);
    for (const name of NAMES) t.notMatch(words, new RegExp(`\\b${name}\\b`), name);
    const [says = ""] = await page.locator(".nhsuk-inset-text").allInnerTexts();
    t.match(
      says,
      /cannot tell|together is at|middle of the|too few|nobody|not shown|in \d+ practices?/i,
      `${query} says: ${says}`,
    );
    t.equal(await page.locator("svg.cairn-run-chart:not(:has(circle))").count(), 0, "no empty picture");
    const spread = page.locator(`section[aria-labelledby="${query}-spread"]`);
    if ((await spread.locator("svg").count()) === 0)
      t.match(await spread.innerText(), /practices?/, `${query}: words in place of dots`);
  }

  const text = await comparisonText(hub, GROUP, "names");
  holdsUp(t, text, "the terminal");
  t.equal(text.match(/5 of 8 practices/g)?.length, queries.length);
  t.match(text, /offline/);
  t.match(text, /declined/);

  await page.goto(`${address}/packs/${encodeURIComponent(GROUP)}?all=yes`);
  await page.emulateMedia({ media: "print" });
  t.equal(await page.locator("article").count(), queries.length);
  const paper = await browser.newPage({ storageState: as, viewport: { width: 718, height: 1000 } });
  await paper.goto(page.url());
  await paper.emulateMedia({ media: "print" });
  t.same(await unprintedOf(paper), [], "everything is open on paper, and charts stay with their tables");
  const pdf = (await printed(paper, "hard-pack")).toString("latin1");
  t.ok((pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0) > queries.length, "each question begins on a sheet");
  await paper.close();

  for (const path of ["", "/opioid-with-sedative", "/valproate-women-12-54"])
    await t.test(`${GROUP_PATH}${path}`, async (t) =>
      look(t, browser, address + GROUP_PATH + path, { name: `hard${path}`, as }),
    );
  await page.emulateMedia({ media: "screen" });
  await signsOut(t, page);
});
