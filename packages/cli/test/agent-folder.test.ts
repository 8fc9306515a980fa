/** The agent's folder, in this process: what status says of the records, and a backup that was drilled. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { OPT_OUTS_COUNTED, type Postings } from "@cairn/tables";
import { patientsOf } from "@cairn/engine";
import { importRecords } from "@cairn/importers";
import { initKeeper, keeperFolder, KeeperStore, keyFile, noticeRecords } from "@cairn/keeper";
import { openRecords } from "@cairn/records";
import { parseQuery } from "@cairn/query-library";
import t from "tap";
import { backupAgent } from "@cairn/agent/backup";
import { backup } from "../src/agent/backup.js";
import { neededCodelists } from "@cairn/agent/needed-codelists";
import { takeRecords } from "@cairn/agent/take-records";
import { layoutOf } from "@cairn/agent/layout";
import { statusOf } from "@cairn/agent/status";
import { qualityWords } from "../src/agent/quality-words.js";
import { statusWords } from "../src/agent/status.js";

t.setTimeout(120_000);
const dir = mkdtempSync(join(tmpdir(), "cairn-agent-folder-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const data = join(dir, "agent");

async function take(files: Record<string, string>): Promise<void> {
  const extract = mkdtempSync(join(dir, "extract-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(extract, name), text);
  const records = openRecords(keeperFolder(data));
  await importRecords(records, {
    format: "journal",
    paths: [extract],
    system: "read2",
    completeTo: null,
    registeredFrom: null,
    codelists: neededCodelists(data),
    dryRun: false,
    now: new Date("2025-06-01T00:00:00Z"),
    progress: () => undefined,
  });
  records.close();
}

t.test("status shows the quality of the records as the newest import found it", async (t) => {
  initKeeper(keeperFolder(data)).close();
  t.equal(statusOf(layoutOf({ data })).quality, null, "before there are any records");
  const ids = Array.from({ length: 40 }, (_, i) => `p${i}`);
  await take({
    "patients.csv": `patient_id,date_of_birth\n${ids.map((id) => `${id},1960-01-01\n`).join("")}`,
    "registrations.csv": `patient_id,start\n${ids.map((id) => `${id},2000-01-01\n`).join("")}`,
    "events.csv": `patient_id,date,code\n${ids.map((id) => `${id},2024-01-01,G30..\n`).join("")}`,
  });
  const status = statusOf(layoutOf({ data }));
  t.match(status, {
    quality: { events: { codes: [{ system: "read2", unmapped: 40 }] } },
  });
  t.match(
    statusWords(status, layoutOf({ data })),
    /^The records hold 40 patients and 40 events, the newest of 1 January 2024; cairn agent status --quality shows their quality$/m,
  );
  t.notMatch(statusWords(status, layoutOf({ data })), "Data quality");
  const words = qualityWords(status.quality!).replaceAll("\u00a0", " ");
  t.match(words, /Data quality of all records, 1 June 2025\n/);
  t.match(words, /Old codes +40 events \(100 %\) in read2: 0 % mapped, 100 % unmapped/);
  t.match(
    words.replaceAll(/\s+/g, " "),
    "100 % unmapped, 0 % ambiguous; cairn agent import --code-map FILE says what they mean",
  );
  t.match(words, /Codelists +0 of the \d+ that queries ask for have events; none of:\s/);
});

const QUERY = `query: over-40
version: 1.0.0
title: 40 or older
question: How many are 40 or older?
purpose: quality improvement
direction: none
periods: {every: year, count: 1}
denominator: {registered_for: 1 days}
numerator: {age: {from: 40}}
`;

/** The answer patient by patient, the practice's log, and the settings: all that a practice would miss. */
function everything(): unknown {
  const parsed = parseQuery(QUERY, { file: "q.yaml", codelists: () => undefined });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  const records = openRecords(keeperFolder(data));
  const store = KeeperStore.open(keeperFolder(data));
  try {
    const source = records.source();
    return {
      answers: patientsOf(source, parsed.query, ["2024-12-31"], OPT_OUTS_COUNTED).map(
        ({ denominatorSet, numeratorSet }) => [[...denominatorSet], [...numeratorSet]],
      ),
      events: daysOf(source.allEvents()),
      quality: records.quality(),
      log: [...store.log.exportLines()].slice(1), // without the head, which says when it was signed
      head: store.log.root().toString("hex"),
    };
  } finally {
    store.close();
    records.close();
  }
}

/** A day for each event. */
function daysOf({ day, count }: Postings): number[] {
  return [...day].flatMap((each, i) => Array<number>(count![i]!).fill(each));
}

