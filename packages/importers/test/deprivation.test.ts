/** Deprivation fifths by postcode: from any office's table, and no postcode in the store or the report. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { ImportRequest } from "@cairn/importers";
import { openDatabase } from "@cairn/sqlite";
import { extract, file, load, newStore, refusal } from "./fixtures/extracts.js";

const PEOPLE = {
  a: "ZY1 1AA",
  b: "zy11ab",
  c: "ZY1 2AA",
  d: "ZY9 9ZZ", // in no table
};
const patients = (postcodes: Readonly<Record<string, string>>): string =>
  `Id,BIRTHDATE,DEATHDATE,GENDER,RACE,ZIP\n${Object.entries(postcodes)
    .map(([id, postcode]) => `${id},1950-02-03,,F,white,${postcode}\n`)
    .join("")}`;
const conditions = "START,PATIENT,CODE\n2024-02-03,a,44054006\n";
const synthea = (postcodes: Readonly<Record<string, string>> = PEOPLE): string =>
  extract({ "patients.csv": patients(postcodes), "conditions.csv": conditions });

const TABLE = "postcode,IMD Decile\nZY1 1AA,1\nZY1 1AB,4\nZY1 2AA,10\n";
type Said = Partial<NonNullable<ImportRequest["deprivation"]>>;

/** What an import with these tables says. */
async function taken(
  store: string,
  path: string,
  tables: readonly string[],
  said: Said = {},
  more: Partial<ImportRequest> = {},
): Promise<Awaited<ReturnType<typeof load>>> {
  const files = tables.map((table, i) => file(`table${i}.csv`, table));
  const deprivation = tables.length === 0 ? undefined : { files, ...said };
  return load(store, path, { format: "synthea-csv", registeredFrom: "birth", deprivation, ...more });
}

function fifths(store: string): Record<string, number> {
  const db = openDatabase(join(store, "records.db"), { readonly: true });
  const rows = db
    .prepare<[], [string, number]>("SELECT practice_id, deprivation_fifth FROM patient")
    .raw()
    .all();
  db.close();
  return Object.fromEntries(rows);
}

async function fifthsBy(tables: readonly string[], said?: Said): Promise<Record<string, number>> {
  const store = newStore();
  await taken(store, synthea(), tables, said);
  return fifths(store);
}

/** A nation's ranks from 1 to 20, the people's among them. */
const ranks = (column: string, [a, b, c]: readonly number[], area = "E0"): string =>
  Array.from({ length: 20 }, (_, i) => {
    const rank = i + 1;
    const postcode = rank === a ? "ZY11AA" : rank === b ? "ZY11AB" : rank === c ? "ZY12AA" : `XX${rank} 1AA`;
    return `${postcode},${area}${rank},${rank}\n`;
  }).reduce((text, line) => text + line, `pcds,lsoa21,${column}\n`);

t.test("a fifth comes from a decile, a fifth or a rank, and 1 is the most deprived", async (t) => {
  t.same(await fifthsBy([TABLE]), { a: 1, b: 2, c: 5, d: 0 });
  t.same(
    await fifthsBy([
      "Postcode,SIMD2020v2_Quintile,SIMD2020v2_Income_Domain_Quintile\nZY1 1AA,1,9\nZY1 1AB,2,9\nZY1 2AA,5,9\n",
    ]),
    { a: 1, b: 2, c: 5, d: 0 },
    "of the whole index, not of a part of it",
  );
  t.same(await fifthsBy([ranks("imd", [4, 5, 20])]), { a: 1, b: 2, c: 5, d: 0 }, "4 of 20 is a fifth");
  const both = ranks("imd", [4, 5, 20]).replace("ZY12AA,E020,20", "ZY12AA,W01,1");
  t.same(await fifthsBy([both]), { a: 2, b: 2, c: 5, d: 0 }, "each nation has ranks of its own");
});

