/** Old codes: what a map makes of them, that the original is kept, and that a map holds for the whole store. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import { answer } from "@cairn/engine";
import { OPT_OUTS_COUNTED } from "@cairn/tables";
import { type Codelist, parseQuery } from "@cairn/query-library";
import fc from "fast-check";
import t from "tap";
import { eventsIn, extract, file, load, newStore, refusal, stateOf } from "./fixtures/extracts.js";

t.setTimeout(120_000);

const PEOPLE = {
  "patients.csv": "patient_id,practice,date_of_birth\nA,P,1950-02-03\nB,P,1960-01-01\n",
  "registrations.csv": "patient_id,start,end\nA,2000-01-01,\nB,2000-01-01,\n",
};
const HEAD = "patient_id,date,system,code,row_id,deleted\n";
const OLD = {
  ...PEOPLE,
  "events.csv":
    `${HEAD}A,2015-01-01,read2,G30..,,\nA,2015-01-02,ctv3,XE2eG,,\nA,2015-01-03,ctv3,XE2eg,r1,\n` +
    'B,2015-01-04,read2,"G30.. ",,\nB,2015-01-05,read2,H33..,,\nB,2015-01-06,read2,C10..,,\nB,2020-01-01,snomed,22298006,,\n',
};
const COLUMNS = "from_system,from_code,to_code,assured\n";
const MAP =
  `${COLUMNS}read2,G30..,22298006,1\nctv3,XE2eG,271649006,1\n` +
  "read2,H33..,195967001,1\nread2,H33..,304527002,1\nread2,C10..,73211009,0\n" +
  'read2,"C10.. ",111,1\nread2,g30..,222,1\n'; // other codes, which nobody recorded
const AS_RECORDED = [
  "A 2015-01-01 read2 G30.. was read2 G30.. unmapped",
  "A 2015-01-02 ctv3 XE2eG was ctv3 XE2eG unmapped",
  "A 2015-01-03 ctv3 XE2eg was ctv3 XE2eg unmapped",
  "B 2015-01-04 read2 G30..  was read2 G30..  unmapped",
  "B 2015-01-05 read2 H33.. was read2 H33.. unmapped",
  "B 2015-01-06 read2 C10.. was read2 C10.. unmapped",
  "B 2020-01-01 snomed 22298006",
];
const MAPPED = [
  "A 2015-01-01 snomed 22298006 was read2 G30.. mapped",
  "A 2015-01-02 snomed 271649006 was ctv3 XE2eG mapped",
  "A 2015-01-03 ctv3 XE2eg was ctv3 XE2eg unmapped", // another letter case is another code
  "B 2015-01-04 read2 G30..  was read2 G30..  unmapped", // and so is another space
  "B 2015-01-05 read2 H33.. was read2 H33.. ambiguous", // two assured targets
  "B 2015-01-06 read2 C10.. was read2 C10.. ambiguous", // one that nobody vouches for
  "B 2020-01-01 snomed 22298006",
];

t.test("a code is mapped only where the map is sure; the recorded one is kept in any case", async (t) => {
  const store = newStore();
  const report = await load(store, extract(OLD), { codeMap: file("map.csv", MAP) });
  t.same(eventsIn(store), MAPPED);
  t.same(report.quality.events.codes, [
    { system: "ctv3", year: 2015, mapped: 1, unmapped: 1, ambiguous: 0 },
    { system: "read2", year: 2015, mapped: 1, unmapped: 1, ambiguous: 2 },
  ]);
});

const MI: Codelist = {
  name: "mi",
  version: "1",
  system: "snomed",
  kind: "clinical",
  unit: null,
  codes: ["22298006"],
  digest: "0".repeat(64),
};
const BY_MAPPED = `query: mapped-share
version: 1.0.0
title: Mapped
question: Of events in old codes, how many have a code of today?
purpose: quality improvement
direction: none
unit: events
periods: {every: year, count: 1}
denominator: {events: all, system: [read2, ctv3]}
numerator: {events: all, system: [read2, ctv3], mapped: [mapped]}
by: [mapped]
`;

t.test("questions asked in SNOMED CT find mapped events, and `by: [mapped]` counts them", async (t) => {
  const parsed = parseQuery(BY_MAPPED, { file: "q.yaml", codelists: () => undefined });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  const ask = async (codeMapText: string | undefined): Promise<unknown> => {
    const store = newStore();
    await load(store, extract(OLD), { codeMap: codeMapText && file("map.csv", codeMapText) });
    const records = openRecords(store);
    const source = records.source();
    const people = source.postings(MI, {}).patient.length;
    const [table] = answer(source, [parsed.query], ["2020-12-31"], OPT_OUTS_COUNTED)[0]!;
    records.close();
    const cells = table!.cells.map((cell) => [cell.split, cell.numerator, cell.denominator]);
    return [people, cells.filter(([, , denominator]) => denominator !== 0)];
  };
  t.same(await ask(MAP), [
    2,
    [
      [{}, 2, 6],
      [{ mapped: "mapped" }, 2, 2],
      [{ mapped: "unmapped" }, 0, 2],
      [{ mapped: "ambiguous" }, 0, 2],
    ],
  ]);
  t.same(await ask(undefined), [
    1,
    [
      [{}, 0, 6],
      [{ mapped: "unmapped" }, 0, 6],
    ],
  ]);
});

t.test("a map holds for the whole store: what came before it, and what comes later without it", async (t) => {
  const store = newStore();
  await load(store, extract(OLD));
  t.same(eventsIn(store), AS_RECORDED);
  const map = file("map.csv", MAP);
  const again = await load(store, extract(OLD), { codeMap: map });
  t.match(again, { known: true, events: 7 });
  t.match(again.notes.at(-1), /another: 4 events got another code/);
  t.same(eventsIn(store), MAPPED, "the same extract with another map: mapped anew, nothing doubled");
  const settled = stateOf(store);
  await load(store, extract(OLD), { codeMap: map });
  await load(store, extract(OLD), {
    codeMap: file(
      "same.tsv",
      MAP.split("\n")
        .reverse()
        .join("\n")
        .trim()
        .replace(/^(.*)\n(from.*)$/s, "$2\n$1")
        .replaceAll(",", "\t"),
    ),
  });
  await load(store, extract(OLD));
  t.same(stateOf(store), settled, "the same map again, in another layout, or none: nothing changes");
  const delta = {
    "events.csv": `${HEAD}A,2015-01-01,read2,G30..,,\nB,2016-01-01,read2,G30..,,\nA,2015-01-03,ctv3,XE2eG,r1,\n`,
  };
  await load(store, extract(delta));
  t.same(eventsIn(store), [
    ...MAPPED.slice(0, 2),
    "A 2015-01-03 snomed 271649006 was ctv3 XE2eG mapped",
    ...MAPPED.slice(3, 6),
    "B 2016-01-01 snomed 22298006 was read2 G30.. mapped",
    ...MAPPED.slice(6),
  ]);
});

t.test("going back to an earlier map, or to none, works like any other change of map", async (t) => {
  const store = newStore();
  const first = file("map.csv", MAP);
  const second = file("map.csv", `${COLUMNS}read2,G30..,1755008,1\n`);
  await load(store, extract(OLD), { codeMap: first });
  await load(store, extract(OLD), { codeMap: second });
  t.ok(eventsIn(store).includes("A 2015-01-01 snomed 1755008 was read2 G30.. mapped"));
  await load(store, extract(OLD), { codeMap: first });
  t.same(eventsIn(store), MAPPED);
  const before = stateOf(store);
  await load(store, extract(OLD), { codeMap: second, dryRun: true });
  t.same(stateOf(store), before, "a dry run with another map changes nothing");
  await load(store, extract(OLD), { codeMap: false });
  t.same(eventsIn(store), AS_RECORDED);
});

t.test("an old extract given again with another map does not undo what came after it", async (t) => {
  const store = newStore();
  await load(store, extract(OLD));
  await load(
    store,
    extract({
      "patients.csv": "patient_id,practice,date_of_birth\nA,P,1951-01-01\n",
      "events.csv": `${HEAD}A,,,,r1,true\n`,
    }),
  );
  await load(store, extract(OLD), { codeMap: file("map.csv", MAP) });
  t.same(
    eventsIn(store),
    MAPPED.filter((event) => !event.includes("XE2eg")),
  );
  const records = openRecords(store);
  t.equal(records.source().people().birthDay[1], -6940, "1951-01-01, as corrected");
  records.close();
});

t.test("patients whose codes a new map changed are noted as touched, and no others", async (t) => {
  const store = newStore();
  await load(store, extract(OLD));
  await load(store, extract(OLD), { codeMap: file("map.csv", `${COLUMNS}ctv3,XE2eG,271649006,1\n`) });
  const records = openRecords(store);
  t.equal(records.version(), 2);
  t.equal(records.source().postings({ ...MI, codes: ["271649006"] }, {}).patient.length, 1);
  records.close();
  const db = openDatabase(join(store, "records.db"), { readonly: true });
  t.same(db.prepare("SELECT patient FROM touched WHERE version = 2").pluck().all(), [1]);
  db.close();
});

t.test("the Read v2 map as TRUD gives it out is read: terms, status, assurance", async (t) => {
  const trud = [
    "MapId\tReadCode\tTermCode\tConceptId\tDescriptionId\tIS_ASSURED\tEffectiveDate\tMapStatus",
    "a\tG30..\t00\t22298006\t1\t1\t20200401\t1",
    "b\tG30..\t11\t999\t1\t1\t20200401\t1", // another term of the code
    "c\tH33..\t00\t195967001\t1\t1\t20200401\t1",
    "d\tH33..\t00\t304527002\t1\t1\t20100401\t0", // no longer in force
    "e\tC10..\t00\t73211009\t1\t0\t20200401\t1", // not assured
    "",
  ].join("\r\n");
  const store = newStore();
  const events = ["G30..", "G30..00", "G30..11", "G30..12", "H33..", "C10.."];
  const rows = events.map((code, i) => `A,2015-01-0${i + 1},read2,${code},,\n`).join("");
  await load(store, extract({ ...PEOPLE, "events.csv": HEAD + rows }), {
    codeMap: file("rcsctmap2.txt", trud),
  });
  t.same(eventsIn(store), [
    "A 2015-01-01 snomed 22298006 was read2 G30.. mapped",
    "A 2015-01-02 snomed 22298006 was read2 G30..00 mapped",
    "A 2015-01-03 snomed 999 was read2 G30..11 mapped",
    "A 2015-01-04 read2 G30..12 was read2 G30..12 unmapped",
    "A 2015-01-05 snomed 195967001 was read2 H33.. mapped",
    "A 2015-01-06 read2 C10.. was read2 C10.. ambiguous",
  ]);
});

t.test("a map that is wrong is refused in one line that names the place, and nothing is kept", async (t) => {
  const store = newStore();
  await load(store, extract(PEOPLE));
  const before = stateOf(store);
  const wrong: [name: string, text: string | Buffer, words: RegExp][] = [
    ["no such system", `${COLUMNS}read3,G30..,1,1\n`, /map\.csv:2: from_system is none of/],
    ["no code", `${COLUMNS}read2,,1,1\n`, /map\.csv:2: from_code is empty/],
    ["mangled by a spreadsheet", `${COLUMNS}read2,G30..,2.22E+17,1\n`, /map\.csv:2: .*SNOMED CT id/],
    [
      "neither assured nor not",
      `${COLUMNS}read2,G30..,22298006,\n`,
      /map\.csv:2: assured is neither 1 nor 0/,
    ],
    ["too few fields", `${COLUMNS}read2,G30..,22298006,1\nread2,G30..\n`, /map\.csv:3: it has more or fewer/],
    [
      "a column missing",
      "from_system,from_code,to_code\nread2,G30..,1\n",
      /map\.csv: it lacks the column assured/,
    ],
    ["another separator", MAP.replaceAll(",", ";"), /map\.csv: its columns are separated by semicolons/],
    ["another encoding", Buffer.from(`\ufeff${MAP}`, "utf16le"), /map\.csv: is UTF-16/],
    ["only a header", COLUMNS, /map\.csv: names no code/],
    ["empty", "", /map\.csv: is empty/],
  ];
  for (const [name, text, words] of wrong) {
    const error = await refusal(load(store, extract(OLD), { codeMap: file("map.csv", text) }));
    t.match(error, { message: words, kind: "does-not-hold" }, name);
    t.notMatch(error.message, /\n/, `${name}: one line`);
  }
  t.match(await refusal(load(store, extract(OLD), { codeMap: "/nowhere/map.csv" })), {
    code: "no-files",
    kind: "unavailable",
  });
  t.match(await refusal(load(store, extract(OLD), { codeMap: extract({ a: "", b: "" }) })), {
    kind: "wrong-use",
  });
  t.same(stateOf(store), before);
});

/** What a practice would expect of its extracts, in the plainest words: the rows there are, by id or by content. */
interface Row {
  readonly patient: string;
  readonly day: number;
  readonly code: string;
  readonly id: string;
  readonly deleted: boolean;
}
class Expected {
  #named = new Map<string, Row>();
  #unnamed: Row[] = [];

