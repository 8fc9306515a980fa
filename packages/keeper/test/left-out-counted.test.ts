/**
 * H13: the rule on who is left out, on and off, moves exactly the people whom a count of the raw rows says, in queries
 * of people, contacts, issues, measurements and entries. The count here reads neither the store nor the engines' lists.
 */
import t from "tap";
import { answer, patientsOf } from "@cairn/engine";
import { RandomStream } from "../../synthetic/src/random.js";
import { dayNumber, openLibrary, type Query } from "@cairn/query-library";
import { recordsFile } from "@cairn/records/file";
import { openDatabase } from "@cairn/sqlite";
import { keysIn, OPT_OUTS_COUNTED, type OptOutChoice } from "@cairn/tables";
import { withoutOptOuts } from "../../records/src/opt-outs.js";
import { openRecords } from "../../records/src/store.js";
import { extract, load, newStore } from "../../importers/test/fixtures/extracts.js";

const D = "2025-03-31";
const YEAR_BEFORE = "2024-03-31";
const SEED = 20261201;
t.comment(`seed ${SEED}`);

/** One entry of the practice's system. Its day is of the last 12 months before D, unless it is of an opt-out. */
interface Row {
  readonly who: string;
  readonly day: string;
  readonly system: string;
  readonly code: string;
  readonly value?: number;
}

const [ASTHMA, SEEN, REVIEW, HBA1C] = ["195967001", "185349003", "394720003", "999791000000106"];
const [CHEAP, DEAR] = ["39113611000001102", "39113311000001107"];
const OUT = ["snomed 827241000000103", "read2 9Nu0.", "read2 9Nu0", "read2 9Nu0.00", "ctv3 XaZ89"];
const BACK = ["snomed 827261000000102", "read2 9Nu1.", "read2 9Nu1", "read2 9Nu1.00", "ctv3 XaZ8a"];
/** Dissents from other things, and codes that only look alike: none of them leaves anybody out. */
const OTHER = [
  "read2 9Nu4.",
  "ctv3 XaaVL",
  "read2 9nu0.",
  "ctv3 XAZ89",
  "local 827241000000103",
  "ctv3 9Nu0.",
];
/** Few days, so that an opt-out and its withdrawal often share one; the last is after D. */
const SAID_ON = ["2012-05-01", "2019-02-28", "2019-03-01", "2025-06-01"];

const random = new RandomStream(SEED);
const PEOPLE = Array.from({ length: 150 }, (_, i) => `QZX-PERSON-${i + 1000}`);
const ROWS: readonly Row[] = PEOPLE.flatMap(rowsOf);
const ON_LIST = PEOPLE.filter(() => random.chance(0.08));
const CONFIDENTIAL = PEOPLE.filter(() => random.chance(0.08));

function rowsOf(who: string): Row[] {
  const rows: Row[] = [];
  const add = (share: number, most: number, day: string, coded: string, value?: number): void => {
    if (!random.chance(share)) return;
    const [system, code] = coded.split(" ") as [string, string];
    for (let i = random.below(most); i >= 0; i--)
      rows.push({ who, day, system, code, ...(value && { value }) });
  };
  add(0.7, 1, "2024-04-01", `snomed ${ASTHMA}`);
  for (const day of ["2024-05-03", "2024-11-20", D])
    add(0.5, 3, day, `snomed ${random.below(3) ? SEEN : REVIEW}`);
  add(0.4, 5, "2024-12-01", `dmd ${CHEAP}`);
  add(0.4, 5, "2025-01-01", `dmd ${DEAR}`);
  for (const day of ["2024-06-01", "2025-02-01"]) add(0.6, 1, day, `snomed ${HBA1C}`, 20 + random.below(60));
  for (const codes of [OUT, BACK, OUT, BACK, OTHER])
    add(0.3, 1, SAID_ON[random.below(SAID_ON.length)]!, codes[random.below(codes.length)]!);
  return rows;
}

/** Who opted out by the raw rows: has said so, and has not taken it back on a later day. */
const OPTED_OUT = PEOPLE.filter((who) => {
  const last = (codes: readonly string[]): string =>
    ROWS.filter((row) => row.who === who && codes.includes(`${row.system} ${row.code}`))
      .map(({ day }) => day)
      .sort()
      .at(-1) ?? "";
  return last(OUT) !== "" && last(OUT) >= last(BACK);
});

