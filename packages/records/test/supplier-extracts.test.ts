/** What suppliers' extracts need of a load: a code beside the one recorded, ethnic groups by events, rows kept by their ids. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { NOTHING_WRITTEN, openRecords, rowId, type GivenMap, type Load } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";

const dir = mkdtempSync(join(tmpdir(), "cairn-supplier-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
let made = 0;
const newStore = (): string => join(dir, `store-${++made}`);

const FACTS = {
  sex: "female",
  birthDay: 0,
  birthPrecision: "day",
  deathDay: null,
  deprivationFifth: 0,
  ethnicGroup: "unknown",
} as const;

function loaded(store: string, give: (load: Load) => void, map: GivenMap | null = null, whole = false): void {
  const records = openRecords(store);
  const load = records.beginLoad(map, whole);
  give(load);
  load.settle();
  if (load.mapIsNew) load.recode();
  load.writeEvents(() => undefined);
  load.setEthnicGroups([
    { system: "ctv3", code: "9S1..", group: "white" },
    { system: "snomed", code: "92571000000102", group: "white" },
    { system: "snomed", code: "92541000000100", group: "asian" },
  ]);
  const quality = load.quality({ today: 20_000, codelists: [] }, NOTHING_WRITTEN);
  load.commit({
    at: "2025-01-01T00:00:00Z",
    format: "systmone",
    source: "",
    digest: String(++made),
    coversTo: null,
    basis: "registrations",
    report: { quality },
  });
  records.close();
}

function rows(store: string, sql: string): unknown[] {
  const db = openDatabase(join(store, "records.db"), { readonly: true });
  try {
    return db.prepare<[], unknown>(sql).raw().all();
  } finally {
    db.close();
  }
}

const EVENTS = `SELECT c.code, r.code, o.state FROM event AS e JOIN code AS c ON c.key = e.code
  LEFT JOIN origin AS o ON o.key = e.origin LEFT JOIN code AS r ON r.key = o.code ORDER BY e.day`;

function put(
  load: Load,
  person: string,
  day: number,
  coding: { code: number; origin: number },
  row = 0,
): void {
  if (load.people.keyOf(person) === 0) load.people.put(person, FACTS);
  load.event(load.people.keyOf(person), day, coding.code, coding.origin, NaN, 0, NaN, 0, row, false);
}

t.test("a code that the extract gives beside the recorded one stays, whatever a code map says", async (t) => {
  const store = newStore();
  loaded(store, (load) => {
    put(load, "a", 1, load.codes.codingBeside("snomed", "44054006", "ctv3", "C10F."));
    put(load, "a", 2, load.codes.coding("ctv3", "C10F."));
  });
  const given = ["44054006", "C10F.", "mapped"];
  t.same(rows(store, EVENTS), [given, ["C10F.", "C10F.", "unmapped"]]);
  loaded(store, () => undefined, [{ system: "ctv3", code: "C10F.", to: "73211009" }]);
  t.same(rows(store, EVENTS), [given, ["73211009", "C10F.", "mapped"]]);
});

t.test(
  "a person's ethnic group is that of their newest event, and of none where it is deleted",
  async (t) => {
    const store = newStore();
    const groups = (): unknown[] => rows(store, "SELECT practice_id, ethnic_group FROM patient ORDER BY 1");
    loaded(store, (load) => {
      put(load, "a", 10, load.codes.coding("snomed", "92541000000100"), 1);
      put(load, "a", 20, load.codes.coding("ctv3", "9S1.."), 2);
      put(load, "b", 10, load.codes.coding("snomed", "44054006"), 3);
    });
    t.same(groups(), [["a", "white"], ["b", "unknown"]]); // prettier-ignore
    loaded(store, (load) => load.removeRow(2, "deleted"));
    t.same(groups(), [["a", "asian"], ["b", "unknown"]]); // prettier-ignore
    loaded(store, (load) => load.removeRow(1, "deleted"));
    t.same(groups(), [["a", "unknown"], ["b", "unknown"]]); // prettier-ignore
  },
);

t.test(
  "kept rows are found by their ids, and go with their person and with a load that is all there is",
  async (t) => {
    const store = newStore();
    const row = rowId("900");
    loaded(store, (load) => {
      for (const person of ["a", "b"]) load.people.put(person, FACTS);
      const [a, b] = [load.people.keyOf("a"), load.people.keyOf("b")];
      load.keptRows.put("address", { row, patient: a, day: 5, value: 2 });
      t.equal(load.keptRows.find("address", row)?.patient, a);
      load.keptRows.put("address", { row: 7, patient: b, day: 5, value: 3 });
      load.keptRows.put("address", { row, patient: b, day: 6, value: 2 });
      t.same(
        load.keptRows.of(b, "address").map((kept) => kept.day),
        [5, 6],
      );
      t.same(load.keptRows.of(b, "registration"), []);
    });
    loaded(store, (load) => {
      t.equal(load.keptRows.remove("address", 7), load.people.keyOf("b"));
      t.equal(load.keptRows.remove("address", 7), null);
    });
    const all = "SELECT row FROM kept_row";
    t.same(rows(store, all), [[row]]);
    loaded(store, (load) => load.people.remove("b"));
    t.same(rows(store, all), []);
    loaded(store, (load) => {
      load.people.put("c", FACTS);
      load.keptRows.put("registration", { row, patient: load.people.keyOf("c"), day: 5, value: null });
    });
    loaded(store, (load) => void load.people.put("c", FACTS), null, true);
    t.same(rows(store, all), []);
  },
);
