/**
 * Nights that come in an awkward order. Of one history the same store comes out, event by event, whether it is told in one
 * bulk of the last day, or in nights whose tables come late, early or twice: people after their events, codes after the
 * entries that use them, rows after newer ones. `CAIRN_LONG=1` tells many more histories.
 */
import { join } from "node:path";
import t from "tap";
import { openDatabase } from "@cairn/sqlite";
import { EMIS_COLUMNS } from "../../synthetic/src/formats/emis-columns.js";
import { extract, type Files, load, newStore } from "./fixtures/extracts.js";
import { dice, type Entry, type Night, Practice } from "./fixtures/history.js";
import { manifest, table, type Tables as SystmOneTables } from "./fixtures/systmone.js";

t.setTimeout(600_000);
const HISTORIES = process.env["CAIRN_LONG"] ? 60 : 4;
const NIGHTS = 6;

/** All of a store that an answer can tell apart. */
function told(store: string): Record<string, unknown[]> {
  const db = openDatabase(join(store, "records.db"), { readonly: true, check: false });
  const all = (sql: string): unknown[] => db.prepare(sql).raw().all();
  const people = all("SELECT practice_id, sex, birth_day, death_day, ethnic_group FROM patient ORDER BY 1");
  const registrations = all("SELECT practice_id, start_day, end_day FROM registration JOIN patient ON key = patient ORDER BY 1, 2"); // prettier-ignore
  const events = all(
    `SELECT p.practice_id, e.day, c.system, c.code, r.code AS recorded, e.value, e.source_row FROM event e
     JOIN patient p ON p.key = e.patient JOIN code c ON c.key = e.code LEFT JOIN origin o ON o.key = e.origin
     LEFT JOIN code r ON r.key = o.code ORDER BY 1, 2, 3, 4, 7`,
  );
  const counts = all("SELECT events, (SELECT count(*) FROM event) FROM store");
  db.close();
  return { people, registrations, events, counts };
}

type Fields = Readonly<Record<string, string | number>>;
type Tables = Record<string, Fields[]>;

const ORG = "{9E3E1544-BCB1-44A2-B266-8F4961A3B4CB}";
const guid = (number: number): string => `{2E3B7F41-BEC8-4466-BFEC-${String(number).padStart(12, "0")}}`;
const BASE = { OrganisationGuid: ORG, Deleted: "false" };

/** A night as EMIS Web tells it. Code 1 is a opt-out, code 2 one that is never kept, the others are conditions. */
function emisNight({ people, stays, entries, codes }: Night): Tables {
  const entry = ({ row, person, day, code, value, isNoEvent, isConfidential }: Entry): Fields => ({
    ObservationGuid: guid(row),
    PatientGuid: guid(1_000_000 + person),
    EffectiveDate: day,
    EffectiveDatePrecision: day === "" ? "U" : "YMD",
    CodeId: 7000 + code,
    Value: value,
    ObservationType: isNoEvent ? "Family History" : "Observation",
    IsConfidential: String(isConfidential),
  });
  return {
    Admin_Patient: people.map(({ person, facts, order, stays }) => ({
      PatientGuid: guid(1_000_000 + person),
      ...(facts === null
        ? { Deleted: "true" }
        : {
            Sex: facts.sex,
            DateOfBirth: facts.birth,
            DateOfDeath: facts.death,
            DummyType: String(facts.isTest),
            DateOfRegistration: stays.at(-1)!.start,
            DateofDeactivation: stays.at(-1)!.end,
            PatientTypeDescription: "Regular",
          }),
      ProcessingId: order,
    })),
    Admin_PatientHistory: stays.flatMap(({ person, stay, order }) =>
      [["Registered", stay.start] as const, ["Embarkation", stay.end] as const]
        .filter(([, day]) => day !== "")
        .map(([StatusDescription, HistoryDate]) => ({
          PatientGuid: guid(1_000_000 + person),
          HistoryDate,
          HistoryTime: "09:00:00",
          StatusDescription,
          ProcessingId: order,
        })),
    ),
    CareRecord_Observation: entries.map((each) => ({
      ...(each.isGone ? { ObservationGuid: guid(each.entry.row), Deleted: "true" } : entry(each.entry)),
      ProcessingId: each.order,
    })),
    Coding_ClinicalCode: codes.map((code) => ({
      CodeId: 7000 + code,
      ReadTermId: code === 1 ? "9Nu0" : code === 2 ? "9159" : `C${100 + code}`,
      SnomedCTConceptId: code === 1 ? "827241000000103" : code === 2 ? "184103008" : "",
    })),
    Coding_DrugCode: [],
  };
}

/** The files of a night, by their names. */
function emisFiles(tables: Tables, night: number): [name: string, text: string][] {
  return Object.entries(tables).map(([table, rows]) => {
    const header = EMIS_COLUMNS[table as keyof typeof EMIS_COLUMNS].split(" ");
    const quoted = (row: Fields): string => {
      const byName = new Map(Object.entries({ ...BASE, ...row }).map(([key, value]) => [key.toLowerCase(), value])); // prettier-ignore
      return header.map((column) => `"${byName.get(column.toLowerCase()) ?? ""}"`).join(",");
    };
    const text = [header.join(","), ...rows.map(quoted)].join("\r\n");
    return [`291_${table}_202504${String(night + 1).padStart(2, "0")}021500_5E74EFAE.csv`, `${text}\r\n`];
  });
}

