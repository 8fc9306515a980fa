/** EMIS Web's extract: versions 5.4 and 8.2, what its rows mean, nights in any order, and files that are not as they should be. */
import { gzipSync } from "node:zlib";
import t from "tap";
import { ImportError, type ImportReport, type ImportRequest } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import { has } from "@cairn/tables";
import { EMIS_COLUMNS } from "../../synthetic/src/formats/emis-columns.js";
import { eventsIn, everything, extract, listedIn, load, newStore, refusal } from "./fixtures/extracts.js";

t.setTimeout(300_000);

type Fields = Readonly<Record<string, string | number>>;
type Table = keyof typeof EMIS_COLUMNS;
type Tables = Readonly<Partial<Record<Table, readonly Fields[]>>>;

/** The tables of version 5.4 where they differ from 8.2. */
const OLD: Readonly<Partial<Record<Table, string>>> = {
  Admin_Patient: "PatientGuid OrganisationGuid UsualGpUserInRoleGuid Sex DateOfBirth DateOfDeath Title GivenName MiddleNames Surname DateOfRegistration NhsNumber PatientNumber PatientTypeDescription DummyType HouseNameFlatNumber NumberAndStreet Village Town County Postcode ResidentialInstituteCode NHSNumberStatus CarerName CarerRelation PersonGuid DateOfDeactivation Deleted SpineSensitive IsConfidential EmailAddress HomePhone MobilePhone ExternalUsualGPGuid ExternalUsualGP ExternalUsualGPOrganisation ProcessingId",
  CareRecord_Consultation: "ConsultationGuid PatientGuid OrganisationGuid EffectiveDate EffectiveDatePrecision EnteredDate EnteredTime ClinicianUserInRoleGuid EnteredByUserInRoleGuid AppointmentSlotGuid ConsultationSourceTerm ConsultationSourceCodeId Complete Deleted IsConfidential ProcessingId",
  CareRecord_Observation: "ObservationGuid PatientGuid OrganisationGuid EffectiveDate EffectiveDatePrecision EnteredDate EnteredTime ClinicianUserInRoleGuid EnteredByUserInRoleGuid ParentObservationGuid CodeId ProblemGuid AssociatedText ConsultationGuid Value NumericUnit ObservationType NumericRangeLow NumericRangeHigh DocumentGuid Deleted IsConfidential ProcessingId",
  Prescribing_IssueRecord: "IssueRecordGuid PatientGuid OrganisationGuid DrugRecordGuid EffectiveDate EffectiveDatePrecision EnteredDate EnteredTime ClinicianUserInRoleGuid EnteredByUserInRoleGuid CodeId Dosage Quantity QuantityUnit ProblemObservationGuid CourseDurationInDays EstimatedNhsCost IsConfidential Deleted ProcessingId",
  Coding_ClinicalCode: "CodeId Term ReadTermId SnomedCTConceptId SnomedCTDescriptionId NationalCode NationalCodeCategory NationalDescription EmisCodeCategoryDescription ProcessingId ParentCodeId",
  Coding_DrugCode: "CodeId Term DmdProductCodeId ProcessingId",
}; // prettier-ignore

const ORG = "{9E3E1544-BCB1-44A2-B266-8F4961A3B4CB}";
const OTHER = "{1D2C3B4A-0000-44A2-B266-000000000001}";
const [ANN, BOB] = ["{D77C65E1-E100-4272-9386-F4FC383D8701}", "{D77C65E1-E100-4272-9386-F4FC383D8702}"]; // prettier-ignore
const row = (number: number): string => `{2E3B7F41-BEC8-4466-BFEC-${String(number).padStart(12, "0")}}`;

let order = 0;
const patient = (PatientGuid: string, more: Fields = {}): Fields => ({
  PatientGuid,
  OrganisationGuid: ORG,
  Sex: "F",
  DateOfBirth: "1950-02-01",
  DateOfRegistration: "2000-01-01",
  PatientTypeDescription: "Regular",
  DummyType: "FALSE",
  Deleted: "false",
  Surname: 'O"Neill, the\r\nelder',
  ProcessingId: ++order,
  ...more,
});
const observation = (number: number, CodeId: string, more: Fields = {}): Fields => ({
  ObservationGuid: row(number),
  PatientGuid: ANN,
  OrganisationGuid: ORG,
  EffectiveDate: "2024-03-05",
  EffectiveDatePrecision: "YMD",
  CodeId,
  ObservationType: "Observation",
  Deleted: "False",
  ProcessingId: ++order,
  ...more,
});
const issue = (number: number, more: Fields = {}): Fields => ({
  ...observation(number, "1026041000033110"),
  IssueRecordGuid: row(number),
  Quantity: "28",
  ...more,
});

const DIABETES = "284596015000006117"; // eighteen digits
const SYSTOLIC = "254063019";
const NO_SNOMED = "1777541000006110";
const OWN = "1777541000006129";
const PHONE = "285221000000111";
const CODES: readonly Fields[] = [
  { CodeId: DIABETES, Term: 'Type 2 "diabetes"', ReadTermId: "C10F", SnomedCTConceptId: "44054006" },
  { CodeId: SYSTOLIC, ReadTermId: "2469", SnomedCTConceptId: "271649006" },
  { CodeId: NO_SNOMED, ReadTermId: "G20-1", SnomedCTConceptId: "" },
  { CodeId: OWN, ReadTermId: "EMISNQAC724", SnomedCTConceptId: "" },
  { CodeId: PHONE, ReadTermId: "9159", SnomedCTConceptId: "184103008" },
];
const DRUGS: readonly Fields[] = [
  { CodeId: "1026041000033110", Term: "Oxprenolol", DmdProductCodeId: "318507003" },
  { CodeId: "1026041000033111", Term: "A dressing", DmdProductCodeId: "" },
];
const coding = { Coding_ClinicalCode: CODES, Coding_DrugCode: DRUGS };

interface Written {
  readonly taken?: string;
  readonly columns?: (columns: string[], table: Table) => string[];
  readonly version?: "5.4" | "8.2";
}

