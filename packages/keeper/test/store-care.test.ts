/** The record store over the years: brought to today's schema, looked at before it is used, copied and put back. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { hadRecords, initKeeper, KeeperStore, noticeRecords } from "@cairn/keeper";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import t from "tap";
import { setting } from "../src/store/settings.js";
import { startKeeper } from "../src/start.js";
import { eventsIn, extract, file, load, newStore } from "../../importers/test/fixtures/extracts.js";

t.setTimeout(60_000);
const dir = mkdtempSync(join(tmpdir(), "cairn-store-care-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

const MIGRATIONS = new URL("../../records/migrations/records/", import.meta.url);
const MAP = "from_system,from_code,to_code,assured\nread2,G30..,22298006,1\n";

t.test(
  "a store that the first version made is brought to today's, and its old codes can be mapped",
  async (t) => {
    const first = join(dir, "first");
    mkdirSync(first);
    copyFileSync(new URL("001-records.sql", MIGRATIONS), join(first, "001-records.sql"));
    const store = newStore();
    const db = openDatabase(join(store, "records.db"), { migrations: pathToFileURL(`${first}/`) });
    db.exec(`
    INSERT INTO patient VALUES (1, 'A', 'female', -7000, 'day', NULL, 0, 'unknown');
    INSERT INTO registration VALUES (1, 10000, NULL);
    INSERT INTO code VALUES (1, 'read2', 'G30..');
    INSERT INTO origin VALUES (1, 1, 'unmapped');
    INSERT INTO event VALUES (1, 16436, 0, 1, NULL, 0, NULL, 0, 1, 0);
    UPDATE store SET version = 1, events = 1, basis = 'registrations';`);
    db.close();
    t.same(eventsIn(store), ["A 2015-01-01 read2 G30.. was read2 G30.. unmapped"]);
    const records = openRecords(store);
    t.same(records.totals(), { patients: 1, events: 1, registrations: 1 });
    t.equal(records.quality(), null, "nobody has measured it yet");
    records.close();
    const journal = {
      "events.csv": "patient_id,date,system,code\nA,2015-01-01,read2,G30..\nA,2015-01-02,read2,G30..\n",
    };
    const report = await load(store, extract(journal), { codeMap: file("map.csv", MAP) });
    t.match(report.quality.load, { added: 1, repeated: 1 });
    t.same(eventsIn(store), [
      "A 2015-01-01 snomed 22298006 was read2 G30.. mapped",
      "A 2015-01-02 snomed 22298006 was read2 G30.. mapped",
    ]);
  },
);

t.test("a damaged store is found when it is opened, in one line that says what to do", async (t) => {
  const store = newStore();
  const rows = Array.from({ length: 3000 }, (_, i) => `A,2015-01-01,${i}\n`).join("");
  await load(
    store,
    extract({
      "patients.csv": "patient_id\nA\n",
      "registrations.csv": "patient_id,start\nA,2000-01-01\n",
      "events.csv": `patient_id,date,code\n${rows}`,
    }),
  );
  const damaged = newStore(); // the check is made at a process's first open of a path
  cpSync(store, damaged, { recursive: true });
  const path = join(damaged, "records.db");
  const { size } = statSync(path);
  const handle = openSync(path, "r+");
  for (let at = 8192; at < size; at += 4096) writeSync(handle, Buffer.alloc(600, 0xa5), 0, 600, at);
  t.throws(() => openRecords(damaged), {
    code: "corrupt",
    kind: "unavailable",
    message: /^[^\n]*restore a backup or import again$/,
  });
  t.ok(readFileSync(path).length === size, "and it is left as it was found");
});

function keeper(): string {
  const folder = join(newStore(), "keeper");
  initKeeper(folder).close();
  return folder;
}

/** Every file of a folder with its bytes. */
function content(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("hex")]),
  );
}

