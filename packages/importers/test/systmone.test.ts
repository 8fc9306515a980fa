/** SystmOne's extracts: each version, what its fields mean, what is left out and why, hostile files, and deltas. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { ImportReport, ImportRequest } from "@cairn/importers";
import { openDatabase } from "@cairn/sqlite";
import {
  everything,
  extract,
  file,
  listedIn as listed,
  load,
  newStore,
  refusal,
} from "./fixtures/extracts.js";
import { columnsOf, manifest, systmone, table, type Tables, VERSIONS } from "./fixtures/systmone.js";
import { zipOf } from "./fixtures/zip.js";

type Files = Record<string, string | Buffer>;
const as = (more: Partial<ImportRequest> = {}): Partial<ImportRequest> => ({ format: "systmone", ...more });

async function taken(
  files: Files,
  store = newStore(),
  more: Partial<ImportRequest> = {},
): Promise<{ store: string; report: ImportReport }> {
  return { store, report: await load(store, extract(files), as(more)) };
}

/** What the store holds of events after an extract of these tables beside two people. */
async function events(tables: Tables, more: Partial<ImportRequest> = {}): Promise<string[]> {
  return listedIn((await taken(systmone({ ...PEOPLE, ...tables }), newStore(), more)).store);
}

const PEOPLE: Tables = {
  SRPatient: [{ RowIdentifier: 11 }, { RowIdentifier: 12, Gender: "M" }],
  SRPatientRegistration: [
    { RowIdentifier: 1, IDPatient: 11 },
    { RowIdentifier: 2, IDPatient: 12 },
  ],
};
const code = (id: number, fields: Tables[string][number] = {}): Tables[string][number] => ({
  RowIdentifier: id,
  IDPatient: 11,
  CTV3Code: "X40J5",
  SNOMEDCode: "44054006",
  ...fields,
});
/** Every event; whole numbers as they were written. */
const listedIn = (store: string): string[] =>
  listed(store).map((line) => line.replace(/(\d)\.0(?= |$)/g, "$1"));
const reasons = ({ reasons }: ImportReport): Record<string, number> =>
  Object.fromEntries(reasons.map(({ reason, count }) => [reason, count]));

/** Counts by reason add up to the rows of each table. */
function addsUp(t: Test, report: ImportReport, files: Readonly<Record<string, number>>): void {
  for (const [name, rows] of Object.entries(files)) {
    const { taken: got, skipped } = report.rows[name] ?? { taken: 0, skipped: 0 };
    t.equal(got + skipped, rows, `${name}: every row is taken or skipped`);
    const said = report.reasons.filter(({ reason }) => reason.startsWith(`${name}: `));
    t.equal(
      said.reduce((sum, { count }) => sum + count, 0),
      skipped,
      `${name}: every skipped row has its reason`,
    );
  }
}

t.test("versions 87 to 93 load, their columns in any order", async (t) => {
  const tables: Tables = {
    ...PEOPLE,
    SRPatientAddressHistory: [{ RowIdentifier: 5, IDPatient: 11, FullPostCode: "ZY1 1AA" }],
    SRConfiguredListOption: [{ RowIdentifier: 900, ConfiguredListOption: "Telephone" }],
    SRCode: [code(21, { NumericValue: "7.5", NumericUnit: "%", IDDoneBy: 77 })],
    SREvent: [{ RowIdentifier: 21, IDPatient: 12, ContactMethod: 900, IDDoneBy: 77 }],
    SRPrimaryCareMedication: [
      {
        RowIdentifier: 21,
        IDPatient: 11,
        IDMultiLexDMD: "39695211000001102",
        MedicationQuantity: "28 tablets",
      },
    ],
    SRImmunisation: [
      { RowIdentifier: 21, IDPatient: 12, ImmsReadCode: "XaZ0e", ImmsSNOMEDCode: "822851000000102" },
    ],
  };
  const deprivation = { files: [file("table.csv", "postcode,decile\nZY11AA,3\n")] };
  for (const version of VERSIONS)
    for (const mix of [0, 5]) {
      const { store, report } = await taken(systmone(tables, version, mix), newStore(), { deprivation });
      const both = version > 89;
      t.same(
        listedIn(store),
        [
          "11 2024-03-02 dmd 39695211000001102 x28",
          `11 2024-03-02 ${both ? "snomed 44054006" : "ctv3 X40J5"} 7.5 % by 77`.replace(
            /(\S+) (7\.5 %)/,
            "$1 $2",
          ),
          `12 2024-03-02 ${both ? "snomed 822851000000102" : "ctv3 XaZ0e"}`,
          "12 2024-03-02 snomed 185317003 by 77",
        ].sort(),
        `version ${version}, columns ${mix === 0 ? "as given" : "in another order"}`,
      );
      const columns = report.notes.filter((note) => note.includes("column"));
      t.same(columns.length, both ? 0 : 2, `${version}: ${columns.join("; ") || "no word of a column"}`);
    }
});

t.test("an unknown column is named once, a missing one that is needed is one clear error", async (t) => {
  const files: Files = systmone({ ...PEOPLE, SRCode: [code(1), code(2)] });
  const more = String(files["SRCode.csv"]).replaceAll("\r\n", ',"x"\r\n').replace('"x"', '"BrandNew"');
  const { report } = await taken({ ...files, "SRCode.csv": more });
  t.same(report.notes.filter((note) => note.includes("brandnew")).length, 1);
  t.equal(report.rows.SRCode?.taken, 2);
  for (const [name, column] of [
    ["SRPatient", "TestPatient"],
    ["SRPatientRegistration", "IDOrganisation"],
    ["SRCode", "CTV3Code"],
  ] as const) {
    const renamed = String(files[`${name}.csv`]).replace(`"${column}"`, '"Other"');
    const { message } = await refusal(taken({ ...files, [`${name}.csv`]: renamed }));
    t.match(
      message,
      new RegExp(`^${name}.csv: it lacks the column ${column.toLowerCase()}; export it again`),
    );
  }
});