function files(tables: Tables, { taken = "20250401021500", columns = (all) => all, version = "8.2" }: Written = {}): Record<string, string> {
  const named = Object.entries(tables).map(([table, rows]) => {
    const name = table as Table;
    const layout = (version === "5.4" ? OLD[name] : undefined) ?? EMIS_COLUMNS[name];
    const header = columns(layout.split(" "), name);
    const lines = rows.map((fields) => {
      const byName = new Map(Object.entries({ OrganisationGuid: ORG, ...fields }).map(([key, value]) => [key.toLowerCase(), value]));
      return header.map((column) => `"${String(byName.get(column.toLowerCase()) ?? "").replaceAll('"', '""')}"`).join(",");
    });
    return [`291_${table}_${taken}_5E74EFAE.csv`, `${[header.map((column) => `"${column}"`).join(","), ...lines].join("\r\n")}\r\n`];
  });
  return Object.fromEntries(named) as Record<string, string>;
} // prettier-ignore

const given = (tables: Tables, written?: Written): string => extract(files(tables, written));
const emis = (store: string, path: string, more: Partial<ImportRequest> = {}): Promise<ImportReport> =>
  load(store, path, { format: "emis", ...more });
const reasonsOf = ({ reasons }: ImportReport): Record<string, number> =>
  Object.fromEntries(reasons.map(({ reason, count }) => [reason, count]));

/** The events of a store without their patients. */
const told = (store: string): string[] => eventsIn(store).map((event) => event.slice(event.indexOf(" ") + 1));

const WHOLE: Tables = {
  Admin_Patient: [patient(ANN), patient(BOB, { Sex: "M" })],
  CareRecord_Observation: [
    observation(1, DIABETES),
    observation(2, SYSTOLIC, { Value: "141.5", NumericUnit: "mmHg", ObservationType: "Value", ParentObservationGuid: row(9) }),
    observation(3, NO_SNOMED, { EffectiveDatePrecision: "YM", EffectiveDate: "2019-04-17" }),
    observation(4, OWN, { EffectiveDatePrecision: "Y", EffectiveDate: "2018-01-01" }),
  ],
  CareRecord_Consultation: [{ ...observation(5, ""), ConsultationGuid: row(5), ConsultationSourceCodeId: OWN, EffectiveDate: "2024-03-06" }],
  Prescribing_IssueRecord: [issue(6), issue(7, { CodeId: "1026041000033111", EffectiveDatePrecision: "YMDT" })],
  ...coding,
}; // prettier-ignore
const WHOLE_TOLD = [
  "2018-07-01 local EMISNQAC724",
  "2019-04-01 read2 G20.. was read2 G20.. unmapped",
  "2024-03-05 dmd 318507003",
  "2024-03-05 local 1026041000033111",
  "2024-03-05 snomed 271649006 141.5 mmHg was read2 2469. mapped",
  "2024-03-05 snomed 44054006 was read2 C10F. mapped",
  "2024-03-06 local EMISNQAC724",
];

t.test("both versions of the layout, in any order of columns", async (t) => {
  for (const version of ["5.4", "8.2"] as const) {
    for (const columns of [(all: string[]) => all, (all: string[]) => [...all].reverse()]) {
      const store = newStore();
      const report = await emis(store, given(WHOLE, { version, columns }));
      t.same(told(store), WHOLE_TOLD, version);
      t.equal(report.covers_to, "2025-03-31", "complete to the day before it was taken from the system");
      t.same(report.reasons, []);
      t.notMatch(report.notes.join(), /column/, "every column of the version is known");
      t.match(report.notes.join(), /no Admin_PatientHistory: of each person only the present registration/);
      t.equal(listedIn(store).filter((event) => event.includes(" x28")).length, 2);
    }
  }
});

t.test("an unknown column is named once, and a missing one that is needed is one clear error", async (t) => {
  const columns = (all: string[], table: string): string[] => table === "CareRecord_Observation" ? [...all, "Colour"] : all; // prettier-ignore
  const more = files({ CareRecord_Observation: [observation(8, DIABETES)] }, { taken: "20250402021500", columns }); // prettier-ignore
  const report = await emis(newStore(), extract({ ...files(WHOLE, { columns }), ...more }));
  t.equal(report.notes.filter((note) => note.includes("colour")).length, 1, report.notes.join("\n"));
  for (const [table, column] of [["Admin_Patient", "DummyType"], ["CareRecord_Observation", "ProcessingId"], ["Prescribing_IssueRecord", "Quantity"]] as const) {
    const store = newStore();
    const without = (all: string[], of: string): string[] => of === table ? all.filter((each) => each !== column) : all;
    const error = await refusal(emis(store, given(WHOLE, { columns: without })));
    t.match(error.message, new RegExp(`${table}.*lacks the column ${column.toLowerCase()}`));
    t.notOk(error.message.includes("\n"));
  } // prettier-ignore
});

t.test("what is not of the person, or of nobody here, is left out and counted by reason", async (t) => {
  const store = newStore();
  const dummy = row(77);
  const path = given({
    ...WHOLE,
    Admin_Patient: [...WHOLE.Admin_Patient!, patient(dummy, { DummyType: "TRUE" }), patient(row(78), { Deleted: "true" }), patient(row(79), { Sex: "?", PatientTypeDescription: "Temporary" })],
    CareRecord_Observation: [
      ...WHOLE.CareRecord_Observation!,
      observation(20, DIABETES, { ObservationType: "Family History" }),
      observation(21, DIABETES, { ObservationType: "test request" }),
      observation(22, DIABETES, { ObservationType: "Annotation" }),
      observation(23, PHONE),
      observation(24, DIABETES, { EffectiveDatePrecision: "U", EffectiveDate: "" }),
      observation(25, DIABETES, { PatientGuid: dummy }),
      observation(26, DIABETES, { PatientGuid: row(99) }),
      observation(27, DIABETES, { EffectiveDate: "2999-01-01" }),
      observation(28, DIABETES, { EffectiveDate: "1800-01-01" }),
      observation(29, DIABETES, { EffectiveDatePrecision: "M" }),
      observation(30, SYSTOLIC, { Value: "high" }),
      observation(31, SYSTOLIC, { Value: ">200" }),
      observation(32, DIABETES, { ProcessingId: "12a" }),
      observation(33, "999999999999999999"),
    ],
  });
  const report = await emis(store, path);
  t.same(reasonsOf(report), {
    "CareRecord_Observation: ObservationType is family history, a test request, an annotation or a document": 3,
    "CareRecord_Observation: its code is one for names, addresses or numbers of people, which are not kept": 1,
    "CareRecord_Observation: it has no date, so no question could see it": 1,
    "CareRecord_Observation: it is of a test patient": 1,
    "CareRecord_Observation: it points at no patient of these records": 1,
    "CareRecord_Observation: EffectiveDate is not a date from 1800 to 2199 written YYYY-MM-DD": 1,
    "CareRecord_Observation: EffectiveDatePrecision is none of U, Y, YM, YMD, YMDT": 1,
    "CareRecord_Observation: Value is not a number": 1,
    "CareRecord_Observation: ProcessingId is not a whole number from 0 on": 1,
    "Admin_Patient: DummyType is true: a test patient": 1,
    "Admin_Patient: it is marked deleted and is not here": 1,
    "registration: PatientTypeDescription is not Regular: the person is not registered for all care": 1,
  });
  t.same(report.rows.CareRecord_Observation, { taken: 7, skipped: 11 }, "the counts add up to the rows");
  t.same(report.rows.Admin_Patient, { taken: 3, skipped: 2 });
  t.equal(report.registrations, 2, "who is not registered for all care has no registration");
  t.equal(report.patients, 3);
  const events = told(store);
  t.ok(events.includes("1800-01-01 snomed 44054006 was read2 C10F. mapped"));
  t.ok(events.includes("2024-03-05 local emis-clinical-999999999999999999"), "a code of nobody is a local one, and said");
  t.match(report.notes.join(), /1 codes that events use are named neither/);
  const said = JSON.stringify(report);
  for (const word of ["Neill", "184103008", "D77C65E1"]) t.notOk(said.includes(word), word);
}); // prettier-ignore