t.test(
  "a backup made while a load is under way takes the place of a lost folder, and answers the same",
  async (t) => {
    const before = everything();
    const records = openRecords(keeperFolder(data));
    const load = records.beginLoad(null);
    load.people.put("half-loaded", {
      sex: "female",
      birthDay: 0,
      birthPrecision: "day",
      deathDay: null,
      deprivationFifth: 0,
      ethnicGroup: "unknown",
    });
    const copy = join(dir, "copy");
    await backupAgent({ data, out: copy });
    load.abandon();
    records.close();
    rmSync(data, { recursive: true });
    renameSync(copy, data);
    t.same(everything(), before);
    t.equal(statSync(keyFile(keeperFolder(data))).mode & 0o077, 0, "its key is its owner's alone");
    await take({ "events.csv": "patient_id,date,code\np39,2024-03-01,G30..\n" });
    t.equal((everything() as { events: unknown[] }).events.length, 41, "and it goes on from there");
  },
);

t.test("a backup never goes into the agent's own folder, nor over anything that is there", async (t) => {
  const before = content(data);
  const links = mkdtempSync(join(dir, "links-"));
  symlinkSync(data, join(links, "agent"));
  symlinkSync(join(data, "keeper"), join(links, "keeper"));
  symlinkSync(join(links, "nowhere"), join(links, "dangling"));
  mkdirSync(join(dir, "used"));
  writeFileSync(join(dir, "used", "letter.txt"), "Dear all");
  writeFileSync(join(dir, "file"), "");
  const refused: Record<string, RegExp> = {
    [data]: /inside/,
    [`${data}/`]: /inside/,
    [join(data, "keeper")]: /inside/,
    [join(data, "backups", "monday")]: /inside/,
    [`${data}/keeper/../backup`]: /inside/,
    [`${links}/../${basename(data)}/x`]: /inside/,
    [`${links}/agent`]: /inside/,
    [`${links}/agent/new`]: /inside/,
    [`${links}/keeper/../new`]: /inside/, // the system goes where the link leads, and up from there
    [relative(process.cwd(), join(data, "new"))]: /inside/,
    [`${links}/dangling`]: /leads nowhere/,
    [join(dir, "used")]: /not empty/,
    [join(dir, "file")]: /no folder/,
  };
  for (const [out, words] of Object.entries(refused))
    await t.rejects(
      backupAgent({ data, out }),
      { code: "backup-place", kind: "wrong-use", message: words },
      out,
    );
  t.same(content(data), before, "the agent's folder is as it was");
  t.same(readdirSync(join(dir, "used")), ["letter.txt"]);
  t.notOk(existsSync(join(links, "nowhere")));

  const out = join(dir, "first");
  mkdirSync(out); // empty
  await backupAgent({ data, out });
  const first = content(out);
  await t.rejects(backupAgent({ data, out }), { code: "backup-place", message: /not empty/ });
  t.same(content(out), first, "an existing backup is as it was");
});

t.test("a backup that fails half way leaves nothing that looks like one", async (t) => {
  const broken = join(dir, "broken");
  cpSync(data, broken, { recursive: true });
  mkdirSync(join(broken, "courier"));
  mkdirSync(join(broken, "courier", "settings.json")); // which is no file, and cannot be copied as one
  const out = join(dir, "half");
  await t.rejects(backupAgent({ data: broken, out }));
  t.same(readdirSync(out), []);
});

t.test("lost records are said, and the backup holds what the practice released", async (t) => {
  const lost = join(dir, "lost");
  cpSync(data, lost, { recursive: true });
  const store = KeeperStore.open(keeperFolder(lost));
  const records = openRecords(keeperFolder(lost));
  noticeRecords(store, records);
  records.close();
  store.close();
  rmSync(join(keeperFolder(lost), "records.db"));
  t.match(statusOf(layoutOf({ data: lost })), {
    quality: null,
    recordsProblem: /records\.db: it is missing/,
  });
  const out = join(dir, "lost-backup");
  await backup({ data: lost, out });
  t.equal(process.exitCode, 4);
  process.exitCode = 0;
  t.same(readdirSync(keeperFolder(out)).sort(), ["keeper.db", "key.pem"]);
  await t.rejects(
    takeRecords([join(dir, "used")], { data: lost, format: "journal", system: "snomed" }, () => undefined),
    {
      code: "records-lost",
      message: /--anew/,
    },
  );
  t.notOk(existsSync(join(keeperFolder(lost), "records.db")));
});

/** Every file below a folder with its bytes, but SQLite's own beside a database. */
function content(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (each) => each.isFile() && !/-(wal|shm)$/.test(each.name),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}
