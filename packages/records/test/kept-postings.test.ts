/** Kept postings on a disk that flips bits: no answer is read from a blob that is not what was written. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { pathToFileURL } from "node:url";
import type { Columns, Postings } from "@cairn/tables";
import { openRecords } from "@cairn/records";
import type { Codelist } from "@cairn/query-library";
import { openDatabase } from "@cairn/sqlite";
import t from "tap";
import { extract, load, newStore } from "../../importers/test/fixtures/extracts.js";

t.setTimeout(120_000);
const LONG = process.env.CAIRN_LONG !== undefined;
const seed = Number(process.env.CAIRN_SEED ?? Date.now() % 1_000_000);
t.comment(`CAIRN_SEED=${seed}`);

const list = (codes: string[]): Codelist => ({
  name: "test",
  version: "1",
  system: "snomed",
  kind: "clinical",
  unit: null,
  codes,
  digest: codes.join(),
});
const LISTS = [list(["1"]), list(["1", "2"]), list(["3"])];
const COLUMNS: readonly Columns[] = [{}, { value: true, quantity: true, clinician: true, origin: true }];

/** A store whose postings are kept: 60 people with 20 events each. */
async function keptStore(): Promise<string> {
  const store = newStore();
  const people = Array.from({ length: 60 }, (_, i) => i);
  const event = (p: number, e: number): string =>
    `${p},20${10 + (e % 10)}-0${1 + (p % 9)}-1${e % 10},${1 + ((p + e) % 3)},${(p * e) % 97},mmol/L,${e % 7},c${p % 4}`;
  const files = {
    "patients.csv": `patient_id\n${people.map((p) => `${p}\n`).join("")}`,
    "registrations.csv": `patient_id,start\n${people.map((p) => `${p},2000-01-01\n`).join("")}`,
    "events.csv": `patient_id,date,code,value,unit,quantity,clinician\n${people
      .flatMap((p) => Array.from({ length: 20 }, (_, e) => `${event(p, e)}\n`))
      .join("")}`,
  };
  await load(store, extract(files));
  readAll(store);
  return store;
}

function readAll(store: string): Postings[] {
  const records = openRecords(store, { check: false });
  try {
    const source = records.source();
    return [
      ...LISTS.flatMap((each) => COLUMNS.map((columns) => source.postings(each, columns))),
      source.allEvents(),
    ];
  } finally {
    records.close();
  }
}

/** Mulberry32: a generator of numbers in [0, 1) from a seed. */
function randomFrom(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function withFlip(bytes: Buffer, random: () => number): Buffer {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(random() * bytes.length);
  flipped[at]! ^= 1 << Math.floor(random() * 8);
  return flipped;
}

t.test("a bit that flips in any kept blob changes no answer, and the blob is kept anew", async (t) => {
  const store = await keptStore();
  const want = readAll(store);
  const file = join(store, "postings.db");
  const random = randomFrom(seed);
  const db = openDatabase(file, { check: false });
  const rows = db.prepare<[], { key: string; body: Buffer }>("SELECT key, body FROM postings").all();
  db.close();
  t.equal(rows.length, LISTS.length * COLUMNS.length + 1);
  const write = (key: string, body: Buffer): void => {
    const open = openDatabase(file, { check: false });
    open.prepare("UPDATE postings SET body = ? WHERE key = ?").run(body, key);
    open.close();
  };
  const wrong: string[] = [];
  for (const { key, body } of rows) {
    for (let i = 0; i < (LONG ? 200 : 20); i++) {
      write(key, withFlip(body, random));
      if (!isDeepStrictEqual(readAll(store), want)) wrong.push(key);
      const again = openDatabase(file, { readonly: true, check: false });
      const kept = again
        .prepare<[string], Buffer>("SELECT body FROM postings WHERE key = ?")
        .pluck()
        .get(key);
      again.close();
      if (!kept?.equals(body)) wrong.push(`${key} is not kept anew`);
    }
  }
  t.same(wrong, []);
});

t.test("a bit that flips anywhere in the file of kept postings changes no answer", async (t) => {
  const store = await keptStore();
  const want = readAll(store);
  const file = join(store, "postings.db");
  const sound = readFileSync(file);
  const random = randomFrom(seed + 1);
  const wrong: number[] = [];
  for (let i = 0; i < (LONG ? 2000 : 150); i++) {
    writeFileSync(file, withFlip(sound, random));
    for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true });
    if (!isDeepStrictEqual(readAll(store), want)) wrong.push(i);
  }
  t.same(wrong, []);
});

t.test("a blob of another list, state or version in a row's place is not taken for its own", async (t) => {
  const store = await keptStore();
  const want = readAll(store);
  const db = openDatabase(join(store, "postings.db"), { check: false });
  const [one, other] = db.prepare<[], string>("SELECT key FROM postings ORDER BY key").pluck().all();
  db.exec(`CREATE TEMP TABLE taken AS SELECT * FROM postings WHERE key = '${other}'`);
  db.exec(`UPDATE postings SET (version, state, checksum, body) = (SELECT version, state, checksum, body FROM taken)
           WHERE key = '${one}'`);
  db.close();
  t.same(readAll(store), want);
});

t.test("postings kept by the version before, without a checksum, are read anew", async (t) => {
  const store = await keptStore();
  const want = readAll(store);
  const file = join(store, "postings.db");
  const now = openDatabase(file, { check: false });
  const rows = now
    .prepare<[], { key: string; version: number; state: string; body: Buffer }>(
      "SELECT key, version, state, body FROM postings",
    )
    .all();
  now.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(file + end, { force: true });
  const before = t.testdir({});
  for (const name of ["001-postings.sql", "002-by-version.sql"])
    copyFileSync(new URL(`../migrations/postings/${name}`, import.meta.url), join(before, name));
  const old = openDatabase(file, { migrations: pathToFileURL(`${before}/`) });
  for (const { key, version, state, body } of rows) {
    const flipped = Buffer.from(body);
    flipped[flipped.length - 9]! ^= 1; // what that version could not see
    old
      .prepare("INSERT INTO postings (key, version, state, body) VALUES (?, CAST(? AS INTEGER), ?, ?)")
      .run(key, version, state, flipped);
  }
  old.close();
  t.same(readAll(store), want);
});