t.test("rows count in the order of ProcessingId, wherever they stand and however often", async (t) => {
  const corrected = [
    observation(1, SYSTOLIC, { Value: "150", ProcessingId: 5000 }),
    observation(1, SYSTOLIC, { Value: "160", ProcessingId: 7000, PatientGuid: BOB }),
    observation(1, SYSTOLIC, { Value: "155", ProcessingId: 6000 }),
    observation(2, SYSTOLIC, { ProcessingId: 9000, Deleted: "true", PatientGuid: "", CodeId: "" }),
    observation(2, SYSTOLIC, { Value: "1", ProcessingId: 8000 }),
    observation(3, SYSTOLIC, { ProcessingId: 8000, Deleted: "true", PatientGuid: "", CodeId: "" }),
    observation(3, SYSTOLIC, { Value: "3", ProcessingId: 9000 }),
    observation(4, DIABETES, { ProcessingId: 9000, ObservationType: "Family History" }),
    observation(4, DIABETES, { ProcessingId: 8000 }),
  ];
  const expected = [
    `${ANN.slice(1, -1)} 2024-03-05 snomed 271649006 3.0 was read2 2469. mapped`,
    `${BOB.slice(1, -1)} 2024-03-05 snomed 271649006 160.0 was read2 2469. mapped`,
  ];
  const people = { Admin_Patient: WHOLE.Admin_Patient! };
  for (const rows of [corrected, [...corrected].reverse(), [...corrected, ...corrected], [...corrected.slice(5), ...corrected.slice(0, 5)]]) {
    const store = newStore();
    await emis(store, given({ ...people, CareRecord_Observation: rows, ...coding }));
    t.same(eventsIn(store), expected, "in one load");
    const later = newStore();
    await emis(later, given({ ...WHOLE, ...people, CareRecord_Observation: corrected.slice(0, 1), CareRecord_Consultation: [], Prescribing_IssueRecord: [] }));
    await emis(later, given({ CareRecord_Observation: rows }, { taken: "20250402021500" }));
    t.same(eventsIn(later), expected, "in two, the second without people and codes");
  }
}); // prettier-ignore

t.test("a delta joins what is here, and takes back what it says", async (t) => {
  const store = newStore();
  const night = async (day: number, tables: Tables): Promise<ImportReport> =>
    emis(store, given(tables, { taken: `202504${String(day).padStart(2, "0")}021500` }));
  await night(1, WHOLE);
  await night(2, { CareRecord_Observation: [observation(1, NO_SNOMED), observation(40, DIABETES, { PatientGuid: BOB })] }); // prettier-ignore
  t.same(
    told(store).filter((event) => event.startsWith("2024-03-05 snomed 440") || event.startsWith("2024-03-05 read2")),
    ["2024-03-05 read2 G20.. was read2 G20.. unmapped", "2024-03-05 snomed 44054006 was read2 C10F. mapped"],
    "an observation whose code changes, and one whose patient and code came before",
  ); // prettier-ignore
  await night(3, { Admin_Patient: [patient(BOB, { Deleted: "true", Sex: "", DateOfBirth: "", DateOfRegistration: "" })] }); // prettier-ignore
  t.equal(
    eventsIn(store).filter((event) => event.startsWith(BOB.slice(1, -1))).length,
    0,
    "who left has nothing",
  );
  const back = await night(4, { Admin_Patient: [patient(BOB, { Sex: "M", DateOfDeath: "2025-04-02", DateofDeactivation: "2025-04-02" })], CareRecord_Observation: [observation(40, DIABETES, { PatientGuid: BOB })] }); // prettier-ignore
  t.equal(back.patients, 2);
  const facts = (): unknown[] => {
    const { people, registrations } = everything(store) as Record<string, unknown[][]>;
    return [
      people![1]![4],
      registrations!.filter(([id]) => id === BOB.slice(1, -1)).map((each) => each.slice(1)),
    ];
  };
  t.same(facts(), [20180, [[10957, 20180]]], "they came back, and died");
  await night(5, { Admin_Patient: [patient(BOB, { Sex: "M" })] });
  t.same(facts(), [null, [[10957, null]]], "and did not");
  await night(6, { Admin_Patient: [patient(BOB, { Deleted: "true" })], CareRecord_Observation: [observation(40, DIABETES)] }); // prettier-ignore
  t.ok(
    eventsIn(store).includes(`${ANN.slice(1, -1)} 2024-03-05 snomed 44054006 was read2 C10F. mapped`),
    "two records were of one person",
  );
  await night(7, { Admin_Patient: [patient(ANN, { DateOfRegistration: "2025-04-05", PatientTypeDescription: "Private" }), patient(row(70))] }); // prettier-ignore
  const { registrations } = everything(store) as Record<string, unknown[][]>;
  t.same(
    registrations,
    [[row(70).slice(1, -1), 10957, null]],
    "who is a private patient now has no registration for all care but in the history, and there is none",
  );
  const older = await refusal(night(6, { CareRecord_Observation: [observation(50, DIABETES)] }));
  t.equal(older.code, "older-extract", "a night that came before is refused");
});