t.test(
  "SNOMED CT is the code; CTV3 is what was recorded before, to the letter, and counts where it is alone",
  async (t) => {
    const before = { DateEventRecorded: "31 Mar 2018 23:59:59" };
    const { store } = await taken(
      systmone({
        ...PEOPLE,
        SRCode: [
          code(1, { DateEvent: "01 Jan 2016", ...before }),
          code(2, { DateEvent: "02 Jan 2016", DateEventRecorded: "01 Apr 2018 00:00:00" }),
          code(3, { DateEvent: "03 Jan 2016", SNOMEDCode: -1, CTV3Code: "XaBVJ" }),
          code(4, { DateEvent: "04 Jan 2016", SNOMEDCode: "", CTV3Code: "Xabvj" }),
          code(5, { DateEvent: "05 Jan 2016", SNOMEDCode: -1, CTV3Code: "Y12ab" }),
          code(6, { DateEvent: "06 Jan 2016", SNOMEDCode: -1, CTV3Code: "G3..." }),
          code(7, { DateEvent: "07 Jan 2016", SNOMEDCode: -1, CTV3Code: " XaZ89 " }),
        ],
      }),
    );
    t.same((everything(store) as { events: string[] }).events, [
      "11 2016-01-01 snomed 44054006 was ctv3 X40J5 mapped",
      "11 2016-01-02 snomed 44054006",
      "11 2016-01-03 ctv3 XaBVJ was ctv3 XaBVJ unmapped",
      "11 2016-01-04 ctv3 Xabvj was ctv3 Xabvj unmapped",
      "11 2016-01-05 ctv3 Y12ab was ctv3 Y12ab unmapped",
      "11 2016-01-06 ctv3 G3... was ctv3 G3... unmapped",
      "11 2016-01-07 ctv3 XaZ89 was ctv3 XaZ89 unmapped",
    ]);
  },
);

t.test(
  "values have a comparator and a unit, in Windows-1252 or UTF-8; a blood pressure is two rows",
  async (t) => {
    const at = (day: number, fields: Tables[string][number]): Tables[string][number] =>
      code(day, { DateEvent: `0${day} Jan 2024`, ...fields });
    const rows = [
      at(1, {
        CTV3Code: "2469.",
        SNOMEDCode: "271649006",
        NumericValue: "140",
        NumericUnit: "mmHg",
        IDEvent: 5,
      }),
      at(1, {
        RowIdentifier: 10,
        CTV3Code: "246A.",
        SNOMEDCode: "271650006",
        NumericValue: "80",
        NumericUnit: "mmHg",
        IDEvent: 5,
      }),
      at(2, { NumericComparator: "<", NumericValue: "5", NumericUnit: "\xb5mol/L" }),
      at(3, { NumericComparator: "=", NumericValue: ">=90", NumericUnit: "-1" }),
      at(4, { NumericValue: "-1.5", NumericUnit: "\xc2\xb5mol/L" }),
      at(5, { NumericValue: "2", NumericUnit: "\x89" }),
      at(6, { NumericValue: "", NumericUnit: "kg", IsNumeric: "false" }),
    ];
    t.same(await events({ SRCode: rows }), [
      "11 2024-01-01 snomed 271649006 140 mmHg",
      "11 2024-01-01 snomed 271650006 80 mmHg",
      "11 2024-01-02 snomed 44054006 <5 µmol/L",
      "11 2024-01-03 snomed 44054006 >=90 ",
      "11 2024-01-04 snomed 44054006 -1.5 µmol/L",
      "11 2024-01-05 snomed 44054006 2 ‰",
      "11 2024-01-06 snomed 44054006",
    ]);
    const optOut = { SNOMEDCode: "827241000000103", CTV3Code: "" };
    const { report, store } = await taken(
      systmone({
        ...PEOPLE,
        SRCode: [
          ...rows,
          ...rows.map((row, i) => ({ ...row, RowIdentifier: 50 + i })),
          code(90, { NumericValue: "high" }),
          code(91, { NumericValue: "1", NumericComparator: "about" }),
          code(92, { ...optOut, NumericValue: "yes", NumericUnit: "kg" }),
          code(93, { ...optOut, NumericValue: "1", NumericComparator: "about", DateEvent: "45 Feb 2020" }),
        ],
      }),
    );
    t.same(
      listedIn(store).filter((each) => each.includes(optOut.SNOMEDCode)),
      ["11 1950-02-01 snomed 827241000000103", "11 2024-03-02 snomed 827241000000103"],
      "an opt-out is held without a value that cannot be read",
    );
    t.same(report.doubts.map(({ count }) => count).sort(), [1, 1, 1], "and each is said");
    t.match(reasons(report), {
      "SRCode: NumericValue is not a number, nor one behind <, <=, >, >= or ~": 1,
      "SRCode: NumericComparator is none of < <= > >= ~": 1,
    });
    addsUp(t, report, { SRCode: 18 });
  },
);

t.test(
  "an issue counts when it starts, in number; what others prescribed is left out; a template is no issue",
  async (t) => {
    const issue = (id: number, fields: Tables[string][number]): Tables[string][number] => ({
      RowIdentifier: id,
      IDPatient: 11,
      IDMultiLexDMD: "39695211000001102",
      ...fields,
    });
    const { store, report } = await taken(
      systmone({
        ...PEOPLE,
        SRPrimaryCareMedication: [
          issue(1, { DateMedicationStart: "05 Jul 2024", MedicationQuantity: "28 tablets" }),
          issue(2, { DateMedicationStart: "05 Jul 2025", MedicationQuantity: "2 x 100 ml" }),
          issue(3, { MedicationQuantity: "1,000 ml", IDDoneBy: 77 }),
          issue(4, { DateMedicationStart: "07 Jul 2024", MedicationQuantity: "one original pack" }),
          issue(5, {
            DateMedicationStart: "08 Jul 2024",
            MedicationQuantity: "7.5 grams",
            IDMultiLexDMD: -1,
            IDMultiLexProduct: 4711,
          }),
          issue(6, { IsOtherMedication: "true" }),
          issue(7, { IsDentalMedication: "TRUE" }),
          issue(8, { IsHospitalMedication: "1" }),
        ],
        SRRepeatTemplate: [{ RowIdentifier: 1, IDPatient: 11, IDMultiLexDMD: "39695211000001102" }],
      }),
    );
    t.same(listedIn(store), [
      "11 2024-03-02 dmd 39695211000001102 x1000 by 77",
      "11 2024-07-05 dmd 39695211000001102 x28",
      "11 2024-07-07 dmd 39695211000001102",
      "11 2024-07-08 local multilex-4711 x7.5",
      "11 2025-07-05 dmd 39695211000001102 x200",
    ]);
    t.same(reasons(report), {
      "SRPrimaryCareMedication: IsOtherMedication is true: it was not issued by the practice": 1,
      "SRPrimaryCareMedication: IsDentalMedication is true: it was not issued by the practice": 1,
      "SRPrimaryCareMedication: IsHospitalMedication is true: it was not issued by the practice": 1,
    });
    t.match(report.doubts, [{ reason: /MedicationQuantity does not begin with a number/, count: 1 }]);
    t.match(report.notes, [/^1 other tables hold nothing/]);
    addsUp(t, report, { SRPrimaryCareMedication: 8 });
  },
);

