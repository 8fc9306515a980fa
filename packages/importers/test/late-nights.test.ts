/**
 * Nights that come in an awkward order. Of one history the same store comes out, event by event, whether it is told in one
 * bulk of the last day, or in nights whose tables come late, early or twice: people after their events, codes after the
 * entries that use them, rows after newer ones. `CAIRN_LONG=1` tells many more histories.
 */
import { join } from "node:path";
import t from "tap";
import { ImportError, type ImportReport } from "@cairn/importers";
import { openDatabase } from "@cairn/sqlite";
import { extract, file, type Files, load, newStore } from "./fixtures/extracts.js";
import { dice, type Night, Practice } from "./fixtures/history.js";
import type { Tables } from "./fixtures/systmone.js";
import {
  DEPRIVATION,
  emisFiles,
  emisNight,
  type Fields,
  systmoneFiles,
  systmoneNight,
} from "./fixtures/told.js";

t.setTimeout(600_000);
const HISTORIES = process.env["CAIRN_LONG"] ? 60 : 2;
/** Of EMIS Web's histories, those that between them hold each kind of correction. */
const CORRECTED = process.env["CAIRN_LONG"]
  ? Array.from({ length: HISTORIES }, (_, i) => i + 1)
  : [2, 13, 21];
/** Of SystmOne's, those in which the words of a number come to be others after contacts by it. */
const RECODED = process.env["CAIRN_LONG"] ? CORRECTED : [17, 48];
const NIGHTS = 6;
const deprivation = { files: [file("deprivation.csv", DEPRIVATION)] };