t.test("people keep the number that practices search by; who is marked as confidential or sensitive is left out", async (t) => {
  const store = newStore();
  const night = (day: number, rows: readonly Fields[], written: Written = {}): Promise<ImportReport> =>
    emis(store, given({ Admin_Patient: rows, ...coding }, { taken: `2025040${day}021500`, ...written }));
  const people = (): unknown[] => {
    const records = openRecords(store);
    const { leftOut, held } = records.source().people();
    const keys = [...held!.keys()].filter((key) => held![key] === 1);
    const said = keys.map((key) => [records.foundBy(key), has(leftOut!, key), records.person(key).leftOut === true]);
    records.close();
    return said;
  };
  const report = await night(1, [patient(ANN, { PatientNumber: "77310", SpineSensitive: "true" }), patient(BOB, { PatientNumber: "77311", IsConfidential: "TRUE" })]);
  t.notMatch(JSON.stringify(report), /7731/);
  t.same(people(), [["77310", true, true], ["77311", true, true]]);
  await night(2, [patient(ANN, { PatientNumber: "77312" })]);
  t.same(people(), [["77312", false, false], ["77311", true, true]], "another number, and no mark any more");
  const without = (all: string[]): string[] => all.filter((each) => !["PatientNumber", "IsConfidential"].includes(each));
  const lacking = await night(3, [patient(ANN), patient(BOB)], { columns: without });
  t.match(lacking.notes.join(), /Admin_Patient: has no column patientnumber, isconfidential/);
  t.same(people(), [["77312", false, false], ["77311", true, true]], "columns that are not there say nothing");
  const bad = await night(4, [patient(ANN, { SpineSensitive: "perhaps" })]);
  t.match(bad.reasons, [{ reason: /SpineSensitive or IsConfidential is neither true nor false/, count: 1 }]);
}); // prettier-ignore

t.test("what is entered as confidential is left out and counted, but for an opt-out", async (t) => {
  const store = newStore();
  const hidden = { IsConfidential: "true" };
  const codes = [...CODES, { CodeId: "7", ReadTermId: "9Nu0", SnomedCTConceptId: "827241000000103" }];
  const { CareRecord_Consultation: [seen] = [], Prescribing_IssueRecord: [issued] = [] } = WHOLE;
  const report = await emis(store, given({
    ...WHOLE,
    Coding_ClinicalCode: codes,
    CareRecord_Observation: [observation(1, DIABETES, hidden), observation(2, "7", hidden), observation(3, SYSTOLIC)],
    CareRecord_Consultation: [{ ...seen, ...hidden }],
    Prescribing_IssueRecord: [{ ...issued, ...hidden }],
  }));
  const [kept, optOut] = ["2024-03-05 snomed 271649006 was read2 2469. mapped", "2024-03-05 snomed 827241000000103 was read2 9Nu0. mapped"];
  t.same(told(store), [kept, optOut]);
  t.same(reasonsOf(report), {
    "CareRecord_Observation: IsConfidential is true": 1,
    "CareRecord_Consultation: IsConfidential is true": 1,
    "Prescribing_IssueRecord: IsConfidential is true": 1,
  });
  await emis(store, given({ CareRecord_Observation: [observation(3, SYSTOLIC, hidden)] }, { taken: "20250402021500" }));
  t.same(told(store), [optOut], "what is marked later goes");
}); // prettier-ignore

t.test("an opt-out of which another field is at fault is held, and one that is here stays", async (t) => {
  const codes = [...CODES, { CodeId: "7", ReadTermId: "9Nu0", SnomedCTConceptId: "827241000000103" }, { CodeId: "8", ReadTermId: "9Nu0.00" }];
  const bulk = { ...WHOLE, Coding_ClinicalCode: codes };
  const faults: readonly Fields[] = [
    { EffectiveDatePrecision: "YMW" },
    { Value: "yes" },
    { IsConfidential: "perhaps" },
    { ObservationType: "Annotation" },
    { ObservationType: "Document", CodeId: "8" },
    { Deleted: "perhaps" },
    { ProcessingId: "12a" },
    { ProcessingId: "1.5", Deleted: "perhaps" },
  ];
  const gone: readonly Fields[] = [{ ObservationType: "Family History" }, { ProcessingId: "", Deleted: "true" }];
  const rows = [...faults, ...gone].map((fault, i) => observation(70 + i, "7", fault));
  const held = [
    "1950-02-01 snomed 827241000000103 was read2 9Nu0. mapped",
    "2024-03-05 read2 9Nu0.00 was read2 9Nu0.00 unmapped",
    ...Array.from({ length: 6 }, () => "2024-03-05 snomed 827241000000103 was read2 9Nu0. mapped"),
  ];
  const [once, store] = [newStore(), newStore()];
  const report = await emis(once, given({ ...bulk, CareRecord_Observation: rows }));
  const optOuts = (of: string): string[] => told(of).filter((each) => each.includes("9Nu0"));
  t.same(optOuts(once), held);
  t.equal(report.rows.CareRecord_Observation?.taken, faults.length);
  t.equal(report.rows.CareRecord_Observation?.skipped, gone.length);
  t.equal(report.doubts.filter(({ reason }) => /it says that somebody opted out; it holds all the same/.test(reason)).reduce((sum, { count }) => sum + count, 0), faults.length);
  const before = rows.map((_, i) => observation(70 + i, i === 6 ? DIABETES : "7"));
  await emis(store, given({ ...bulk, CareRecord_Observation: before }));
  const again = [...faults, ...gone].map((fault, i) => observation(70 + i, "7", fault));
  await emis(store, given({ Coding_ClinicalCode: codes, CareRecord_Observation: again }, { taken: "20250402021500" }));
  t.same(optOuts(store), [...held, held[4]], "told again with a fault they stay; what may be deleted stays too");
  const alone = observation(90, "7", { ProcessingId: "?" });
  await emis(store, given({ Coding_ClinicalCode: codes, CareRecord_Observation: [alone] }, { taken: "20250402021600" }));
  t.same(optOuts(store), [...held, held[4], held[4]], "also where no row of its file has an order");
  await emis(store, given({ CareRecord_Observation: [76, 77].map((n) => observation(n, SYSTOLIC)) }, { taken: "20250402021700" }));
  t.same(optOuts(store), held, "a later version of theirs counts");
  const plain = { Coding_ClinicalCode: [...codes, { CodeId: "7", ReadTermId: "C10F", SnomedCTConceptId: "44054006" }] };
  await emis(store, given(plain, { taken: "20250403021500" }));
  t.same(told(store).filter((each) => each.includes("44054006 was read2 C10F") && each.startsWith("2024-03-05")).length, 1, "the others are none without the code");
}); // prettier-ignore