t.test("a quantity is how many, not how strong, and what is no one number is doubted", async (t) => {
  const quantities: Readonly<Record<string, string>> = {
    "56 x 500 mg": " x56",
    "28 x 10mg tablets": " x28",
    "3 x 1,000 ml": " x3000",
    "1,5 ml": "",
    "1e3": "",
    "128-56": "",
    "28": " x28",
    "2.5 ml": " x2.5",
  };
  const { store, report } = await taken(
    systmone({
      ...PEOPLE,
      SRPrimaryCareMedication: Object.keys(quantities).map((MedicationQuantity, i) => ({
        RowIdentifier: i + 1,
        IDPatient: 11,
        IDMultiLexDMD: "39695211000001102",
        DateMedicationStart: `0${i + 1} Jul 2024`,
        MedicationQuantity,
      })),
    }),
  );
  t.same(
    listedIn(store),
    Object.values(quantities).map((x, i) => `11 2024-07-0${i + 1} dmd 39695211000001102${x}`),
  );
  t.match(report.doubts, [{ reason: /MedicationQuantity does not begin with a number/, count: 3 }]);
});

const NO_MEETINGS = [
  "Text message to mobile phone",
  "Failed telephone encounter",
  "Letter sent to home address",
  "Homeless outreach note",
  "Care home liaison with staff",
  "Did not attend face to face",
  "Cancelled online booking",
];

t.test(
  "contacts are told apart by how a person was met, in words or by the numbers of the lists",
  async (t) => {
    const contact = (
      id: number,
      ContactMethod: string | number,
      ContactEventLocation: string | number = "",
      more = {},
    ): Tables[string][number] => ({
      RowIdentifier: id,
      IDPatient: 11,
      DateEvent: `0${id} Jan 2024`,
      ContactMethod,
      ContactEventLocation,
      ...more,
    });
    const { store, report } = await taken(
      systmone({
        ...PEOPLE,
        SRConfiguredListOption: [
          { RowIdentifier: 900, ConfiguredListOption: "Face to face" },
          { RowIdentifier: 901, ConfiguredListOption: "Patient's Home" },
          { RowIdentifier: 902, ConfiguredListOption: "Letter from patient" },
        ],
        SREvent: [
          contact(1, "Face to Face", "GP Surgery", { IDDoneBy: 77 }),
          contact(2, 900, 901),
          contact(3, "Telephone", 901),
          contact(4, "Video consultation"),
          contact(5, "eConsult"),
          contact(6, 902),
          contact(7, 903),
          contact(8, -1, "GP Surgery"),
          contact(9, "Telephone", "", { EventIncomplete: "true" }),
          ...NO_MEETINGS.map((words, i) => contact(9, words, "", { RowIdentifier: 40 + i })),
          contact(9, "Telephone", "", { ClinicalEvent: "false", RowIdentifier: 10 }),
          contact(6, "Care home visit", "", { RowIdentifier: 60 }),
        ],
      }),
    );
    t.same(listedIn(store), [
      "11 2024-01-01 snomed 308335008 by 77",
      "11 2024-01-02 snomed 439708006",
      "11 2024-01-03 snomed 185317003",
      "11 2024-01-04 snomed 448337001",
      "11 2024-01-05 snomed 1068881000000101",
      "11 2024-01-06 snomed 439708006",
    ]);
    t.same(reasons(report), {
      "SREvent: its ContactMethod is no contact with the person": 2 + NO_MEETINGS.length,
      "SREvent: its ContactMethod, or its place where it has none, is a number that no SRConfiguredListOption explains": 1,
      "SREvent: EventIncomplete is true": 1,
      "SREvent: ClinicalEvent is false: it is administration": 1,
    });
    addsUp(t, report, { SREvent: 11 + NO_MEETINGS.length });
    await taken(systmone({ SREvent: [contact(7, 902)] }), store);
    const later = await taken(systmone({ SREvent: [contact(7, 900)] }), store);
    t.match(
      listedIn(later.store),
      [/./, /./, /./, /./, /./, /./, "11 2024-01-07 snomed 308335008"],
      "a later extract knows the numbers",
    );
    const atPlaces = await taken(
      systmone({ SREvent: [contact(7, 900, 904), contact(8, "Face to face", 905), contact(9, -1, 904)] }),
      store,
    );
    t.match(listedIn(store).slice(6), ["11 2024-01-07 snomed 308335008", "11 2024-01-08 snomed 308335008"]);
    t.match(atPlaces.report.quality.events, { events: 8, codes: [] }, "what a place may mean leaves a code as recorded"); // prettier-ignore
    const places = [904, 905].map((id) => ({
      RowIdentifier: id,
      ConfiguredListOption: id === 904 ? "Home" : "Ward",
    }));
    await taken(systmone({ SRConfiguredListOption: places }), store);
    t.same(listedIn(store).slice(6), [
      "11 2024-01-07 snomed 439708006",
      "11 2024-01-08 snomed 308335008",
      "11 2024-01-09 snomed 439708006",
    ]);
  },
);

