/** The record store over the years: brought to today's schema, looked at before it is used, copied and put back. */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openRecords } from "@cairn/keeper";
import { openDatabase } from "@cairn/sqlite";
import t from "tap";
import { eventsIn, extract, file, load, newStore } from "./fixtures/extracts.js";

t.setTimeout(60_000);
const dir = mkdtempSync(join(tmpdir(), "cairn-store-care-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

const MIGRATIONS = new URL("../migrations/records/", import.meta.url);
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
    exit: 4,
    message: /^[^\n]*restore a backup or import again$/,
  });
  t.ok(readFileSync(path).length === size, "and it is left as it was found");
});
