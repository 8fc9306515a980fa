/** H13: who opted out is in no number that leaves, however the records say it, and what leaves says that it is so. */
import t from "tap";
import { has, keysIn, OPT_OUTS_COUNTED } from "@cairn/tables";
import { optedOut, patientsOf } from "@cairn/engine";
import { dayNumber } from "@cairn/query-library";
import { decodeRelease, verifySignedRelease } from "@cairn/wire";
import { answerInChild } from "../src/answering/answer.js";
import { optOutCodes } from "../../records/src/opt-outs.js";
import { openRecords } from "../../records/src/store.js";
import { KeeperStore, publicKeyOf } from "../src/store/store.js";
import { extract, file, load, newStore } from "../../importers/test/fixtures/extracts.js";
import { assignment, bundle, DATES, practice, theQuery, until, runOn } from "./fixtures/practice.js";

t.setTimeout(120_000);

/** How each of twelve people's records say it, as rows of a journal (date, system, code), and whether they opted out. */
const WAYS: readonly [rows: string[], out: boolean][] = [
  [["2015-05-01,snomed,827241000000103"], true],
  [["2015-05-01,read2,9Nu0."], true], // the map makes 827241000000103 of it
  [["2015-05-01,read2,9Nu0"], true], // the map makes something else of it
  [["2015-05-01,ctv3,XaZ89"], true], // the map leaves it open
  [["2015-05-01,read2,9Nu0.00"], true], // the map does not know it
  [["2015-05-01,read2,9NuX."], true], // another code, of which the map makes it
  [["2025-05-31,snomed,827241000000103"], true], // after every reference date
  [["2015-05-01,snomed,827241000000103", "2015-05-01,snomed,827261000000102"], true], // both on one day
  [["2015-05-01,snomed,827241000000103", "2016-05-01,read2,9Nu1."], false],
  [["2015-05-01,read2,9Nu0.", "2016-05-01,ctv3,XaZ8a"], false],
  [["2015-05-01,snomed,827241000000103", "2016-05-01,snomed,827261000000102", "2017-05-01,ctv3,XaZ89"], true],
  [["2016-05-01,snomed,827261000000102"], false],
];
const MAP = [
  "from_system,from_code,to_code,assured",
  "read2,9Nu0.,827241000000103,1",
  "read2,9Nu0,371530004,1",
  "ctv3,XaZ89,827241000000103,0",
  "read2,9NuX.,827241000000103,1",
  "",
].join("\n");

/** 60 women with asthma, who were all seen: 48 of whom nothing more is said, and the twelve. */
const PEOPLE = Array.from({ length: 60 }, (_, i) => `p${i}`);
const LEFT_OUT = PEOPLE.filter((_, i) => WAYS[i]?.[1]);
const KEPT = PEOPLE.filter((_, i) => !WAYS[i]?.[1]);
const JOURNAL = {
  "patients.csv": `patient_id,practice,date_of_birth,sex\n${PEOPLE.map((id) => `${id},P,1970-01-01,female\n`).join("")}`,
  "registrations.csv": `patient_id,start,end\n${PEOPLE.map((id) => `${id},2000-01-01,\n`).join("")}`,
  "events.csv": `patient_id,date,system,code\n${PEOPLE.flatMap((id, i) =>
    ["2010-01-01,snomed,195967001", "2024-12-01,snomed,185349003", ...(WAYS[i]?.[0] ?? [])].map(
      (row) => `${id},${row}\n`,
    ),
  ).join("")}`,
};
const LIMITS = { seconds: 60, megabytes: 600 };

async function records(folder: string, codeMap?: string): Promise<void> {
  const completeTo = dayNumber("2025-12-31");
  await load(folder, extract(JOURNAL), { completeTo, ...(codeMap ? { codeMap } : {}) });
}

function namesIn(folder: string, set: Uint32Array): string[] {
  const store = openRecords(folder);
  const names = keysIn(set).map((key) => store.foundBy(key));
  store.close();
  return names;
}