const registration = (id: number, fields: Tables[string][number] = {}): Tables[string][number] => ({
  RowIdentifier: id,
  IDPatient: 11,
  ...fields,
});
const registrationsIn = (store: string): unknown =>
  (everything(store) as { registrations: unknown }).registrations;
const DAY = { 2000: 10957, 2010: 14610, 2020: 18262 } as const;

t.test("registrations count here, for all care; coded entries count wherever they were made", async (t) => {
  const { store, report } = await taken(
    systmone({
      SRPatient: [{ RowIdentifier: 11 }, { RowIdentifier: 12 }, { RowIdentifier: 13 }],
      SRPatientRegistration: [
        registration(1, { RegistrationStatus: "GMS,Contraception", DateDeRegistration: "01 Jan 2010" }),
        registration(2, {
          RegistrationStatus: "Standard",
          DateRegistration: "01 Jan 2020",
          IDOrganisation: "",
        }),
        registration(3, { IDPatient: 12, IDOrganisation: "Y99999" }),
        registration(4, { IDPatient: 12, RegistrationStatus: "Temporary" }),
        registration(5, { IDPatient: 12, RegistrationStatus: "Applied" }),
        registration(6, { IDPatient: 13, DateDeRegistration: "31 Dec 1999" }),
        registration(7, { IDPatient: 13, DateRegistration: "" }),
        registration(8, { IDPatient: 99 }),
        registration(9, { IDPatient: 13, IDOrganisation: -1, DateDeRegistration: "31 Dec 9999" }),
      ],
      SRCode: [code(1, { IDOrganisation: "Y99999", IDOrganisationDoneAt: "Y99999" })],
    }),
  );
  t.same(registrationsIn(store), [["11", DAY[2000], DAY[2010]], ["11", DAY[2020], null], ["13", DAY[2000], null]]); // prettier-ignore
  t.same(listedIn(store), ["11 2024-03-02 snomed 44054006"]);
  t.same(reasons(report), {
    "SRPatientRegistration: IDOrganisation is another than IDOrganisationVisibleTo: it is a registration elsewhere": 1,
    "SRPatientRegistration: RegistrationStatus is neither GMS nor Standard: it is no registration for all care": 2,
    "SRPatientRegistration: DateDeRegistration is before DateRegistration": 1,
    "SRPatientRegistration: it has no DateRegistration": 1,
    "SRPatientRegistration: it points at no patient of these records": 1,
  });
  addsUp(t, report, { SRPatientRegistration: 9 });
});

t.test("registrations are corrected and deleted by their rows' ids alone", async (t) => {
  const store = newStore();
  await taken(systmone({ ...PEOPLE, SRCode: [code(1)] }), store);
  const then = async (...rows: Tables[string]): Promise<unknown> => {
    await taken(systmone({ SRPatientRegistration: rows }), store);
    return registrationsIn(store);
  };
  const other = ["12", DAY[2000], null];
  const moved = await then(
    registration(1, { DateRegistration: "01 Jan 2010", DateDeRegistration: "01 Jan 2020" }),
  );
  t.same(
    moved,
    [["11", DAY[2010], DAY[2020]], other],
    "the start was corrected, though the two do not overlap",
  );
  t.same(await then(registration(1, { IDOrganisation: "Y99999" })), [other], "it proved to be elsewhere");
  t.same(await then(registration(1), registration(3, { DateRegistration: "01 Jan 2020" })), [
    ["11", DAY[2000], null],
    ["11", DAY[2020], null],
    other,
  ]);
  t.same(await then({ RowIdentifier: 1, RemovedData: 1 }), [["11", DAY[2020], null], other]); // prettier-ignore
  const { report } = await taken(
    systmone({ SRPatientRegistration: [{ RowIdentifier: 1, RemovedData: 1 }, registration(4)] }),
    store,
  );
  t.same(reasons(report), { "SRPatientRegistration: RemovedData is 1, and the row is not here": 1 });
});

t.test("test patients are nobody, and codes of names and addresses are not kept", async (t) => {
  const { store, report } = await taken(
    systmone({
      SRPatient: [{ RowIdentifier: 11 }, { RowIdentifier: 12, TestPatient: "true" }],
      SRPatientRegistration: [registration(1), registration(2, { IDPatient: 12 })],
      SRCode: [
        code(1),
        code(2, { IDPatient: 12 }),
        code(3, { CTV3Code: "9153.", SNOMEDCode: -1 }),
        code(4, { CTV3Code: "", SNOMEDCode: "184097001" }),
      ],
    }),
  );
  t.same(listedIn(store), ["11 2024-03-02 snomed 44054006"]);
  t.match(reasons(report), {
    "SRPatient: TestPatient is true: it is nobody": 1,
    "SRPatientRegistration: it is of a test patient": 1,
    "SRCode: it is of a test patient": 1,
  });
  t.match(JSON.stringify(report), /names, addresses or numbers|a name, an address or a number/);
  await taken(
    systmone({
      SRPatient: [{ RowIdentifier: 11, TestPatient: "true" }, { RowIdentifier: 13 }],
      SRPatientRegistration: [registration(3, { IDPatient: 13 })],
    }),
    store,
  );
  t.same(listedIn(store), [], "who became one goes");
});

