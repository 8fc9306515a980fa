/** The practice's own pages at 10,000 patients: the first page, and a worklist with its process from start to end. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { importRecords } from "@cairn/importers";
import { LIBRARY_LOCATION } from "@cairn/library";
import { Signers } from "@cairn/testkit";
import { cellsOf, dayNumber, periodEnds, type Query } from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { openRecords } from "@cairn/records";
import { writePractice } from "@cairn/synthetic";
import { rawPublicKey } from "@cairn/wire";
import { connectKeeper } from "@cairn/wire/grpc";
import { documentBytes, documentDigest, documentOf } from "@cairn/comparisons";
import { answers, USUAL } from "../../packages/comparisons/test/fixtures/groups.js";
import { keepComparison } from "../../packages/keeper/src/comparisons/kept.js";
import { pagesOf } from "../../packages/keeper/src/pages/app.js";
import { join as joinGroup } from "../../packages/keeper/src/decisions/membership.js";
import { pin, setRule } from "../../packages/keeper/src/decisions/standing-decisions.js";
import { startKeeper } from "../../packages/keeper/src/start.js";
import { initKeeper, KeeperStore, logOrigin } from "../../packages/keeper/src/store/store.js";
import { atMost, reference, type Figure } from "./figures.js";
import { medianCpuOf } from "./measure.js";
import { runOn } from "../../packages/keeper/test/fixtures/practice.js";

const PATIENTS = 10_000;
const UNTIL = "2025-03-31";
const NOW = Date.parse("2025-05-20T09:00:00Z");
const GROUP = "cluster";
/** A list of middling length, and one of every second patient on the list. */
const LISTS = ["bp-control", "continuity-of-care"] as const;
const COMPARED = "bp-control";
const DATES = 16;
const CHILD = fileURLToPath(new URL("worklist-cold.mjs", import.meta.url));

/** @param times repetitions of each page */
export async function practicePages(times: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-pages-"));
  const signers = new Signers();
  try {
    await importPractice(folder);
    enrolled(folder, signers.root());
    const records = openRecords(folder);
    const keeper = await startKeeper({
      folder,
      socket: join(folder, "k.sock"),
      now: () => NOW,
      records: () => records,
    });
    const api = connectKeeper(join(folder, "k.sock"));
    await api.offerLibrary({
      bundle: signers.delivery(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION))),
    });
    const queries = keeper.keeper.library()?.queries ?? [];
    for (const query of queries) await api.offerRuns({ assignments: assignments(query) });
    const practice = logOrigin(keeper.keeper.store.key);
    const app = await pagesOf(keeper.keeper, {
      who: async () => ({
        person: { at: "practice", name: "Bench", role: "clinician", practice },
        provenAt: NOW,
      }),
    });
    const open = async (url: string): Promise<string> => {
      const { statusCode, body } = await app.inject({ url, headers: { host: "localhost" } });
      if (statusCode !== 200) throw new Error(`${url} answers ${statusCode}`);
      return body;
    };
    while ((await open("/")).includes("being counted"))
      await new Promise((resolve) => setTimeout(resolve, 200));
    const runs = keeper.keeper.store.db.prepare<[], number>("SELECT count(*) FROM run").pluck().get() ?? NaN;
    const figures = [
      atMost(
        `practice's first page, ${PATIENTS} patients, ${queries.length} questions, ${runs} dates`,
        await medianCpuOf(() => open("/"), times),
        "ms CPU",
        30,
      ),
    ];
    keepComparisons(keeper.keeper.store, queries.find((each) => each.query === COMPARED) as Query);
    figures.push(
      atMost(
        `the group's comparison at the practice, ${DATES} dates`,
        await medianCpuOf(() => open(`/groups/${GROUP}/${COMPARED}`), times),
        "ms CPU",
        60,
      ),
    );
    for (const name of LISTS) {
      const query = queries.find((each) => each.query === name);
      if (!query) throw new Error(`the library has no ${name}`);
      const path = `/questions/${name}/people?list=rest`;
      const rows = (await open(path)).split("<tr").length - 2;
      const child = worklistCold(folder, query);
      const page = await medianCpuOf(() => open(path), times);
      figures.push(
        atMost(`worklist of ${rows} people of ${PATIENTS}, process and page`, child + page, "ms CPU", 1000),
        reference("of which the page, searched and ordered again", page, "ms CPU"),
      );
    }
    await app.close();
    api.close();
    await keeper.stop();
    records.close();
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Comparisons of eight practices, as they are kept once they were checked. */
function keepComparisons(store: KeeperStore, query: Query): void {
  store.change((change) => {
    for (const date of periodEnds(query.periods.every, DATES, UNTIL)) {
      const document = documentOf({ ...answers(query, date, USUAL), group: GROUP }, null);
      const bytes = documentBytes(document);
      const digest = Buffer.from(documentDigest(bytes), "hex");
      const checked = { signature: Buffer.alloc(64), origin: "bench", entry: "", own: false };
      keepComparison(change, { document, bytes, digest, ...checked });
    }
  });
}

async function importPractice(folder: string): Promise<void> {
  const extract = join(folder, "extract");
  await writePractice({
    ...{ patients: PATIENTS, eventsPerPatient: 150, seed: "pages", until: UNTIL },
    ...{ practice: "Stonegarth Surgery", out: extract, format: "journal" as const },
  });
  const records = openRecords(folder);
  await importRecords(records, {
    ...{ format: "journal", paths: [extract], system: "snomed", registeredFrom: null, dryRun: false },
    completeTo: dayNumber(UNTIL) + 20,
    now: new Date(NOW),
    progress: () => undefined,
  });
  records.close();
}

function enrolled(folder: string, libraryRoot: Uint8Array): void {
  initKeeper(folder).close();
  const store = KeeperStore.open(folder);
  pin(store, {
    ...{ practice: "Bench", fingerprint: "0", answeredBefore: false },
    libraryRoot,
    hubLogKey: rawPublicKey(generateKeyPairSync("ed25519").publicKey),
  });
  setRule(store, "any", { rule: "accept-signed" });
  joinGroup(store, GROUP);
  store.close();
}

/** Every date that the query's group asks by now. */
function assignments(query: Query) {
  return periodEnds(query.periods.every, Math.min(16, query.periods.count), UNTIL).map((date) => ({
    run: runOn(`${query.query}-${date}`),
    group: GROUP,
    query: query.query,
    queryVersion: query.version,
    queryDigest: Buffer.from(query.digest, "hex"),
    referenceDate: date,
    floor: { k: 8, base: 5, midpoint: 0 },
    cells: cellsOf(query, date).length,
  }));
}

/** CPU of a fresh process that makes the list, its start included; ms. */
function worklistCold(folder: string, query: Query): number {
  const job = join(folder, "worklist-job");
  writeFileSync(job, serialize({ folder, query, date: UNTIL, list: "rest" }));
  const taken = Array.from({ length: 3 }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [CHILD, job], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return (JSON.parse(stdout) as { cpu: number }).cpu;
  });
  return taken.sort((a, b) => a - b)[1] ?? NaN;
}