/** Each query's text, and what a person counts in it by their raw rows of the last 12 months: [denominator, numerator]. */
const QUERIES: Readonly<Record<string, [text: string, byHand: (rows: readonly Row[]) => [number, number]]>> =
  {
    people: [
      "denominator: {exists: asthma}\nnumerator: {exists: seen, in: 12 months}",
      (rows) => {
        const asthma = rows.some(({ code }) => code === ASTHMA);
        return [Number(asthma), Number(asthma && rows.some(({ code }) => code === SEEN))];
      },
    ],
    contacts: [
      "facts: {contacts: {count: contact, in: 12 months}, days: {count_days: contact, in: 12 months}}\n" +
        "denominator: {count: contacts, at_least: 1}\nnumerator: {count: days, at_least: 2}",
      (rows) => {
        const days = rows.filter(({ code }) => code === SEEN || code === REVIEW).map(({ day }) => day);
        return [Number(days.length > 0), Number(new Set(days).size > 1)];
      },
    ],
    issues: [
      "unit: items\nfacts: {both: {issued: either, in: 12 months}, one: {issued: dear, in: 12 months}}\n" +
        "denominator: both\nnumerator: one",
      (rows) => {
        const of = (...codes: string[]): number => rows.filter(({ code }) => codes.includes(code)).length;
        return [of(CHEAP, DEAR), of(DEAR)];
      },
    ],
    measurements: [
      "facts: {last: {latest: hba1c, in: 12 months, unit: mmol/mol, plausible: [20, 200], same_day: lowest}}\n" +
        "denominator: {value: last, at_least: 30}\nnumerator: {value: last, at_most: 58}",
      (rows) => {
        const read = rows.filter(({ code }) => code === HBA1C);
        const last = read.map(({ day }) => day).sort().at(-1); // prettier-ignore
        const value = Math.min(...read.filter(({ day }) => day === last).map((row) => row.value!));
        return [Number(value >= 30 && value < Infinity), Number(value >= 30 && value <= 58)];
      },
    ],
    entries: [
      "unit: events\nby: [system]\ndenominator: {events: all, in: 12 months}\nnumerator: {events: all, in: 12 months, system: [dmd]}",
      (rows) => [rows.length, rows.filter(({ system }) => system === "dmd").length],
    ],
  };

const LISTS: Readonly<Record<string, [codes: readonly string[], system: string, kind: string]>> = {
  asthma: [[ASTHMA], "snomed", "clinical"],
  seen: [[SEEN], "snomed", "clinical"],
  contact: [[SEEN, REVIEW], "snomed", "clinical"],
  hba1c: [[HBA1C], "snomed", "clinical"],
  either: [[CHEAP, DEAR], "dmd", "medicine"],
  dear: [[DEAR], "dmd", "medicine"],
};

function queries(): Query[] {
  const files: Record<string, string> = {};
  for (const [name, [codes, system, kind]] of Object.entries(LISTS)) {
    const unit = name === "hba1c" ? "unit: mmol/mol\n" : "";
    files[`codelists/${name}@1.csv`] = ["code,term", ...codes.map((code) => `${code},x`), ""].join("\n");
    files[`codelists/${name}@1.yaml`] =
      `system: ${system}\nkind: ${kind}\n${unit}source: invented\nlicence: CC0-1.0\n`;
  }
  for (const [name, [text]] of Object.entries(QUERIES)) {
    const named = Object.keys(LISTS).filter((list) => new RegExp(`[: ]${list}[,}]`).test(text));
    const lists = named.map((list) => `${list}: ${list}@1`).join(", ");
    files[`${name}.yaml`] =
      `query: ${name}\nversion: 1.0.0\ntitle: ${name}\nquestion: How many?\npurpose: quality improvement\n` +
      `direction: none\nperiods: {every: quarter, count: 4}\n${named.length > 0 ? `codelists: {${lists}}\n` : ""}${text}\n`;
  }
  const { library, problems } = openLibrary(files);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return Object.keys(QUERIES).map((name) => library.queries.get(name)!.query);
}