t.test("deprivation is of the address that a person has now", async (t) => {
  const deprivation = { files: [file("table.csv", "postcode,quintile\nZY11AA,1\nZY31AA,3\nZY51AA,5\n")] };
  const address = (
    id: number,
    FullPostCode: string,
    fields: Tables[string][number] = {},
  ): Tables[string][number] => ({
    RowIdentifier: id,
    IDPatient: 11,
    FullPostCode,
    ...fields,
  });
  const store = newStore();
  const fifth = (): unknown => {
    const db = openDatabase(join(store, "records.db"), { readonly: true });
    const found = db.prepare("SELECT deprivation_fifth FROM patient WHERE practice_id = '11'").pluck().get();
    db.close();
    return found;
  };
  const then = async (...rows: Tables[string]): Promise<unknown> => {
    await taken(systmone({ SRPatientAddressHistory: rows }), store, { deprivation });
    return fifth();
  };
  await taken(
    systmone({
      ...PEOPLE,
      SRPatientAddressHistory: [address(1, "ZY1 1AA"), address(2, "ZY5 1AA", { DateTo: "01 Feb 2001" })],
    }),
    store,
    { deprivation },
  );
  t.equal(fifth(), 1);
  t.equal(await then(address(3, "ZY3 1AA", { DateEvent: "01 Jan 2020" })), 3, "they moved");
  t.equal(await then({ RowIdentifier: 3, RemovedData: 1 }), 1, "they did not");
  await taken(systmone({ ...PEOPLE, SRCode: [code(1)] }), store);
  t.equal(fifth(), 1, "an extract that is read without a table says nothing of it");
  await taken(systmone({ ...PEOPLE, SRCode: [code(1)] }), store, { whole: true });
  t.equal(fifth(), 1, "nor does a whole one");
  t.equal(await then(address(4, "ZY5 1AA", { DateEvent: "01 Jan 1990" })), 1, "the newer address is known");
  t.equal(await then({ RowIdentifier: 4, RemovedData: 1 }), 1);
  t.equal(await then(address(1, "ZY1 1AA", { DateTo: "01 Feb 2021" })), 0, "they left, for nowhere known");
  t.equal(await then(address(5, "ZY5 1AA")), 5);
  await taken(systmone({ ...PEOPLE, SRPatientAddressHistory: [address(6, "ZY3 1AA", { DateEvent: "01 Jan 1990" })] }), store, { deprivation, whole: true, yes: true }); // prettier-ignore
  t.equal(fifth(), 3, "what a whole one with a table does not have is over");
  for (const name of readdirSync(store)) t.notMatch(readFileSync(join(store, name), "latin1"), /ZY\d ?1AA/);
});

t.test("an ethnic group is that of the newest entry that says one", async (t) => {
  const store = newStore();
  const group = (): unknown => {
    const db = openDatabase(join(store, "records.db"), { readonly: true });
    const found = db.prepare("SELECT ethnic_group FROM patient ORDER BY practice_id").pluck().all();
    db.close();
    return found;
  };
  await taken(
    systmone({
      ...PEOPLE,
      SRCode: [
        code(1, { CTV3Code: "9S2..", SNOMEDCode: -1, DateEvent: "01 Jan 2015" }),
        code(2, { CTV3Code: "", SNOMEDCode: "92571000000102", DateEvent: "01 Jan 2016" }),
        code(3, { CTV3Code: "XaLN0", SNOMEDCode: -1, DateEvent: "01 Jan 2020" }), // unknown: says nothing
      ],
    }),
    store,
  );
  t.same(group(), ["white", "unknown"]);
  await taken(systmone({ SRCode: [{ RowIdentifier: 2, RemovedData: 1 }] }), store);
  t.same(group(), ["black", "unknown"]);
});

t.test("a manifest says from when to when, and which files there are", async (t) => {
  const full: Files = systmone({ ...PEOPLE, SRCode: [code(1)] });
  const delta: Files = systmone({ SRCode: [code(1, { SNOMEDCode: "73211009" })] });
  const withManifest = (files: Files, from: string, to: string): Files => ({
    ...files,
    "SRManifest.csv": manifest(files, from, to),
  });
  const first = await refusal(taken(withManifest(delta, "20240331_2359", "20240401_2359")));
  t.match(first.message, /holds what changed alone, and no full one was loaded before/);
  const { store, report } = await taken(withManifest(full, "", "20240331_2359"));
  t.equal(report.covers_to, "2024-03-31");
  const next = await taken(withManifest(delta, "20240331_2359", "20240402_0200"), store);
  t.equal(next.report.covers_to, "2024-04-01", "the day that was over when it was taken");
  t.same(listedIn(store), ["11 2024-03-02 snomed 73211009"]);
  const again = await taken(withManifest(full, "", "02 Apr 2024 23:59:00"), store, { older: true });
  t.match(again.report.notes.join("\n"), /this is a full extract: what earlier ones held/);
  t.equal(again.report.covers_to, "2024-04-02");
  const { "SRCode.csv": _, ...without } = withManifest(full, "", "20240331_2359");
  t.match(
    (await refusal(taken(without))).message,
    /^SRManifest.csv lists SRCode, and the extract does not hold it/,
  );
  const odd = {
    ...full,
    "SRManifest.csv": '"FileName","IsDelta","DateExtractTo"\r\n"SRCode","maybe","20240331_2359"\r\n',
  };
  t.match((await refusal(taken(odd))).message, /^SRManifest.csv:2: IsDelta is neither Y nor N/);
  const undated = {
    ...full,
    "SRManifest.csv": '"FileName","IsDelta","DateExtractTo"\r\n"SRCode","N","lately"\r\n',
  };
  t.match((await refusal(taken(undated))).message, /a date of it is none/);
});

const eventsOf = (store: string): unknown => (everything(store) as { events: unknown }).events;