t.test("what an extract names before any event uses it explains the events of later nights", async (t) => {
  const optOut = { CodeId: "7", ReadTermId: "9Nu0", SnomedCTConceptId: "827241000000103" };
  const drug = { CodeId: "8", Term: "Metformin", DmdProductCodeId: "325278007" };
  const later = { CareRecord_Observation: [observation(60, "7")], Prescribing_IssueRecord: [issue(61, { CodeId: "8" })] };
  const bulk = { ...WHOLE, Coding_ClinicalCode: [...CODES, optOut], Coding_DrugCode: [...DRUGS, drug] };
  const inOne = newStore();
  await emis(inOne, given({ ...bulk, CareRecord_Observation: [...WHOLE.CareRecord_Observation!, ...later.CareRecord_Observation], Prescribing_IssueRecord: [...WHOLE.Prescribing_IssueRecord!, ...later.Prescribing_IssueRecord] }));
  t.ok(told(inOne).includes("2024-03-05 snomed 827241000000103 was read2 9Nu0. mapped"));
  const night = given(later, { taken: "20250403021500" });
  const named = { Coding_ClinicalCode: [optOut], Coding_DrugCode: [drug] };
  for (const [first, ...nights] of [[bulk], [WHOLE, named]]) {
    const store = newStore();
    await emis(store, given(first!));
    for (const codes of nights) await emis(store, given(codes, { taken: "20250402021500" }));
    await emis(store, night);
    t.same(told(store), told(inOne), nights.length === 0 ? "named in bulk" : "named in a night of codes alone");
  }
}); // prettier-ignore

t.test("what a night corrects beside the rows that it gives is as one bulk of that day has it", async (t) => {
  const [store, once] = [newStore(), newStore()];
  const taken = (to: string, day: number, tables: Tables): Promise<ImportReport> =>
    emis(to, given(tables, { taken: `202504${String(day).padStart(2, "0")}021500` }), { yes: true });
  const optOut = { CodeId: "900", ReadTermId: "9Nu0", SnomedCTConceptId: "827241000000103" };
  const before = [...CODES, { CodeId: "901", ReadTermId: "C10F-1", SnomedCTConceptId: "44054006" }, optOut, { ...optOut, CodeId: "902" }];
  const rows = [
    observation(1, DIABETES),
    observation(2, "901"),
    observation(3, SYSTOLIC, { Value: "1" }),
    observation(4, "900", { EffectiveDatePrecision: "U" }),
    observation(5, "902", { EffectiveDatePrecision: "U" }),
    observation(6, "902"),
  ];
  const people = [patient(ANN), patient(BOB)];
  await taken(store, 1, { Admin_Patient: people, CareRecord_Observation: rows, Coding_ClinicalCode: before, Coding_DrugCode: DRUGS });
  const now: Readonly<Record<string, Fields>> = {
    901: { SnomedCTConceptId: "73211009" },
    902: { ReadTermId: "G20", SnomedCTConceptId: "38341003" },
    [SYSTOLIC]: { ReadTermId: "9159", SnomedCTConceptId: "184103008" },
  };
  const after = before.map((code) => ({ ...code, ...now[String(code.CodeId)] }));
  const born = patient(ANN, { DateOfBirth: "1951-07-09" });
  const night = await taken(store, 2, { Admin_Patient: [born], Coding_ClinicalCode: after, Coding_DrugCode: DRUGS });
  await taken(once, 2, { Admin_Patient: [born, people[1]!], CareRecord_Observation: rows, Coding_ClinicalCode: after, Coding_DrugCode: DRUGS });
  t.same(everything(store), everything(once));
  t.same(told(store), [
    "1951-07-09 snomed 827241000000103 was read2 9Nu0. mapped",
    "2024-03-05 snomed 38341003 was read2 G20.. mapped",
    "2024-03-05 snomed 44054006 was read2 C10F. mapped",
    "2024-03-05 snomed 73211009 was read2 C10F. mapped",
  ]);
  t.same(night.changes.events, { added: 0, corrected: 3, deleted: 2 });
  t.match(night.notes.join(), /3 codes stand for another .* than in an earlier extract: events of earlier extracts have the new one now/);
  const back = await taken(store, 3, { Coding_ClinicalCode: before, Coding_DrugCode: DRUGS });
  t.match(back.notes.join(), /2 codes that stand for another code now say that somebody opted out, or are no longer for names/);
}); // prettier-ignore

t.test("what a bad row corrects goes, and an event has the code of the id that it was given by last", async (t) => {
  const store = newStore();
  const twin = { CodeId: "901", ReadTermId: "C10F-1", SnomedCTConceptId: "44054006" };
  const night = (day: number, tables: Tables): Promise<ImportReport> =>
    emis(store, given({ Coding_DrugCode: DRUGS, ...tables }, { taken: `202504${String(day).padStart(2, "0")}021500` }));
  await night(1, { Admin_Patient: [patient(ANN), patient(BOB)], CareRecord_Observation: [1, 2, 3, 4, 6].map((n) => observation(n, DIABETES)), Coding_ClinicalCode: [...CODES, twin] });
  await night(2, { CareRecord_Observation: [
    observation(1, DIABETES, { Value: "high" }), observation(2, DIABETES, { EffectiveDate: "2024-02-30" }),
    observation(3, DIABETES, { Deleted: "perhaps" }), observation(4, "901"), observation(5, DIABETES),
    observation(6, DIABETES, { ProcessingId: "12a" }),
  ] });
  t.equal(told(store).length, 2);
  await night(3, { Coding_ClinicalCode: [...CODES, { ...twin, SnomedCTConceptId: "73211009" }] });
  t.equal(told(store).filter((event) => event.includes("73211009")).length, 1);
}); // prettier-ignore