t.test("a practice's database that is gone or empty is not made anew, and what to do is said", async (t) => {
  const losses: Record<string, (file: string) => void> = {
    deleted: (file) => rmSync(file),
    empty: (file) => truncateSync(file, 0),
    "empty, with its journal left": (file) => {
      truncateSync(file, 0);
      writeFileSync(`${file}-wal`, "frames");
    },
    "gone, with its journal left": (file) => renameSync(file, `${file}-wal`),
  };
  for (const [how, lose] of Object.entries(losses)) {
    const folder = keeper();
    lose(join(folder, "keeper.db"));
    const before = content(folder);
    const words = {
      code: "store-lost",
      kind: "unavailable",
      message: /keeper\.db is missing or empty.*cairn agent restore/,
    };
    t.throws(() => KeeperStore.open(folder), words, how);
    t.throws(() => initKeeper(folder), { code: "exists" }, how);
    t.same(content(folder), before, `${how}: left as it was`);
  }
});

t.test("a keeper without its key is told from no keeper, and its log is not thrown away", async (t) => {
  const folder = keeper();
  rmSync(join(folder, "key.pem"));
  const before = content(folder);
  for (const open of [() => KeeperStore.open(folder), () => initKeeper(folder)])
    t.throws(open, { code: "key-unreadable", message: /key\.pem.*is missing.*backup/ });
  t.same(content(folder), before);
});

t.test("init that was interrupted at any step is given again", async (t) => {
  const key = readFileSync(join(keeper(), "key.pem"));
  const steps: Record<string, (folder: string) => void> = {
    "the key is written": (folder) => writeFileSync(join(folder, "key.pem.new"), key),
    "the key is half written": (folder) => writeFileSync(join(folder, "key.pem.new"), key.subarray(0, 20)),
    "the database is begun": (folder) => {
      writeFileSync(join(folder, "key.pem.new"), key);
      writeFileSync(join(folder, "keeper.db"), "");
    },
    "all but the key's name is there": (folder) => {
      initKeeper(folder).close();
      renameSync(join(folder, "key.pem"), join(folder, "key.pem.new"));
    },
  };
  for (const [step, leave] of Object.entries(steps)) {
    const folder = newStore();
    mkdirSync(folder);
    leave(folder);
    t.throws(
      () => KeeperStore.open(folder),
      { code: "no-keeper", message: /interrupted.*give it again/ },
      step,
    );
    initKeeper(folder).close();
    const store = KeeperStore.open(folder);
    t.equal(store.log.size, 1, step);
    store.close();
    t.notOk(existsSync(join(folder, "key.pem.new")), step);
  }
});

t.test("records that are gone are not made anew under a keeper that knows of them", async (t) => {
  const folder = keeper();
  const take = () =>
    load(
      folder,
      extract({ "patients.csv": "patient_id\nA\n", "events.csv": "patient_id,date,code\nA,2015-01-01,1\n" }),
      { registeredFrom: "first-record" },
    );
  t.notOk(hadRecords(folder), "none were taken in yet");
  await take();
  const store = KeeperStore.open(folder);
  const records = openRecords(folder);
  noticeRecords(store, records);
  records.close();
  store.close();
  t.ok(hadRecords(folder));
  for (const lose of [(file: string) => truncateSync(file, 0), (file: string) => rmSync(file)]) {
    lose(join(folder, "records.db"));
    t.throws(() => openRecords(folder, { madeBefore: hadRecords(folder) }), {
      code: "lost",
      kind: "unavailable",
    });
  }
  t.notOk(existsSync(join(folder, "records.db")));
});

t.test("a running keeper follows its records to another file, and says where they are lost", async (t) => {
  const folder = keeper();
  const data = extract({
    "patients.csv": "patient_id\nA\n",
    "events.csv": "patient_id,date,code\nA,2015-01-01,1\n",
  });
  await load(folder, data, { registeredFrom: "first-record" });
  const { keeper: running, stop } = await startKeeper({ folder, socket: join(folder, "k.sock") });
  t.teardown(stop);
  const identity = () => setting(running.store, "records-identity");
  const first = identity();
  t.ok(first);
  const lose = (): void => {
    for (const end of ["", "-wal", "-shm"]) rmSync(join(folder, `records.db${end}`), { force: true });
  };
  lose();
  await wait(1000); // it looks three times a second
  t.notOk(existsSync(join(folder, "records.db")), "none was made in their place");
  t.equal(identity(), first, "and nothing is noted as new");
  await load(folder, data, { registeredFrom: "first-record" });
  for (let i = 0; i < 50 && identity() === first; i++) await wait(100);
  t.not(identity(), first, "the new store is noticed");
});