t.test("several extracts in one load are taken in the order of their manifests", async (t) => {
  const night = (name: string, to: string, from: string, tables: Tables): Files => {
    const files = systmone(tables);
    return Object.fromEntries(
      Object.entries({ ...files, "SRManifest.csv": manifest(files, from, to) }).map(([file, content]) => [
        `${name}/${file}`,
        content,
      ]),
    );
  };
  const full = night("z", "20240401_2359", "", { ...PEOPLE, SRCode: [code(1), code(2)] });
  const changed = night("m", "20240402_2359", "20240401_2359", { SRCode: [code(1, { SNOMEDCode: "73211009" })] }); // prettier-ignore
  const again = night("a", "20240403_2359", "20240402_2359", { SRCode: [code(1), code(2, { RemovedData: 1 })] }); // prettier-ignore
  const { report, store } = await taken({ ...again, ...full, ...changed });
  t.same(eventsOf(store), ["11 2024-03-02 snomed 44054006"], "the newest version of each row");
  t.equal(report.covers_to, "2024-04-03");
  t.match(report.extract, { kind: "bulk", to: "2024-04-03T23:59:00" });
  t.same(report.rows.SRCode, { taken: 5, skipped: 0 });
  const deltas = await refusal(taken({ ...again, ...changed }));
  t.match(deltas.message, /what changed alone, and no full one was loaded before/);
  const gap = await refusal(taken({ ...full, ...again }));
  t.match(gap, {
    code: "gap",
    message: /what changed between 2024-04-01 23:59 and 2024-04-02 23:59 is missing: /,
  });
  const noted = await taken({ ...full, ...again }, newStore(), { older: true });
  t.match(noted.report.notes.join(), /between two of these extracts what changed between 2024-04-01 23:59 and 2024-04-02 23:59 is missing: .*--older/); // prettier-ignore
  const twice = night("b", "20240402_2359", "20240401_2359", { SRCode: [code(3)] });
  t.match((await refusal(taken({ ...full, ...changed, ...twice }))).message, /SRManifest.csv: its DateExtractTo is that of .* no order; load them one by one/); // prettier-ignore
  const stray = { ...full, ...changed, "SRCode.csv": table("SRCode", [code(9)]) };
  t.match((await refusal(taken(stray))).message, /^SRCode.csv: there are 2 extracts, and it lies beside the SRManifest.csv of none/); // prettier-ignore
});

/** An extract with the manifest of a moment. */
const night = (to: string, from: string, tables: Tables): Files => {
  const files = systmone(tables);
  return { ...files, "SRManifest.csv": manifest(files, from, to) };
};

t.test(
  "contacts have the way that their numbers stand for now, as one extract of that day has them",
  async (t) => {
    const options = (words: Readonly<Record<number, string>>): Tables[string] =>
    Object.entries(words).map(([id, ConfiguredListOption]) => ({ RowIdentifier: Number(id), ConfiguredListOption })); // prettier-ignore
    const ways: readonly (readonly [method: string | number, place: string | number])[] = [[900, 910], [900, 911], ["Face to face", 911], [901, 911], [902, 910], [903, 910], [-1, 912], [904, ""]]; // prettier-ignore
    const contacts = ways.map(([ContactMethod, ContactEventLocation], i) => ({ RowIdentifier: i + 1, IDPatient: 11, DateEvent: `0${i + 1} Jan 2024`, ContactMethod, ContactEventLocation })); // prettier-ignore
    const before = options({ 900: "Face to face", 901: "Video", 902: "Telephone", 903: "Telephone", 904: "Online", 910: "GP Surgery", 911: "Patient's home", 912: "Patient's home" }); // prettier-ignore
    const words = { 900: "Face to face", 901: "Video", 902: "Letter", 903: "eConsult", 904: "Telephone", 910: "Home visit", 911: "Ward", 912: "Ward" }; // prettier-ignore
    const [day, next, last] = ["20240401_2359", "20240402_2359", "20240403_2359"] as const;
    const { store } = await taken(night(day, "", { ...PEOPLE, SRConfiguredListOption: before, SREvent: contacts })); // prettier-ignore
    const was = listedIn(store);
    const { report } = await taken(night(next, day, { SRConfiguredListOption: options(words) }), store);
    const once = await taken(night(next, "", { ...PEOPLE, SRConfiguredListOption: options(words), SREvent: contacts })); // prettier-ignore
    t.same(everything(store), everything(once.store));
    t.same([was.length, listedIn(store).length], [8, 6], "a letter and a ward are no contact");
    t.match(report.notes.join(), /6 options of SRConfiguredListOption stand for another way/);
    t.notMatch(report.notes.join(), /Cairn/);
    t.same(report.changes.events, { added: 0, corrected: 5, deleted: 2 });
    const removed = [{ RowIdentifier: 901, RemovedData: 1 }];
    t.match(reasons((await taken(night(last, next, { SRConfiguredListOption: removed }), store)).report), {
      "SRConfiguredListOption: RemovedData is 1: what it stood for stays so": 1,
    });
    const [again, later] = ["20240404_2359", "20240405_2359"];
    const held = listedIn(store);
    const older = night("20240401_1200", "20240331_2359", { SRConfiguredListOption: before });
    await taken(older, store, { older: true });
    t.same(listedIn(store), held, "an older list takes no newer one's place");
    const back = await taken(
      night(again, last, { SRConfiguredListOption: options({ 902: "Telephone" }) }),
      store,
    );
    t.match(back.report.notes.join(), /1 of them stood for no contact with the person: .*--whole/);
    const db = openDatabase(join(store, "records.db"), {});
    db.exec("UPDATE store SET lacks_source_codes = 1");
    db.close();
    const kept = await taken(
      night(later, again, { SRConfiguredListOption: options({ 902: "Letter" }) }),
      store,
    );
    t.match(kept.report.notes.join(), /came in with an earlier version of Cairn have no new code/);
  },
);

t.test("the fifth of somebody who left and came back, whatever order that is told in", async (t) => {
  const deprivation = { files: [file("table.csv", "postcode,quintile\nZY11AA,1\nZY31AA,3\n")] };
  const home = (RowIdentifier: number, FullPostCode: string, DateEvent: string): Tables[string][number] => ({ RowIdentifier, IDPatient: 11, FullPostCode, DateEvent }); // prettier-ignore
  const days = ["20240401_2359", "20240402_2359", "20240403_2359", "20240404_2359"] as const;
  const nights = [
    night(days[0], "", { ...PEOPLE, SRPatientAddressHistory: [home(1, "ZY1 1AA", "01 Jan 2020")] }),
    night(days[1], days[0], { SRPatient: [{ RowIdentifier: 11, RemovedData: 1 }] }),
    night(days[2], days[1], { SRPatient: [{ RowIdentifier: 11 }], SRPatientAddressHistory: [home(2, "ZY3 1AA", "01 Jan 2010"), home(3, "ZY1 1AA", "01 Jan 2022")] }), // prettier-ignore
    night(days[3], days[2], { SRPatientAddressHistory: [home(3, "ZY1 1AA", "32 Xyz 2022")] }),
  ];
  for (const order of [[0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 2, 1], [0, 2, 3, 1]]) {
    const store = newStore();
    for (const i of order) await taken(nights[i]!, store, { deprivation, older: true, yes: true });
    const db = openDatabase(join(store, "records.db"), { readonly: true });
    const fifth = db.prepare("SELECT deprivation_fifth FROM patient WHERE practice_id = '11'").pluck().get();
    db.close();
    t.equal(fifth, 3, `in the order ${order.join()}`);
  }
}); // prettier-ignore