t.test("a code that lost its Read code has none in later nights either", async (t) => {
  const store = newStore();
  await emis(store, given(WHOLE));
  const bare = { CodeId: SYSTOLIC, ReadTermId: "", SnomedCTConceptId: "271649006" };
  await emis(store, given({ Coding_ClinicalCode: [bare] }, { taken: "20250402021500" }));
  await emis(store, given({ CareRecord_Observation: [observation(60, SYSTOLIC, { EffectiveDate: "2025-01-02" })] }, { taken: "20250403021500" }));
  t.ok(told(store).includes("2025-01-02 snomed 271649006"), told(store).join());
}); // prettier-ignore

t.test("a whole extract stands in the place of stored rows of a higher ProcessingId", async (t) => {
  const at = (ProcessingId: number, EffectiveDate: string): Tables => ({ CareRecord_Observation: [observation(1, DIABETES, { ProcessingId, EffectiveDate })] });
  const store = newStore();
  const fresh = newStore();
  await emis(store, given({ ...WHOLE, ...at(9000, "2024-03-01") }));
  for (const each of [store, fresh]) {
    await emis(each, given({ ...WHOLE, ...at(5000, "2024-03-02") }, { taken: "20250402021500" }), { whole: each === store, yes: true });
    if (each === store) t.ok(told(store).includes("2024-03-02 snomed 44054006 was read2 C10F. mapped"), "its row counts");
    await emis(each, given(at(6000, "2024-03-03"), { taken: "20250403021500" }));
    await emis(each, given(at(5500, "2024-03-04"), { taken: "20250404021500" }));
  }
  t.same(told(store), told(fresh), "and what comes later is compared with it");
  await emis(store, given({ ...WHOLE, ...at(4000, "2024-03-03") }, { taken: "20250405021500" }), { whole: true, yes: true });
  await emis(store, given(at(4500, "2024-03-06"), { taken: "20250406021500" }));
  t.ok(told(store).includes("2024-03-06 snomed 44054006 was read2 C10F. mapped"), "also where it says the same as the stored one");
}); // prettier-ignore

t.test("somebody who leaves and comes back in one load has what came after", async (t) => {
  const [before, gone] = [observation(60, DIABETES), patient(ANN, { Deleted: "true" })];
  const [again, after] = [patient(ANN), observation(61, SYSTOLIC, { Value: "120" })];
  const nights = [
    { ...WHOLE, Admin_Patient: [patient(BOB), patient(ANN, { ProcessingId: 1 })], CareRecord_Observation: [before] },
    { Admin_Patient: [gone] },
    { Admin_Patient: [again], CareRecord_Observation: [after], ...coding },
  ].map((tables, i) => given(tables, { taken: `2025040${i + 1}021500` })); // prettier-ignore
  const stores = [newStore(), newStore(), newStore()];
  for (const path of nights) await emis(stores[0]!, path);
  await emis(stores[1]!, "", { paths: nights });
  await emis(stores[2]!, nights[0]!);
  await emis(stores[2]!, "", { paths: [nights[2]!, nights[1]!] });
  const [one, two, three] = stores.map(everything);
  t.same(told(stores[0]!), ["2024-03-05 snomed 271649006 120.0 was read2 2469. mapped"]);
  t.same(two, one, "all at once");
  t.same(three, one, "the bulk, then two nights");
  const gap = await refusal(emis(newStore(), "", { paths: [nights[2]!, nights[0]!] }));
  t.match(gap, {
    code: "gap",
    message: /two of these extracts the extract complete to 2025-04-01 is missing: /,
  });
  await emis(stores[2]!, "", { paths: [nights[2]!, nights[0]!] }); // what is between them was taken
});

t.test("registrations before the present one come from the history of status", async (t) => {
  const store = newStore();
  const status = (HistoryDate: string, StatusDescription: string, more: Fields = {}): Fields => ({ PatientGuid: ANN, HistoryDate, HistoryTime: "09:00:00", StatusDescription, ProcessingId: ++order, ...more }); // prettier-ignore
  const report = await emis(store, given({
    ...WHOLE,
    Admin_Patient: [patient(ANN, { DateOfRegistration: "2020-01-01" })],
    Admin_PatientHistory: [
      status("2020-01-01", "Registered"),
      status("2010-01-01", "Deduction at patient's request"),
      status("2005-01-01", "Registered"),
      status("2005-01-01", "Patient has presented", { HistoryTime: "08:00:00" }),
      status("2012-01-01", "CORRECTLY REGISTERED"),
      status("2013-01-01", "Something new"),
      status("2014-01-01", "Embarkation"),
    ],
  })); // prettier-ignore
  const { registrations } = everything(store) as Record<string, unknown[][]>;
  t.same(registrations!.map((each) => each.slice(1)), [[12784, 14610], [15340, 16071], [18262, null]]); // prettier-ignore
  t.same(report.rows.Admin_PatientHistory, { taken: 5, skipped: 2 });
  t.notMatch(report.notes.join(), /no Admin_PatientHistory/);
});

t.test("of several organisations one is taken, and somebody says which", async (t) => {
  const both: Tables = {
    ...WHOLE,
    Admin_Organisation: [{ OrganisationGuid: ORG, ODSCode: "A81001" }, { OrganisationGuid: OTHER, ODSCode: "B82002" }],
    Admin_Patient: [...WHOLE.Admin_Patient!, patient(row(70), { OrganisationGuid: OTHER })],
    CareRecord_Observation: [...WHOLE.CareRecord_Observation!, observation(71, DIABETES, { OrganisationGuid: OTHER, PatientGuid: row(70) })],
  }; // prettier-ignore
  const asked = await refusal(emis(newStore(), given(both)));
  t.match(asked.message, /2 organisations \(A81001, B82002\); say which one is this practice with --organisation/); // prettier-ignore
  t.match((await refusal(emis(newStore(), given(both), { organisation: "C83003" }))).message, /holds no records of it \(A81001, B82002\)/); // prettier-ignore
  for (const organisation of ["a81001", ORG, ORG.slice(1, -1).toLowerCase()]) {
    const store = newStore();
    const report = await emis(store, given(both), { organisation });
    t.same(told(store), WHOLE_TOLD);
    t.equal(reasonsOf(report)["CareRecord_Observation: it is of another organisation of the extract"], 1);
    t.equal(reasonsOf(report)["Admin_Patient: it is of another organisation of the extract"], 1);
    await emis(store, given({ CareRecord_Observation: [observation(72, DIABETES), observation(73, DIABETES, { OrganisationGuid: OTHER })] }, { taken: "20250402021500" })); // prettier-ignore
    t.equal(eventsIn(store).length, 8, "the store knows whose records it holds");
    const wrong = await refusal(emis(store, given(both, { taken: "20250403021500" }), { organisation: "B82002" })); // prettier-ignore
    t.equal(wrong.code, "two-practices");
  }
});