  take(rows: readonly Row[]): void {
    const given = new Map<string, number>();
    for (const row of rows) {
      if (row.id === "") {
        const content = JSON.stringify(row);
        const n = (given.get(content) ?? 0) + 1;
        given.set(content, n);
        if (this.#unnamed.filter((each) => JSON.stringify(each) === content).length < n)
          this.#unnamed.push(row);
      } else if (!row.deleted) this.#named.set(row.id, row);
      else if (["", this.#named.get(row.id)?.patient].includes(row.patient)) this.#named.delete(row.id);
    }
  }

  events(map: ReadonlyMap<string, string>): string[] {
    return [...this.#named.values(), ...this.#unnamed]
      .map(({ patient, day, code }) => {
        const to = map.get(code);
        const now = to === undefined ? `read2 ${code}` : `snomed ${to}`;
        return `${patient} 2015-01-0${day} ${now} was read2 ${code} ${to === undefined ? "unmapped" : "mapped"}`;
      })
      .sort();
  }
}

const row = fc
  .record({
    patient: fc.constantFrom("A", "B"),
    day: fc.integer({ min: 1, max: 3 }),
    code: fc.constantFrom("G30..", "H33..", "C10.."),
    id: fc.constantFrom("", "", "1", "2", "x-3"),
    deleted: fc.boolean(),
  })
  .map((each) => ({ ...each, deleted: each.deleted && each.id !== "" }))
  .map((each) => (each.deleted && each.day === 3 ? { ...each, patient: "" } : each)); // by the row's id alone
const map = fc.dictionary(fc.constantFrom("G30..", "H33..", "C10.."), fc.constantFrom("11", "22"), {
  minKeys: 1,
});
const step = fc.record({ rows: fc.array(row, { maxLength: 6 }), map: fc.option(map) });

t.test(
  "any run of deltas, corrections, tombstones and maps leaves what their rows say, one by one",
  async () => {
    const check = async (
      steps: readonly { rows: Row[]; map: Record<string, string> | null }[],
    ): Promise<void> => {
      const store = newStore();
      await load(store, extract(PEOPLE));
      const expected = new Expected();
      let inForce = new Map<string, string>();
      for (const [n, { rows, map }] of steps.entries()) {
        const lines = rows.map(
          (r) => `${r.patient},2015-01-0${r.day},read2,${r.code},${r.id},${r.deleted}\n`,
        );
        const entries = Object.entries(map ?? {});
        const mapText = COLUMNS + entries.map(([from, to]) => `read2,${from},${to},1\n`).join("");
        // The manifest makes every step another content, so that each is a load of its own.
        const files = { "events.csv": HEAD + lines.join(""), "manifest.json": `{"step": ${n}}` };
        await load(store, extract(files), map === null ? {} : { codeMap: file("map.csv", mapText) });
        if (map !== null) inForce = new Map(entries);
        expected.take(rows);
      }
      assert.deepEqual(eventsIn(store), expected.events(inForce));
    };
    const named = { day: 1, code: "G30..", id: "1" };
    const twice = Array.from({ length: 2 }, () => ({ ...named, patient: "B", deleted: true }));
    await check([
      { rows: [{ ...named, patient: "A", deleted: false }], map: null },
      { rows: twice, map: null }, // another patient's tombstones, said twice, take nothing from A
    ]);
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), check), { numRuns: 20 });
  },
);