t.test("every table says whose extract it is", async (t) => {
  const other = { IDOrganisationVisibleTo: "Y99999" };
  const tables: Tables = {
    SRPatientRegistration: [registration(1, other)],
    SRCode: [code(1, other)],
    SREvent: [{ RowIdentifier: 1, IDPatient: 11, ...other }],
    SRPrimaryCareMedication: [{ RowIdentifier: 1, IDPatient: 11, ...other }],
    SRImmunisation: [{ RowIdentifier: 1, IDPatient: 11, ...other }],
  };
  for (const [name, rows] of Object.entries(tables)) {
    const { message, code } = await refusal(taken(systmone({ ...PEOPLE, [name]: rows })));
    t.equal(code, "two-practices", name);
    t.match(message, new RegExp(`${name}.csv: the column IDOrganisationVisibleTo names 2 practices`));
    const store = newStore();
    await taken(systmone(PEOPLE), store);
    const alone = await refusal(taken(systmone({ [name]: rows }), store));
    t.match(
      alone.message,
      /records of practice Y99999, and this store holds those of X12345/,
      `${name} alone`,
    );
  }
});

t.test("hostile files are taken or named, and nothing is lost in silence", async (t) => {
  const rows = [
    code(1, { CTV3Text: 'he said "no", twice' }),
    code(2, { CTV3Text: "two\nlines", DateEvent: "03 Mar 2024" }),
    code(3, { CTV3Text: "a \0 in it", DateEvent: "04 Mar 2024" }),
    code(4, { CTV3Text: "caf\xe9 \x93quoted\x94", DateEvent: "05 Mar 2024" }),
    code(5, { RowIdentifier: "1234567890123456789", DateEvent: "06 Mar 2024" }),
    code(6, { RowIdentifier: "1234567890123456788", DateEvent: "07 Mar 2024" }),
    code(7, { DateEvent: "01 Jan 1800" }),
    code(8, { DateEvent: "01 Jan 2999" }),
    code(9, { DateEvent: "" }),
    code(10, { DateEvent: "31 Feb 2024" }),
    code(11, { RowIdentifier: "" }),
    code(12, { IDPatient: 99 }),
    ...Array.from({ length: 30 }, (_, i) => code(100 + i, { DateEvent: "09 Mar 2024" })),
  ];
  const files: Files = systmone({ ...PEOPLE, SRCode: rows });
  const expected = ["1800-01-01", ...[2, 3, 4, 5, 6, 7].map((day) => `2024-03-0${day}`)];
  const { store, report } = await taken(files);
  t.same(
    listedIn(store).filter((line) => !line.includes("03-09")),
    expected.map((day) => `11 ${day} snomed 44054006`),
  );
  addsUp(t, report, { SRPatient: 2, SRPatientRegistration: 2, SRCode: rows.length });
  t.same(reasons(report), {
    "SRCode: its date is not a date from 1800 to 2199 written dd MMM yyyy": 2,
    "SRCode: it has no date, so no question could see it": 1,
    "SRCode: RowIdentifier is empty": 1,
    "SRCode: it points at no patient of these records": 1,
  });
  t.notMatch(JSON.stringify(report), /twice|quoted|caf/, "no text of a row is repeated");
  t.notMatch(readFileSync(join(store, "records.db"), "latin1"), /he said|two\nlines|quoted/, "nor kept");
  await taken(systmone({ SRCode: [{ RowIdentifier: "1234567890123456789", RemovedData: 1 }] }), store);
  t.notMatch(listedIn(store).join(), /03-06/, "ids of 19 digits are told apart");
  t.match(listedIn(store).join(), /03-07/);

  const mark = await taken({
    ...files,
    "SRCode.csv": Buffer.concat([Buffer.from("\ufeff"), files["SRCode.csv"] as Buffer]),
  });
  t.equal(mark.report.rows.SRCode?.taken, report.rows.SRCode?.taken, "a byte order mark");
  const wide = { ...files, "SRCode.csv": Buffer.from(`\ufeff${String(files["SRCode.csv"])}`, "utf16le") };
  t.match((await refusal(taken(wide))).message, /^SRCode.csv: is UTF-16/);
  const zip = zipOf(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]));
  const whole = await load(newStore(), file("extract.zip", zip), as());
  t.equal(whole.rows.SRCode?.taken, report.rows.SRCode?.taken, "a .zip");
  const cut = await refusal(load(newStore(), file("extract.zip", zip.subarray(0, zip.length - 40)), as()));
  t.match(cut.message, /is not a sound .zip file; copy it again/);
});