t.test(
  "files that are not as they should be are taken or named, and nothing is lost in silence",
  async (t) => {
    const good = files(WHOLE);
    const names = Object.keys(good);
    const observations = names.find((name) => name.includes("CareRecord_Observation"))!;
    const patients = names.find((name) => name.includes("Admin_Patient"))!;
    const changed = (name: string, change: (text: string) => string | Buffer): string =>
      extract({ ...good, [name]: change(good[name]!) });
    const taken: Record<string, string> = {
    "a byte order mark": changed(observations, (text) => `\ufeff${text}`),
    "packed files": extract(Object.fromEntries(Object.entries(good).map(([name, text]) => [`${name}.gz`, gzipSync(text)]))),
    "plain line ends, and none at the end": changed(patients, (text) => text.replaceAll("\r\n", "\n").trimEnd()),
    "a byte that is not UTF-8 where nobody reads": changed(patients, (text) => Buffer.from(text.replace("the\r\nelder", "Zo\u00eb"), "latin1")),
    "true and false in any case": changed(observations, (text) => text.replaceAll("False", "FALSE")),
  }; // prettier-ignore
    for (const [name, path] of Object.entries(taken)) {
      const store = newStore();
      t.same((await emis(store, path)).reasons, [], name);
      t.same(told(store), WHOLE_TOLD, name);
    }
    const latin = changed(patients, (text) => Buffer.from(text.replace("Regular", "R\u00ebgular"), "latin1"));
    const report = await emis(newStore(), latin).catch((error: unknown) => error);
    t.match(report instanceof ImportError ? report.message : JSON.stringify(report), /it is not UTF-8/);
    const nul = await emis(
      newStore(),
      changed(observations, (text) => text.replace("2024-03-05", "2024\0-03-05")),
    );
    t.match(JSON.stringify(nul.reasons), /EffectiveDate is not a date/);
    const refused: Record<string, [string, RegExp]> = {
    "UTF-16": [changed(observations, (text) => Buffer.from(`\ufeff${text}`, "utf16le")), /UTF-16/],
    "a damaged archive": [extract({ ...good, [`${observations}.gz`]: gzipSync(good[observations]!).subarray(0, 200), [observations]: "" }), /ends before its end|is empty|lacks/],
    "no people": [extract(Object.fromEntries(Object.entries(good).filter(([name]) => name !== patients))), /no Admin_Patient file/],
    "no codes": [extract(Object.fromEntries(Object.entries(good).filter(([name]) => !name.includes("Coding_Clinical")))), /no Coding_ClinicalCode file there, without which nothing in CareRecord_Consultation/],
    "headers alone": [given(Object.fromEntries(Object.keys(WHOLE).map((table) => [table, []]))), /no person was found/],
  }; // prettier-ignore
    for (const [name, [path, words]] of Object.entries(refused)) {
      const store = newStore();
      const error = await refusal(emis(store, path));
      t.match(error.message, words, name);
      const records = openRecords(store);
      t.equal(records.totals().patients, 0, `${name}: nothing was kept`);
      records.close();
    }
    const store = newStore();
    await emis(store, given(WHOLE));
    const quiet = await emis(store, given(Object.fromEntries(Object.keys(WHOLE).map((table) => [table, []])), { taken: "20250402021500" })); // prettier-ignore
    t.same(told(store), WHOLE_TOLD, "a quiet night changes nothing");
    t.equal(quiet.covers_to, "2025-04-01");
    const lacking = await emis(newStore(), given({ Admin_Patient: WHOLE.Admin_Patient!, CareRecord_Observation: WHOLE.CareRecord_Observation!, ...coding })); // prettier-ignore
    t.match(lacking.notes.join("\n"), /no CareRecord_Consultation.*\n.*no Prescribing_IssueRecord/);
  },
);

t.test("entries of protected codes are kept in no format, and counted", async (t) => {
  const store = newStore();
  const path = extract({
    "patients.csv": "patient_id,sex,date_of_birth\nA,female,1950\n",
    "registrations.csv": "patient_id,start,end\nA,2000-01-01,\n",
    "events.csv": "patient_id,date,system,code,row_id\nA,2024-01-02,snomed,44054006,1\nA,2024-01-02,read2,9159.,2\nA,2024-01-03,snomed,184103008,3\n",
  }); // prettier-ignore
  const report = await load(store, path);
  t.match(
    report.notes.join(),
    /2 rows have a code for names, addresses or numbers of people and were not kept/,
  );
  t.same(told(store), ["2024-01-02 snomed 44054006"]);
  const db = openDatabase(`${store}/records.db`, { readonly: true });
  t.equal(db.prepare("SELECT events FROM store").pluck().get(), 1);
  db.close();
});