t.test(
  "an answer that may leave has none of them: no count, no set; with a code map and without",
  async (t) => {
    for (const map of [undefined, file("map.csv", MAP)]) {
      const folder = newStore();
      await records(folder, map);
      // Without a map nothing says that 9NuX. is an opt-out.
      const kept = map ? KEPT : [...KEPT, "p5"].sort((a, b) => PEOPLE.indexOf(a) - PEOPLE.indexOf(b));
      const outcome = await answerInChild(
        { folder, query: theQuery(), dates: DATES, optOuts: "left-out", leftOutList: null },
        { limits: LIMITS },
      );
      if (outcome.outcome !== "answered") return t.fail(JSON.stringify(outcome));
      for (const { optOuts, cells, waterfall } of outcome.answer.tables) {
        t.equal(optOuts, "left-out");
        t.same(namesIn(folder, cells[0]!.denominatorSet), kept, map ? "mapped" : "as recorded");
        t.same([cells[0]!.denominator, cells[0]!.numerator], [kept.length, kept.length]);
        t.equal(waterfall[0]?.people, kept.length);
      }
    }
  },
);

t.test("a map that a later import brings is heeded at once", async (t) => {
  const folder = newStore();
  await records(folder);
  const who = (): string[] => {
    const store = openRecords(folder);
    const set = optedOut(store.source(), optOutCodes());
    store.close();
    return namesIn(folder, set);
  };
  t.notOk(who().includes("p5"));
  await load(folder, extract(JOURNAL), { codeMap: file("map.csv", MAP) });
  t.same(who(), LEFT_OUT);
});

t.test("the practice's own lists keep them, and know who they are", async (t) => {
  const folder = newStore();
  await records(folder, file("map.csv", MAP));
  const store = openRecords(folder);
  t.teardown(() => store.close());
  const [at] = patientsOf(store.source(), theQuery(), [DATES[0]], OPT_OUTS_COUNTED);
  t.equal(keysIn(at!.denominatorSet).length, PEOPLE.length);
  const out = optedOut(store.source(), optOutCodes());
  const names = keysIn(at!.denominatorSet).filter((key) => has(out, key));
  t.same(
    names.map((key) => store.foundBy(key)),
    LEFT_OUT,
  );
});

t.test(
  "a release is of everybody else, and is signed as such; how many were left out is nowhere",
  async (t) => {
    const home = practice(t);
    await records(home.folder, file("map.csv", MAP));
    const { api, keeper } = await home.start({
      answer: (job, signal) => answerInChild(job, { signal, limits: LIMITS }),
    });
    await api.offerLibrary({ bundle: bundle() });
    await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
    const run = runOn(DATES[0]);
    await api.execute({ leases: [{ run, attempt: 1, seconds: 600 }] });
    await until(api, run, "OUTBOX");
    const { release } = await api.takeRelease({ run });
    t.equal(release?.optOuts, "OPT_OUTS_LEFT_OUT");
    const store = KeeperStore.open(home.folder);
    t.teardown(() => store.close());
    t.ok(verifySignedRelease(release!, publicKeyOf(store)), "under the signature");
    const others = { ...release!, optOuts: "OPT_OUTS_COUNTED" } as const;
    t.notOk(verifySignedRelease(others, publicKeyOf(store)), "which holds for nothing else");
    const { denominator } = decodeRelease(release!.release, 5);
    t.equal(denominator[0]! - 1, 50, `${KEPT.length}, rounded, and not ${PEOPLE.length}`);
    const told = JSON.stringify([release, await api.waitForChanges({ since: 0, holdSeconds: 0 })]);
    const log = [...keeper.store.log.exportLines()].join("\n");
    for (const said of [told, log]) t.notMatch(said, /left.?out"?:? ?\d|opted.?out"?:? ?\d/i);
  },
);