/** The journal of those rows, taken in; the list and the marks in force. */
async function practice(): Promise<string> {
  const folder = newStore();
  const table = (header: string, rows: readonly string[]): string => [header, ...rows, ""].join("\n");
  const said = ({ who, day, system, code, value }: Row): string =>
    [who, day, system, code, value ?? "", value ? "mmol/mol" : ""].join();
  const report = await load(
    folder,
    extract({
      "patients.csv": table(
        "patient_id,practice,date_of_birth,sex",
        PEOPLE.map((who) => `${who},P,1970-01-01,female`),
      ),
      "registrations.csv": table(
        "patient_id,start,end",
        PEOPLE.map((who) => `${who},2000-01-01,`),
      ),
      "events.csv": table("patient_id,date,system,code,value,unit", ROWS.map(said)),
    }),
    { completeTo: dayNumber(D), quietDays: null },
  );
  t.notMatch(
    JSON.stringify(report),
    /QZX/,
    "no quality figure, nor anything else that a load reports, names anybody",
  );
  return folder;
}

function setRule(folder: string, listed: readonly string[], confidential: readonly string[]): void {
  const records = openRecords(folder);
  records.replaceLeftOut(listed, () => "aa");
  records.close();
  const db = openDatabase(recordsFile(folder), { check: false });
  db.prepare("UPDATE patient SET confidential = practice_id IN (SELECT value FROM json_each(?))").run(
    JSON.stringify(confidential),
  );
  db.close();
}

interface Answered {
  readonly counts: readonly [denominator: number, numerator: number];
  /** Whom the cells of a query of people are made of: denominator, numerator. */
  readonly people: string[][] | null;
}

function answersOf(folder: string, rule: OptOutChoice): Map<string, Answered> {
  const records = openRecords(folder);
  try {
    const names = (set: Uint32Array): string[] => keysIn(set).map((key) => records.foundBy(key)).sort(); // prettier-ignore
    return new Map(
      answer(records.source(), queries(), [D], rule).map(([table]) => {
        const all = table!.cells[0]!;
        const isOfPeople = table!.unit === "people";
        const people = [names(all.denominatorSet), names(all.numeratorSet)];
        if (isOfPeople) {
          const query = queries().find(({ query }) => query === table!.query)!;
          const [at] = patientsOf(records.source(), query, [D], rule);
          t.same(names(at!.denominatorSet), people[0], "the list is of those in the cell");
        }
        const counts = [all.denominator, all.numerator] as const;
        return [table!.query, { counts, people: isOfPeople ? people : null }] as const;
      }),
    );
  } finally {
    records.close();
  }
}

/** The same by hand, from the raw rows of everybody but these. */
function byHand(without: readonly string[]): Map<string, Answered> {
  const inYear = ({ day }: Row): boolean => day > YEAR_BEFORE && day <= D;
  const each = PEOPLE.filter((who) => !without.includes(who)).map(
    (who) => [who, ROWS.filter((row) => row.who === who && inYear(row))] as const,
  );
  return new Map(
    Object.entries(QUERIES).map(([name, [text, count]]) => {
      const counted = each.map(([who, rows]) => [who, count(rows)] as const);
      const sum = (part: 0 | 1): number => counted.reduce((all, [, parts]) => all + parts[part], 0);
      const of = (part: 0 | 1): string[] =>
        counted.flatMap(([who, parts]) => (parts[part] > 0 ? [who] : [])).sort();
      return [name, { counts: [sum(0), sum(1)], people: text.startsWith("unit:") ? null : [of(0), of(1)] }];
    }),
  );
}

t.test("the rule moves exactly whom the raw rows say, in every query", async (t) => {
  const folder = await practice();
  const off = answersOf(folder, OPT_OUTS_COUNTED);
  t.same(off, byHand([]), "off: everybody counts");
  for (const [listed, confidential] of [
    [ON_LIST, CONFIDENTIAL],
    [ON_LIST, []],
    [[], []],
  ] as const) {
    setRule(folder, listed, confidential);
    const out = new Set([...OPTED_OUT, ...listed, ...confidential]);
    const on = answersOf(folder, withoutOptOuts());
    t.same(on, byHand([...out]), `on: everybody but ${out.size}`);
    for (const [name, { people, counts }] of on) {
      const before = off.get(name)!;
      t.ok(counts[1] > 20 && counts[0] > counts[1] && counts[0] < before.counts[0], `${name} asks something`);
      people?.forEach((part, i) => {
        const moved = before.people![i]!.filter((who) => !part.includes(who));
        t.same(
          moved,
          before.people![i]!.filter((who) => out.has(who)),
          `${name}: they moved, and nobody else`,
        );
      });
    }
  }
});