t.test("EMIS Web: tables that come in other nights than their own", async (t) => {
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const roll = dice(seed);
    const practice = new Practice(roll);
    const nights = [practice.begin(8), ...Array.from({ length: NIGHTS }, () => practice.night(6))];
    const once = newStore();
    const taken = (store: string, files: readonly [string, string][]) =>
      load(store, extract(Object.fromEntries(files)), { format: "emis", older: true, yes: true });
    await taken(once, emisFiles(emisNight(practice.bulk()), NIGHTS + 1));
    const expected = told(once);
    const loads = Array.from({ length: NIGHTS + 1 }, () => [] as [string, string][]);
    for (const [i, night] of nights.entries())
      for (const file of emisFiles(emisNight(night), i)) {
        const isLastWord = i === NIGHTS && file[0].includes("_Coding_"); // what is never explained stays so
        const at = i === 0 || isLastWord ? i : roll(3) === 0 ? i : roll(NIGHTS + 1);
        loads[at]!.push(file);
        if (roll(5) === 0) loads[Math.max(at, roll(NIGHTS + 1))]!.push(file); // the same again
      }
    const store = newStore();
    for (const files of loads) if (files.length > 0) await taken(store, files);
    for (const [part, all] of Object.entries(told(store)))
      t.same(all, expected[part], `history ${seed}: ${part}`);
  }
});

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const spelt = (day: string): string =>
  day === "" ? "" : `${day.slice(8)} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
const WAYS = ["Face to face", "Telephone", "Letter to the patient"];

/** A night as SystmOne tells it: every fourth entry is a contact, by a number that its lists explain. */
function systmoneNight({ people, stays, entries, codes }: Night): SystmOneTables {
  const isContact = ({ row }: Entry): boolean => row % 4 === 0;
  const fields = (each: Entry): Fields => ({
    RowIdentifier: each.row,
    IDPatient: each.person,
    DateEvent: spelt(each.day),
    ...(isContact(each)
      ? { ContactMethod: 500 + each.code, ClinicalEvent: String(!each.isNoEvent) }
      : {
          CTV3Code: each.isNoEvent ? "9153." : `X${1000 + each.code}`,
          SNOMEDCode: each.code === 1 ? "827241000000103" : -1,
          NumericValue: each.value,
        }),
  });
  const told = (contacts: boolean): Fields[] =>
    entries
      .filter(({ entry }) => isContact(entry) === contacts)
      .map(({ entry, isGone }) => (isGone ? { RowIdentifier: entry.row, RemovedData: 1 } : fields(entry)));
  return {
    SRPatient: people.map(({ person, facts }): Fields =>
      facts === null
        ? { RowIdentifier: person, RemovedData: 1 }
        : {
            RowIdentifier: person,
            DateBirth: spelt(facts.birth),
            DateDeath: spelt(facts.death),
            Gender: facts.sex,
            TestPatient: String(facts.isTest),
          },
    ),
    SRPatientRegistration: stays.map(({ person, stay }) => ({
      RowIdentifier: stay.row,
      IDPatient: person,
      DateRegistration: spelt(stay.start),
      DateDeRegistration: spelt(stay.end),
    })),
    SRConfiguredListOption: codes.map((code) => ({ RowIdentifier: 500 + code, ConfiguredListOption: WAYS[code % 3]! })), // prettier-ignore
    SRCode: told(false),
    SREvent: told(true),
  };
}

/** The files of an extract: what is told in each night is a part of its table. */
function systmoneFiles(nights: readonly (readonly [table: string, night: number, rows: readonly Fields[]])[], from: string, to: string): Files {
  const files = Object.fromEntries(
    nights.map(([name, night, rows]) => [`${name}_${night}.csv`, table(name, rows)]),
  );
  return { ...files, "SRManifest.csv": manifest(Object.fromEntries(nights.map(([name]) => [`${name}.csv`, ""])), from, to) };
} // prettier-ignore

for (const isLate of [false, true])
  t.test(
    `SystmOne: several nights in one load${isLate ? ", and tables that come nights late" : "; people who leave and come back"}`,
    async (t) => {
      for (let seed = 1; seed <= HISTORIES; seed++) {
        const roll = dice(seed * 7);
        const practice = new Practice(roll, !isLate);
        const nights = [practice.begin(8), ...Array.from({ length: NIGHTS }, () => practice.night(6))];
        const moment = (night: number): string => `202504${String(night + 1).padStart(2, "0")}_2359`;
        const taken = (store: string, files: Files) =>
          load(store, extract(files), { format: "systmone", yes: true });
        const once = newStore();
        const whole = Object.entries(systmoneNight(practice.bulk())).map(([name, rows]) => [name, 0, rows] as const); // prettier-ignore
        await taken(once, systmoneFiles(whole, "", moment(NIGHTS)));
        const expected = told(once);
        const extracts = nights.map(() => [] as [string, number, readonly Fields[]][]);
        for (const name of Object.keys(systmoneNight(nights[0]!))) {
          let at = 0;
          for (const [i, night] of nights.entries()) {
            at = Math.max(at, i);
            if (isLate && i > 0 && roll(3) === 0) at = Math.min(NIGHTS, at + 1 + roll(2)); // what follows stays behind it
            extracts[at]!.push([name, i, systmoneNight(night)[name]!]);
          }
        }
        const store = newStore();
        let together: Record<string, string | Buffer> = {};
        for (const [i, files] of extracts.entries()) {
          const folder = `${roll(100)}-${i}/`; // no name says which comes first
          const here = systmoneFiles(files, i === 0 ? "" : moment(i - 1), moment(i));
          for (const [name, content] of Object.entries(here)) together[folder + name] = content;
          if (i < NIGHTS && roll(2) === 0) continue;
          await taken(store, together);
          together = {};
        }
        for (const [part, all] of Object.entries(told(store)))
          t.same(all, expected[part], `history ${seed}: ${part}`);
      }
    },
  );