t.test("two organisations, a missing table and a header alone are named", async (t) => {
  const two = systmone({
    ...PEOPLE,
    SRPatient: [{ RowIdentifier: 11 }, { RowIdentifier: 12, IDOrganisationVisibleTo: "Y99999" }],
  });
  t.match(
    (await refusal(taken(two))).message,
    /IDOrganisationVisibleTo names 2 practices; export one practice alone/,
  );
  const nobody = systmone({ SRCode: [code(1)] });
  t.match((await refusal(taken(nobody))).message, /no SRPatient.csv there/);
  const never = systmone({ SRPatient: PEOPLE.SRPatient!, SRCode: [code(1)] });
  t.match((await refusal(taken(never))).message, /carry no registrations/);
  const without = await taken(systmone(PEOPLE));
  t.match(
    without.report.notes.join("\n"),
    /the extract has no SREvent, SRCode, SRPrimaryCareMedication, SRImmunisation/,
  );
  const header = table("SRCode", []);
  const { report } = await taken({ ...systmone(PEOPLE), "SRCode.csv": header });
  t.same(report.rows.SRCode, { taken: 0, skipped: 0 });
  t.match(
    (await refusal(taken({ ...systmone(PEOPLE), "SRPatient.csv": table("SRPatient", []) }))).message,
    /no person was found/,
  );
  t.match((await refusal(taken({ ...systmone(PEOPLE), "SRCode.csv": "" }))).message, /^SRCode.csv: is empty/);
  const known = await refusal(load(newStore(), extract(systmone(PEOPLE)), { format: "aurum" }));
  t.match(known.message, /this looks like --format systmone/);
  const night = extract({ "291_Admin_Patient_20250402021500_5E74EFAE.csv": "PatientGuid\n" });
  const later = await refusal(load((await taken(systmone(PEOPLE))).store, night, { format: "systmone" }));
  t.match(
    later.message,
    /nothing of this extract could be taken.*; by the names of its files this looks like --format emis$/,
  );
});

t.test("deltas: who leaves, returns, dies and did not; a code that changes; rows that go", async (t) => {
  const store = newStore();
  await taken(
    systmone({
      ...PEOPLE,
      SRCode: [code(1), code(2, { IDPatient: 12 })],
      SREvent: [{ RowIdentifier: 1, IDPatient: 11, ContactMethod: "Telephone" }],
    }),
    store,
  );
  const state = async (
    tables: Tables,
  ): Promise<{ people: unknown[][]; registrations: unknown; events: string[] }> => {
    await taken(systmone(tables), store);
    return everything(store) as { people: unknown[][]; registrations: unknown; events: string[] };
  };
  let now = await state({ SRPatientRegistration: [registration(1, { DateDeRegistration: "01 Jan 2010" })] });
  t.same(now.registrations, [["11", DAY[2000], DAY[2010]], ["12", DAY[2000], null]], "left"); // prettier-ignore
  now = await state({ SRPatientRegistration: [registration(3, { DateRegistration: "01 Jan 2020" })] });
  t.same(now.registrations, [["11", DAY[2000], DAY[2010]], ["11", DAY[2020], null], ["12", DAY[2000], null]], "returned"); // prettier-ignore
  now = await state({ SRPatient: [{ RowIdentifier: 12, DateDeath: "03 Mar 2024 00:00:00" }] });
  t.equal(now.people[1]?.[4], 19785, "died");
  now = await state({ SRPatient: [{ RowIdentifier: 12 }] });
  t.equal(now.people[1]?.[4], null, "did not");
  now = await state({ SRCode: [code(1, { SNOMEDCode: "73211009" })] });
  t.same(now.events, [
    "11 2024-03-02 snomed 185317003",
    "11 2024-03-02 snomed 73211009",
    "12 2024-03-02 snomed 44054006",
  ]);
  now = await state({ SREvent: [{ RowIdentifier: 1, RemovedData: 1 }] });
  t.same(
    now.events,
    ["11 2024-03-02 snomed 73211009", "12 2024-03-02 snomed 44054006"],
    "of its own table alone",
  );
  now = await state({ SRCode: [code(2, { IDPatient: 12, CTV3Code: "9153.", SNOMEDCode: -1 }), code(3)] });
  t.same(
    now.events,
    ["11 2024-03-02 snomed 44054006", "11 2024-03-02 snomed 73211009"],
    "what is not kept any more goes",
  );
  now = await state({
    SRPatient: [{ RowIdentifier: 12, RemovedData: 1 }],
    SRCode: [code(3, { IDPatient: 11, RemovedData: 1 })],
  });
  t.same(
    now.people.map(([id]) => id),
    ["11"],
  );
  t.same(now.registrations, [["11", DAY[2000], DAY[2010]], ["11", DAY[2020], null]]); // prettier-ignore
  now = await state({
    SRPatient: [{ RowIdentifier: 12 }],
    SRPatientRegistration: [registration(2, { IDPatient: 12 })],
    SRCode: [code(1, { IDPatient: 12 })],
  });
  t.same(now.events, ["12 2024-03-02 snomed 44054006"], "a row moves to another person");
  const bad = "32 Xyz 2020";
  now = await state({
    SRCode: [code(1, { IDPatient: 12, DateEvent: bad }), code(7), code(8, { SNOMEDCode: "73211009" })],
    SRPatientRegistration: [registration(3, { DateRegistration: bad }), registration(5), registration(6)],
  });
  t.same(
    now.events,
    ["11 2024-03-02 snomed 44054006", "11 2024-03-02 snomed 73211009"],
    "what a bad row corrects was wrong",
  );
  t.same(now.registrations, [["11", DAY[2000], null], ["12", DAY[2000], null]]); // prettier-ignore
  for (const field of ["DateBirth", "DateDeath"]) {
    now = await state({
      SRPatient: [{ RowIdentifier: 12, [field]: bad }],
      SRCode: [code(9, { IDPatient: 12 })],
    });
    t.same([...now.people, ...(now.registrations as string[][])].map(([id]) => id), ["11", "11"], "as one bulk of that day would refuse them"); // prettier-ignore
    t.equal(now.events.length, 2);
    now = await state({ SRPatient: [{ RowIdentifier: 12, Title: `${field} was put right` }] });
    t.same(now.registrations, [["11", DAY[2000], null], ["12", DAY[2000], null]], "until it is put right"); // prettier-ignore
    t.ok(now.events.includes("12 2024-03-02 snomed 44054006"));
  }
  now = await state({ SRCode: [code(9, { IDPatient: -1 })] });
  t.notOk(now.events.includes("12 2024-03-02 snomed 44054006"), "a night that takes away alone is taken");
});

t.test("each version's own columns are what the layouts say", (t) => {
  t.equal(columnsOf("SRCode", 93).length, 27);
  t.equal(columnsOf("SRCode", 87).length, 23);
  t.notOk(columnsOf("SRCode", 91).includes("RemovedData"));
  t.end();
});
