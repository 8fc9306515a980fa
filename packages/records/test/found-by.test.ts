/** The number by which the practice's own system finds a person, and people whom the extract marks as confidential. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { type Load, NOTHING_WRITTEN, openRecords, type PatientFacts, type Records } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import { keysIn } from "@cairn/tables";

const dir = mkdtempSync(join(tmpdir(), "cairn-found-by-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
let made = 0;
const newStore = (): string => join(dir, `store-${++made}`);

const facts = (more: Partial<PatientFacts> = {}): PatientFacts => ({
  sex: "female",
  birthDay: 0,
  birthPrecision: "day",
  deathDay: null,
  deprivationFifth: 0,
  ethnicGroup: "unknown",
  ...more,
});

function inStore<T>(store: string, work: (records: Records) => T): T {
  const records = openRecords(store);
  try {
    return work(records);
  } finally {
    records.close();
  }
}

function loaded(store: string, give: (load: Load) => void): void {
  inStore(store, (records) => {
    const load = records.beginLoad(null);
    give(load);
    load.settle();
    load.writeEvents(() => undefined);
    const quality = load.quality({ today: 20_000, codelists: [] }, NOTHING_WRITTEN);
    load.commit({
      at: "2025-01-01T00:00:00Z",
      format: "emis",
      source: "",
      digest: String(++made),
      coversTo: null,
      basis: "registrations",
      report: { quality },
    });
  });
}

/** Puts people into a store: their identifier, and what else is said of them. */
const put = (store: string, people: Readonly<Record<string, Partial<PatientFacts>>>): void =>
  loaded(store, (load) => {
    for (const [id, more] of Object.entries(people)) load.people.put(id, facts(more));
  });

/** Those left out, by identifier, as each engine reads them. */
function leftOutOf(store: string): string[] {
  return inStore(store, (records) => {
    const { leftOut, held } = records.source().people();
    const keys = keysIn(leftOut!);
    const everyone = [...held!.keys()].filter((key) => held![key] === 1).map((key) => records.person(key));
    const one = everyone.filter((person) => person.leftOut === true);
    const names = keys.map((key) => records.person(key).id);
    t.same(
      one.map(({ id }) => id),
      names,
      "read one by one, and in columns",
    );
    return names;
  });
}
const list = (store: string, ...names: string[]): number =>
  inStore(store, (records) => records.replaceLeftOut(names, () => "aa"));

t.test("a person is found by the number that was told last, else by the identifier", (t) => {
  const store = newStore();
  const found = (): string[] => inStore(store, (records) => [records.foundBy(1), records.foundBy(2)]);
  put(store, { A: { number: "41" }, B: {} });
  t.same(found(), ["41", "B"]);
  const version = inStore(store, (records) => records.version());
  put(store, { A: { number: "42" }, B: { number: "43" } });
  t.same(found(), ["42", "43"]);
  t.equal(
    inStore(store, (records) => records.version()),
    version + 1,
  );
  put(store, { A: { number: null } });
  t.same(found(), ["A", "43"]);
  t.end();
});

t.test("a list takes numbers and identifiers, and holds when a number changes or is another's", (t) => {
  const store = newStore();
  put(store, { A: { number: "41" }, B: { number: "42" }, C: { number: "43" } });
  t.same(
    inStore(store, (records) => records.unknownOf(["41", "B", "44"])),
    ["44"],
  );
  t.equal(list(store, "41", "B", "A", "44"), 0);
  t.same(leftOutOf(store), ["A", "B"]);
  t.same(
    inStore(store, (records) => records.countLeftOut()),
    { identifiers: 3, patients: 2 },
  );
  put(store, { A: { number: "45" }, C: { number: "41" } });
  t.same(leftOutOf(store), ["A", "B"], "the person stays on it, and who has the number now is not on it");
  put(store, { D: { number: "44" } });
  t.same(leftOutOf(store), ["A", "B", "D"], "the number that waited for its person");
  put(store, { D: { number: "46" } });
  t.same(leftOutOf(store), ["A", "B", "D"]);
  t.equal(list(store, "A", "46", "47"), 1, "B alone is taken off");
  t.equal(list(store, "45", "D", "47"), 0, "the same people, named otherwise");
  t.end();
});

t.test("who is merged with another is left out with them, by number or by mark", (t) => {
  const store = newStore();
  put(store, { A: { number: "41" }, B: {} });
  list(store, "42");
  loaded(store, (load) => {
    load.people.put("C", facts({ number: "42" }));
    load.people.merge("C", "A");
  });
  t.same(leftOutOf(store), ["A"]);
  t.equal(
    inStore(store, (records) => records.foundBy(1)),
    "41",
  );
  loaded(store, (load) => {
    load.people.put("D", facts({ confidential: true }));
    load.people.merge("D", "B");
  });
  t.same(leftOutOf(store), ["A", "B"]);
  t.end();
});

t.test("who leaves and comes back in one load is on the list once, by their identifier", (t) => {
  const store = newStore();
  put(store, { A: { number: "41" } });
  list(store, "42");
  loaded(store, (load) => {
    load.leave("A");
    load.people.put("A", facts({ number: "42" }));
  });
  t.same(
    inStore(store, (records) => records.countLeftOut()),
    { identifiers: 1, patients: 1 },
  );
  t.end();
});

t.test("whom the extract marks as confidential is left out until it does so no more", (t) => {
  const store = newStore();
  put(store, { A: { confidential: true }, B: {} });
  t.same(leftOutOf(store), ["A"]);
  loaded(store, (load) => load.people.put("A", load.people.known("A")));
  t.same(leftOutOf(store), ["A"], "what is known is kept");
  list(store, "B");
  list(store);
  t.same(leftOutOf(store), ["A"], "whatever the practice's own list says");
  put(store, { A: {} });
  t.same(leftOutOf(store), []);
  t.end();
});

t.test("a store of before has people without numbers and marks, and takes them from the next load", (t) => {
  const store = newStore();
  const [all, before] = [new URL("../migrations/records/", import.meta.url), t.testdir({})];
  for (const name of readdirSync(all).filter((each) => each < "007"))
    copyFileSync(new URL(name, all), join(before, name));
  mkdirSync(store);
  const old = openDatabase(join(store, "records.db"), { migrations: pathToFileURL(`${before}/`) });
  old.exec(`
    INSERT INTO patient VALUES (1, 'A', 'female', 0, 'day', NULL, 0, 'unknown'), (2, 'B', 'female', 0, 'day', NULL, 0, 'unknown');
    INSERT INTO left_out VALUES ('B');
    UPDATE store SET version = 1, basis = 'registrations'`);
  old.close();
  t.equal(
    inStore(store, (records) => records.foundBy(1)),
    "A",
  );
  t.same(leftOutOf(store), ["B"]);
  put(store, { A: { number: "41", confidential: true } });
  t.equal(
    inStore(store, (records) => records.foundBy(1)),
    "41",
  );
  t.same(leftOutOf(store), ["A", "B"]);
  t.end();
});