t.test(
  "a night that concerns nobody here, or has one bad row, is a quiet night; ten bad rows are none",
  async (t) => {
    const store = newStore();
    await emis(store, given(WHOLE));
    const night = (day: number, tables: Tables): Promise<ImportReport> =>
      emis(store, given({ ...tables, ...coding }, { taken: `202504${String(day).padStart(2, "0")}021500` }));
    const before = told(store);
    const orphan = await night(2, {
      CareRecord_Observation: [{ ...observation(90, DIABETES), PatientGuid: row(99) }],
    });
    t.match(orphan.notes.join(), /no row of this extract is of the people here: no record changed/);
    t.equal(orphan.covers_to, "2025-04-01", "and the day has passed");
    const odd = await night(3, { Admin_Patient: [patient(row(199), { DateOfBirth: "17530101" })] });
    t.match(odd.reasons, [{ count: 1 }]);
    const many = Array.from({ length: 10 }, (_, i) => patient(row(i + 200), { DateOfBirth: "nonsense" }));
    t.match((await refusal(night(4, { Admin_Patient: many }))).message, /10 of 10 rows are bad/);
    t.same(told(store), before);
    const bad = await night(4, { Admin_Patient: [patient(ANN, { DateOfBirth: "17530101" })] });
    t.match(bad.notes.join(), /1 people went whose newest row marks them as test patients, or is bad/);
    t.same(told(store), [], "as one bulk of that day would refuse her");
    await night(5, { Admin_Patient: [patient(ANN)] });
    t.same(told(store), before, "until it is put right");
    const moved = await night(6, {
      CareRecord_Observation: [observation(1, DIABETES, { PatientGuid: row(99) })],
    });
    t.equal(moved.changes.events.deleted, 1, "an event is of somebody who has not come");
    t.notMatch(moved.notes.join(), /no record changed/, "and no note denies it");
    const takesAway: readonly Fields[] = [
      { PatientGuid: "" },
      { PatientGuid: row(99), Value: "high" },
      { Deleted: "perhaps" },
    ];
    for (const [i, said] of takesAway.entries()) {
      await night(7 + 2 * i, { CareRecord_Observation: [observation(1, DIABETES)] });
      const taken = await night(8 + 2 * i, { CareRecord_Observation: [observation(1, DIABETES, said)] });
      t.same(taken.changes.events, { added: 0, corrected: 0, deleted: 1 }, "a night that takes away alone is taken");
      t.notMatch(taken.notes.join(), /no record changed/);
    } // prettier-ignore
  },
);

t.test("a tombstone may say no more than which row it is of; systems write dates for none", async (t) => {
  const store = newStore();
  await emis(store, given(WHOLE));
  const night = (day: number, tables: Tables): Promise<ImportReport> =>
    emis(store, given({ ...tables, ...coding }, { taken: `202504${String(day).padStart(2, "0")}021500` }));
  const none = Object.fromEntries(Object.keys(observation(1, DIABETES)).map((name) => [name, ""]));
  await night(2, {
    CareRecord_Observation: [{ ...none, ObservationGuid: row(1), Deleted: "true", ProcessingId: "900" }],
  });
  t.notOk(
    told(store).some((event) => event.includes("44054006")),
    "the observation is gone",
  );
  const person = await night(3, {
    Admin_Patient: [patient(ANN, { DateofDeactivation: "9999-12-31", ProcessingId: "901" })],
  });
  t.same(person.reasons, []);
  const empty = Object.fromEntries(Object.keys(patient(BOB)).map((name) => [name, ""]));
  await night(4, { Admin_Patient: [{ ...empty, PatientGuid: BOB, Deleted: "true", ProcessingId: "902" }] });
  const left = everything(store);
  t.notOk(JSON.stringify(left).includes(BOB.replace(/[{}]/g, "")), "the person is gone");
});

t.test("what changed alone is not taken for all there is", async (t) => {
  const rows = (count: number, PatientGuid: string): Fields[] =>
    Array.from({ length: count }, (_, i) => observation(300 + i + (PatientGuid === ANN ? 500 : 0), DIABETES, { PatientGuid })); // prettier-ignore
  const delta = { ...WHOLE, CareRecord_Observation: [...rows(30, row(98)), ...rows(40, ANN)] };
  const store = newStore();
  const error = await refusal(emis(store, given(delta)));
  t.equal(error.code, "needs-yes");
  t.match(error.message, /^30 of 73 events of this extract are of people whom it does not tell of.*load the bulk extract first.* say --yes/); // prettier-ignore
  t.equal(openRecords(store).totals().patients, 0, "nothing was kept");
  const few = { ...WHOLE, CareRecord_Observation: [...rows(3, row(98)), ...rows(40, ANN)] };
  t.equal((await emis(newStore(), given(few))).patients, 2, "a few strangers are no sign");
  const anyway = await emis(store, given(delta), { yes: true });
  t.match(anyway.notes.join(), /these records may not be whole/);
  const told = { ...files(WHOLE), "manifest.json": '{"kind": "delta"}' };
  t.match((await refusal(emis(newStore(), extract(told)))).message, /^by its manifest this extract holds what changed alone, and no bulk/); // prettier-ignore
  const bulk = { ...files(delta), "manifest.json": '{"kind": "bulk"}' };
  t.equal((await emis(newStore(), extract(bulk))).patients, 2, "one that says that it is the bulk is");
});

t.test("a night of another organisation than the one before is refused by name", async (t) => {
  const store = newStore();
  const night = (day: number, organisation?: string): Promise<ImportReport> =>
    emis(
      store,
      extract({
        ...files(WHOLE, { taken: `2025040${day}021500` }),
        "manifest.json": JSON.stringify({ organisation }),
      }),
    );
  await night(1);
  await night(2, "Drovers Gate");
  await night(3);
  const error = await refusal(night(4, "Mill Lane\n<b>"));
  t.equal(error.code, "two-practices");
  t.match(error.message, /this extract is of Mill Lane b, and those before it were of Drovers Gate:/);
  await night(4, "Drovers Gate");
});

t.test("a store that lacks people's marks says at each night that it needs the bulk again", async (t) => {
  const store = newStore();
  await emis(store, given(WHOLE));
  const db = openDatabase(`${store}/records.db`, {});
  db.exec("UPDATE store SET lacks_marks = 1, keeps_corrected = 1");
  db.close();
  const CORRECTED = /an earlier version of Cairn kept .* --format emis --whole/;
  const first = given({ CareRecord_Observation: [observation(400, DIABETES)], ...coding }, { taken: "20250402001500" }); // prettier-ignore
  t.match((await emis(store, first, { dryRun: true })).notes.join(), CORRECTED);
  t.match((await emis(store, first)).notes.join(), CORRECTED);
  const night = given({ CareRecord_Observation: [observation(401, DIABETES)], ...coding }, { taken: "20250402021500" }); // prettier-ignore
  const second = (await emis(store, night)).notes.join();
  t.match(second, /take a bulk extract in once with .*--whole/);
  t.notMatch(second, CORRECTED, "which is said once");
  const bulk = given(WHOLE, { taken: "20250403021500" });
  t.notMatch(
    (await emis(store, bulk, { whole: true, yes: true })).notes.join(),
    /take a bulk extract in once/,
  );
  const later = given({ CareRecord_Observation: [observation(402, DIABETES)], ...coding }, { taken: "20250404021500" }); // prettier-ignore
  t.notMatch((await emis(store, later)).notes.join(), /take a bulk extract in once/);
});