t.test("columns go by their names in any order, or are said", async (t) => {
  const odd = "imd_decile_2019,where,income_decile,other\n1,ZY1 1AA,9,\n4,ZY1 1AB,9,\n10,ZY1 2AA,9,\n";
  t.same(await fifthsBy([odd], { postcodeColumn: "WHERE" }), { a: 1, b: 2, c: 5, d: 0 });
  const two = "postcode,decile_a,decile_b\nZY1 1AA,1,10\nZY1 1AB,4,10\nZY1 2AA,10,10\n";
  const refused = await refusal(taken(newStore(), synthea(), [two]));
  t.match(refused.message, /2 columns that could be the decile; say which with --deprivation-column/);
  t.same(await fifthsBy([two], { column: "decile_a" }), { a: 1, b: 2, c: 5, d: 0 });
});

t.test("postcodes with areas and areas with deciles are two tables", async (t) => {
  const places =
    "pcds,lsoa11cd,lsoa21cd\nZY1 1AA,E01000001,E01000001\nZY1 1AB,E01000002,E01990002\nZY1 2AA,E01000003,E01000003\n";
  const areas =
    "LSOA code (2021),LSOA name (2021),Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)\nE01000001,One,1\nE01990002,Two,4\nE01000003,Three,10\n";
  t.same(await fifthsBy([places, areas]), { a: 1, b: 2, c: 5, d: 0 });
  t.same(await fifthsBy([areas, places]), { a: 1, b: 2, c: 5, d: 0 }, "in either order");
  const alone = await refusal(taken(newStore(), synthea(), [areas]));
  t.match(alone.message, /give one table with a column of postcodes .* or two/);
});

t.test("a table that would tell something else is refused", async (t) => {
  const why = async (table: string): Promise<string> =>
    (await refusal(taken(newStore(), synthea(), [table]))).message;
  t.match(await why("postcode,quintile (1 = least deprived)\nZY1 1AA,1\n"), /counts from the least deprived/);
  for (const reversed of [
    "IMD quintile (5 = most deprived)",
    "quintile_5_most_deprived",
    "Quintile5MostDeprived",
    "least_deprived_quintile",
    "IMD decile where 10 is most deprived",
    "IMD decile where 10 is the most deprived",
    "imd_rank (32844 = most deprived)",
    "quintile_1_least_deprived",
    "quintile (least deprived = 1; most deprived = 5)",
  ])
    t.match(await why(`postcode,${reversed}\nZY1 1AA,1\n`), /counts from the least deprived/, reversed);
  for (const right of [
    "IMD quintile (1 = most deprived; 5 = least deprived)",
    "quintile_5_least_deprived",
    "IMD decile (10 is the least deprived)",
    "decile (most deprived = 1 to least deprived = 10)",
    "most_deprived_quintile_2019",
  ])
    t.equal((await fifthsBy([`postcode,${right}\nZY1 1AA,1\n`])).a, 1, right);
  t.match(await why("postcode,imd_rank\nZY1 1AA,5\nZY1 1AB,32844\n"), /has 2 of the 32844 ranks/);
  t.match(await why("postcode,decile\nZY1 1AA,eleven\nZY1 1AB,11\n"), /2 of its 2 rows have no postcode/);
  t.match(await why("name,value\nx,1\n"), /give one table with a column of postcodes/);
});

t.test("a postcode with two fifths tells nothing, one given twice the same", async (t) => {
  const table = "postcode,decile\nZY1 1AA,1\nZY11AA,9\nZY1 1AB,4\nZY11AB,4\nZY1 2AA,10\n";
  t.same(await fifthsBy([table]), { a: 0, b: 2, c: 5, d: 0 });
});