/** All of a store that an answer can tell apart. */
function told(store: string): Record<string, unknown[]> {
  const db = openDatabase(join(store, "records.db"), { readonly: true, check: false });
  const all = (sql: string): unknown[] => db.prepare(sql).raw().all();
  const people = all(
    "SELECT practice_id, sex, birth_day, death_day, deprivation_fifth, ethnic_group FROM patient ORDER BY 1",
  );
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

/** Of a load's measure of quality what tells of the whole store. */
function measured({ quality }: ImportReport): unknown {
  const { load: _load, ...ofStore } = quality;
  return ofStore;
}

t.test(
  "EMIS Web: tables that come in other nights than their own, and rows that are corrected",
  async (t) => {
    for (const seed of CORRECTED) {
      const roll = dice(seed);
      const practice = new Practice(roll, { corrects: true });
      const nights = [practice.begin(8), ...Array.from({ length: NIGHTS }, () => practice.night(8))];
      const withHistory = seed % 3 !== 0;
      const filesOf = (night: Night, i: number): [name: string, text: string][] =>
        emisFiles(emisNight(night), i).filter(([name]) => withHistory || !name.includes("_PatientHistory_"));
      const once = newStore();
      const taken = (store: string, files: readonly [string, string][]) =>
        load(store, extract(Object.fromEntries(files)), {
          format: "emis",
          deprivation,
          older: true,
          yes: true,
        });
      const whole = await taken(once, filesOf(practice.bulk(), NIGHTS + 1));
      const expected = told(once);
      const loads = Array.from({ length: NIGHTS + 1 }, () => [] as [string, string][]);
      for (const [i, night] of nights.entries())
        for (const file of filesOf(night, i)) {
          const isLastWord = i === NIGHTS && file[0].includes("_Coding_"); // what is never explained stays so
          const at = i === 0 || isLastWord ? i : roll(3) === 0 ? i : roll(NIGHTS + 1);
          loads[at]!.push(file);
          if (roll(5) === 0) loads[Math.max(at, roll(NIGHTS + 1))]!.push(file); // the same again
        }
      const old = 1 + roll(NIGHTS - 1);
      loads.push(filesOf(nights[old]!, old).filter(([name]) => name.includes("_Coding_"))); // older than what was taken
      const store = newStore();
      let last: ImportReport | null = null;
      for (const files of loads.filter((each) => each.length > 0)) {
        const before = last === null ? null : told(store);
        last = await taken(store, files);
        if (last.notes.some((note) => note.includes("no record changed")))
          t.same(told(store), before, `history ${seed}: it said that no record changed`);
      }
      for (const [part, all] of Object.entries(told(store)))
        t.same(all, expected[part], `history ${seed}: ${part}`);
      t.same(measured(last!), measured(whole), `history ${seed}: quality`);
    }
  },
);

for (const isLate of [false, true])
  t.test(
    `SystmOne: several nights in one load${isLate ? ", and tables that come nights late" : "; people who leave and come back"}`,
    async (t) => {
      for (const seed of RECODED) {
        const roll = dice(seed * 7);
        const practice = new Practice(roll, { returns: !isLate, corrects: seed % 2 === 0 });
        const nights = [practice.begin(8), ...Array.from({ length: NIGHTS }, () => practice.night(6))];
        const moment = (night: number): string => `202504${String(night + 1).padStart(2, "0")}_2359`;
        const taken = (store: string, files: Files) =>
          load(store, extract(files), { format: "systmone", deprivation, yes: true });
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

t.test(
  "SystmOne: a bulk, and nights after it that are loaded in any order, one by one or several",
  async (t) => {
    for (let seed = 1; seed <= 3 * HISTORIES; seed++) {
      const roll = dice(seed * 13);
      const practice = new Practice(roll, { corrects: seed % 2 === 0 });
      const moment = (night: number): string => `202504${String(night + 1).padStart(2, "0")}_2359`;
      const files = (told: Tables, i: number): Files =>
      systmoneFiles(Object.entries(told).map(([name, rows]) => [name, i, rows] as const), i === 0 ? "" : moment(i - 1), moment(i)); // prettier-ignore
      const nights = [practice.begin(8), ...Array.from({ length: NIGHTS }, () => practice.night(6))];
      const taken = (store: string, all: readonly number[]) =>
      load(store, extract(Object.fromEntries(all.flatMap((i) => Object.entries(files(systmoneNight(nights[i]!), i)).map(([name, content]) => [`${i}/${name}`, content])))), { format: "systmone", deprivation, older: true, yes: true }); // prettier-ignore
      const [inOrder, shuffled] = [newStore(), newStore()];
      for (const i of nights.keys()) await taken(inOrder, [i]);
      const left = [...nights.keys()].slice(1);
      await taken(shuffled, [0]);
      while (left.length > 0) {
        const many = Array.from({ length: Math.min(left.length, 1 + roll(2)) }, () => left.splice(roll(left.length), 1)[0]!); // prettier-ignore
        await taken(shuffled, many);
      }
      const expected = told(inOrder);
      for (const [part, all] of Object.entries(told(shuffled)))
        t.same(all, expected[part], `history ${seed}: ${part}`);
    }
  },
);

/** A line of a table with something wrong in it. */
function damaged(line: string, roll: (below: number) => number): string {
  const fields = line.split(",");
  switch (roll(7)) {
    case 0:
      return fields.slice(1).join(",");
    case 1:
      return `${line},""`;
    case 2:
      return line.replace(/"\d\d\d\d-\d\d-\d\d"|"\d\d [A-Z][a-z]+ \d{4}[^"]*"/, '"the 45th"');
    case 3:
      return [...fields.slice(0, -1), '"perhaps"'].join(",");
    case 4:
      return ['""', ...fields.slice(1)].join(",");
    case 5:
      return line.replace(/"(true|false)"/i, '"perhaps"');
    default:
      return `${line}\r\n${line}`;
  }
}

t.test("counts of rows by reason add up to the rows of each file, whatever is wrong with them", async (t) => {
  let refused = 0;
  for (let seed = 1; seed <= HISTORIES; seed++)
    for (const format of ["emis", "systmone"] as const) {
      const roll = dice(seed * 31);
      const practice = new Practice(roll);
      const store = newStore();
      for (const [i, night] of [practice.begin(40), practice.night(40)].entries()) {
        const files = Object.entries<string | Buffer>(
          format === "emis"
            ? Object.fromEntries(emisFiles(emisNight(night), i))
            : Object.fromEntries(Object.entries(systmoneFiles(Object.entries(systmoneNight(night)).map(([name, rows]) => [name, i, rows] as const), i === 0 ? "" : "20250401_2359", `2025040${i + 1}_2359`))),
        );
        const lines = new Map<string, number>();
        const written = files.map(([name, content]): [string, string] => {
          const [header, ...rows] = content.toString().trimEnd().split("\r\n");
          const table = /(?:^291_|^)([A-Za-z]+(?:_[A-Za-z]+)?)_\d+/.exec(name)?.[1];
          if (table === undefined) return [name, content.toString()];
          const now = rows.map((row) => (roll(12) === 0 ? damaged(row, roll) : row)).join("\r\n");
          lines.set(table, now === "" ? 0 : now.split("\r\n").length);
          return [name, `${header}\r\n${now}${now === "" ? "" : "\r\n"}`];
        });
        const report = await load(store, extract(Object.fromEntries(written)), { format, deprivation, yes: true }).catch((error: unknown) => error); // prettier-ignore
        if (report instanceof ImportError && report.code === "too-many-bad") refused++;
        if (report instanceof ImportError) break;
        const { rows, reasons } = report as ImportReport;
        for (const [table, count] of lines) {
          const { taken, skipped } = rows[table]!;
          t.equal(taken + skipped, count, `${format} ${seed}: ${table}, night ${i}`);
        }
        for (const [table, { skipped }] of Object.entries(rows)) {
          const ofTable = reasons.filter(({ reason }) => reason.startsWith(`${table}: `));
          t.equal(ofTable.reduce((sum, each) => sum + each.count, 0), skipped, `${format} ${seed}: reasons of ${table}, night ${i}`); // prettier-ignore
        }
      }
    }
  t.ok(refused < HISTORIES, "most were taken");
}); // prettier-ignore

const guid = (n: number): string => `{2E3B7F41-BEC8-4466-BFEC-${String(n).padStart(12, "0")}}`;
const person = (n: number, more: Fields = {}): Fields => ({ PatientGuid: guid(1_000_000 + n), Sex: "F", DateOfBirth: "1960-01-01", DummyType: "false", DateOfRegistration: "2000-01-01", PatientTypeDescription: "Regular", SpineSensitive: "false", IsConfidential: "false", ProcessingId: n, ...more }); // prettier-ignore
const entry = (n: number, of: number, code: number | string, order: number | string, more: Fields = {}): Fields => ({ ObservationGuid: guid(n), PatientGuid: guid(1_000_000 + of), EffectiveDate: "2021-03-04", EffectiveDatePrecision: "YMD", CodeId: code, Value: "", ObservationType: "Observation", IsConfidential: "false", ProcessingId: order, ...more }); // prettier-ignore
const NORMAL = { CodeId: 7001, ReadTermId: "C101", SnomedCTConceptId: "44054006" };
const OUT = { CodeId: 7005, ReadTermId: "9Nu0", SnomedCTConceptId: "827241000000103" };
/** Written in Latin-1, this is not UTF-8. */
const GARBLED = "caf\u00e9";
const PEOPLE = Array.from({ length: 40 }, (_, i) => i + 1);

type Told = readonly [night: number, tables: Record<string, Fields[]>];

/** Loads nights, in the order given, each by itself or several at once. @returns the store, and who has an opt-out */
async function toldBy(...loads: Told[][]) {
  const store = newStore();
  const none = {
    Admin_Patient: [],
    CareRecord_Observation: [],
    Coding_ClinicalCode: [],
    Coding_DrugCode: [],
  };
  for (const nights of loads) {
    const files = nights.flatMap(([night, tables]) => emisFiles({ ...none, ...tables }, night));
    const latin1 = Object.fromEntries(files.map(([name, text]) => [name, Buffer.from(text, "latin1")]));
    await load(store, extract(latin1), { format: "emis", older: true, yes: true });
  }
  const all = told(store);
  const optedOut = (all["events"] as [string, number, string, string][])
    .filter(([, , , code]) => code === OUT.SnomedCTConceptId)
    .map(([id]) => Number(id.slice(-6)));
  return { all, optedOut };
}

t.test("EMIS Web: an opt-out with a fault is held, in whatever night its code is named", async (t) => {
  const first: Told = [0, {
    Admin_Patient: PEOPLE.map((n) => person(n)),
    CareRecord_Observation: PEOPLE.map((n) => entry(n, n, 7001, 100 + n)),
    Coding_ClinicalCode: [NORMAL],
  }]; // prettier-ignore
  const faults: Fields[] = [
    { Deleted: "perhaps" },
    { ProcessingId: "x" },
    { Value: "high" },
    { IsConfidential: "perhaps" },
    { EffectiveDatePrecision: "YMW" },
    { EffectiveDate: "2021-02-30" },
    { ObservationType: "Document" },
    { Value: GARBLED },
    { Qualifiers: GARBLED }, // nobody reads it
  ];
  const rows = (code: number, from: number): Fields[] => faults.map((fault, i) => entry(from + i, from + i, code, 200 + from + i, fault)); // prettier-ignore
  const second: Told = [1, { CareRecord_Observation: [...rows(7005, 1), ...rows(7006, 21)] }];
  const codes = { Coding_ClinicalCode: [NORMAL, OUT, { ...NORMAL, CodeId: 7006 }] };
  const late = await toldBy([first], [second], [[2, codes]]);
  const once = await toldBy([first, [1, { ...second[1], ...codes }]]);
  t.same(late.all, once.all, "as one load has it");
  t.same(late.optedOut, faults.map((_, i) => i + 1), "each of them"); // prettier-ignore
  const ids = (late.all["events"] as [string][]).map(([id]) => Number(id.slice(-6)));
  t.same([21, 22, 27, 28].filter((n) => ids.includes(n)), [], "what a bad row corrects goes"); // prettier-ignore
  t.ok(ids.includes(29), "a byte that nobody reads is no fault");
});

t.test("EMIS Web: a row without an order stands before the first of the next night", async (t) => {
  const first: Told = [0, {
    Admin_Patient: [person(1), person(2)],
    CareRecord_Observation: [entry(1, 1, 7001, 10), entry(2, 2, 7001, 11), entry(3, 2, 7001, 12)],
    Coding_ClinicalCode: [NORMAL, OUT],
  }]; // prettier-ignore
  const second: Told = [1, {
    CareRecord_Observation: [entry(1, 1, 7001, 19), entry(2, 2, 7005, "x"), entry(3, 2, 7001, "x")],
    Admin_Patient: [person(3, { ProcessingId: 19 }), person(1, { ProcessingId: "x" })],
  }]; // prettier-ignore
  const third: Told = [2, {
    CareRecord_Observation: [entry(2, 2, 7001, 20), entry(3, 2, 7001, 20, { EffectiveDate: "2022-02-02" })],
    Admin_Patient: [person(1, { ProcessingId: 20 })],
  }]; // prettier-ignore
  const once = await toldBy([first, second, third]);
  t.same((await toldBy([first], [second], [third])).all, once.all, "in order");
  t.same((await toldBy([first], [third], [second])).all, once.all, "the later one first");
  t.same([once.all["people"]!.length, once.all["events"]!.length, once.optedOut], [3, 3, []]);
});

t.test("EMIS Web: a bad row of a person sets them aside, whatever is wrong with it", async (t) => {
  const first: Told = [0, {
    Admin_Patient: PEOPLE.map((n) => person(n)),
    CareRecord_Observation: PEOPLE.map((n) => entry(n, n, 7001, 100 + n)),
    Coding_ClinicalCode: [NORMAL],
  }]; // prettier-ignore
  const marked = (n: number, more: Fields): Fields =>
    person(n, { IsConfidential: "true", ProcessingId: 60 + n, ...more });
  const second: Told = [1, {
    Admin_Patient: [
      ...PEOPLE.slice(10).map((n) => person(n, { ProcessingId: 60 + n })),
      marked(1, { ProcessingId: "x" }),
      marked(2, { Deleted: "perhaps" }),
      marked(3, { Sex: GARBLED }),
      marked(4, { Surname: GARBLED }), // nobody reads it
    ],
  }]; // prettier-ignore
  const nights = await toldBy([first], [second]);
  t.same(nights.all, (await toldBy([first, second])).all, "as one load has it");
  const ids = (nights.all["people"] as [string][]).map(([id]) => Number(id.slice(-6)));
  t.same(PEOPLE.filter((n) => !ids.includes(n)), [1, 2, 3]); // prettier-ignore
});