t.test("the fifth follows the table and the postcode, and stays where no table is given", async (t) => {
  const store = newStore();
  const path = synthea();
  const first = await taken(store, path, [TABLE]);
  t.match(first.notes, ["--deprivation: 3 of 4 people whose address was read got a deprivation fifth"]);
  t.equal(first.quality.people.deprivation_unknown, 1);
  t.equal((await taken(store, path, [TABLE])).known, true, "the same again");
  await taken(store, path, [TABLE.replace("AA,1", "AA,7")]);
  t.same(fifths(store), { a: 4, b: 2, c: 5, d: 0 }, "another table is another extract");
  await taken(store, synthea({ ...PEOPLE, e: "ZY1 1AA" }), []);
  t.same(fifths(store), { a: 4, b: 2, c: 5, d: 0, e: 0 });
  await taken(store, synthea({ ...PEOPLE, c: "" }), [TABLE]);
  t.same(fifths(store), { a: 1, b: 2, c: 0, d: 0, e: 0 });
  const whole = { whole: true, yes: true };
  const { b: _gone, ...others } = PEOPLE;
  await taken(store, synthea(others), [], {}, whole);
  t.same(fifths(store), { a: 1, c: 0, d: 0 }, "so it does after a whole extract");
  await taken(store, synthea(PEOPLE), [], {}, whole);
  t.same(fifths(store), { a: 1, b: 0, c: 0, d: 0 }, "but not of who was gone");
  await taken(store, synthea({ ...PEOPLE, a: "" }), [TABLE], {}, whole);
  t.same(fifths(store), { a: 0, b: 2, c: 5, d: 0 });
});

t.test("EMIS Web: a fifth stays after a whole extract without a table", async (t) => {
  const bulk = (day: string, row: number, postcode: string): string =>
    extract({
      [`7_Admin_Patient_${day}021500_1F.csv`]: `PatientGuid,OrganisationGuid,Sex,DateOfBirth,DateOfDeath,DateOfRegistration,DateofDeactivation,PatientTypeDescription,DummyType,Postcode,SpineSensitive,IsConfidential,Deleted,ProcessingId\n{A},{O},F,1950-02-03,,2001-01-01,,Regular,false,${postcode},false,false,false,${row}\n`,
    });
  const [store, emis] = [newStore(), { format: "emis", registeredFrom: null }];
  await taken(store, bulk("20240601", 1, "ZY1 1AB"), [TABLE], {}, emis);
  const before = fifths(store);
  t.same(Object.values(before), [2]);
  await taken(store, bulk("20240602", 2, "ZY1 1AB"), [], {}, { ...emis, whole: true });
  t.same(fifths(store), before);
});

t.test("FHIR: the home that a person has now counts", async (t) => {
  const address = [
    { use: "home", postalCode: "ZY1 2AA", period: { end: "2020-01-01" } },
    { use: "temp", postalCode: "ZY1 1AB" },
    { use: "home", postalCode: "ZY1 1AA" },
  ];
  const patient = { resourceType: "Patient", id: "a", gender: "female", birthDate: "1950-01-01", address };
  const store = newStore();
  const deprivation = { files: [file("table.csv", TABLE)] };
  const path = extract({ "all.ndjson": `${JSON.stringify(patient)}\n` });
  await load(store, path, { format: "fhir", registeredFrom: "birth", deprivation });
  t.same(fifths(store), { a: 1 });
  await load(store, path, { format: "fhir", registeredFrom: "birth", whole: true });
  t.same(fifths(store), { a: 1 }, "a whole extract without a table says nothing of it");
});

t.test("a format without postcodes says so", async (t) => {
  const path = extract({
    "patients.csv": "patient_id,sex\na,female\n",
    "registrations.csv": "patient_id,start\na,2001-01-01\n",
  });
  const { notes } = await load(newStore(), path, { deprivation: { files: [file("table.csv", TABLE)] } });
  t.match(notes.join(), /gives nobody's postcode, so --deprivation changed nothing/);
});

t.test("no postcode is in the store, its files or the report", async (t) => {
  const store = newStore();
  const report = await taken(store, synthea(), [TABLE]);
  const kept = readdirSync(store).map((name) => readFileSync(join(store, name), "latin1"));
  for (const text of [...kept, JSON.stringify(report)]) {
    t.notMatch(text, /ZY1 ?1A[AB]|ZY1 ?2AA|ZY9 ?9ZZ/i);
    t.ok(text.length > 0);
  }
});
