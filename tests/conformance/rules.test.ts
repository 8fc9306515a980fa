/**
 * Three rules that hold for every way in: records are read as they are written, what was taken can be taken back, and
 * nothing is lost or doubled without a word. Each kind of trouble is told in each format's own words; where a format
 * has no words for it, `rules/formats.ts` says why.
 */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import t from "tap";
import { type Format, FORMATS } from "@cairn/importers/formats";
import { ImportError, type ImportReport } from "@cairn/importers";
import { everything, extract, load, newStore } from "../../packages/importers/test/fixtures/extracts.js";
import { type Files, type Teller, TELLERS } from "./rules/formats.js";
import { ALL, changed, ENTRIES, PEOPLE, type Told } from "./rules/story.js";

t.setTimeout(600_000);

type Change = (files: Files, teller: Teller) => Record<string, string | Buffer>;

/** An extract, as it is told or with its files changed. */
interface Drop extends Told {
  readonly files?: Change;
  readonly whole?: true;
}

interface Kind {
  readonly drops: readonly Drop[];
  /** The store is then as a fresh one of this extract; absent where only what is said matters. */
  readonly as?: Told;
  /** What the last drop's report, or its refusal, has to say. */
  readonly said?: RegExp;
  /** It may be refused instead: nothing is then kept, and the refusal says this. */
  readonly refused?: RegExp;
  /** Nothing may be said of any row. */
  readonly silent?: true;
}

const each =
  (change: (text: string, teller: Teller) => string): Change =>
  (files, teller) =>
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        name,
        name === "manifest.json" ? text : change(text, teller),
      ]),
    );
const padded = (text: string): string => `${text}   `;
const PADDED = {
  people: PEOPLE.map((person) => ({ ...person, id: padded(person.id) })),
  entries: ENTRIES.map((entry) => ({
    ...entry,
    id: padded(entry.id),
    person: padded(entry.person),
    code: padded(entry.code),
  })),
};
const without = (id: string): Told => ({ ...ALL, entries: ENTRIES.filter((entry) => entry.id !== id) });
const OPT_OUT = "827241000000103";
const MANGLED = /spreadsheet/;

const KINDS: Readonly<Record<string, Kind>> = {
  // Read as written
  "another name of the code system": {
    drops: [{ ...ALL, system: "urn:oid:2.16.840.1.113883.6.96" }],
    as: ALL,
    silent: true,
  },
  "a code system that nobody knows": {
    drops: [{ ...ALL, system: "https://codes.example/of-their-own" }],
    said: /https:\/\/codes\.example\/of-their-own|system is none of/,
    refused: /system is none of/,
  },
  "a value with a comparator": {
    drops: [{ ...ALL, entries: changed("5", { value: ">90" }) }],
    said: /"comparators":\[\["102",19787,">"\]\]/,
    silent: true,
  },

  "text that somebody typed in the place of a code": {
    drops: [{ ...ALL, entries: changed("5", { code: "Mrs QZX rang", unit: "ask qzx@example.org" }) }],
    said: /^(?!.*qzx).*(not kept|no SNOMED CT or dm\+d id|no code)/is,
    refused: /^(?!.*qzx)/is,
  },

  "an opt-out that nobody dated": {
    drops: [{ ...ALL, entries: [...ENTRIES, { ...ENTRIES[0]!, id: "7", day: "", code: OPT_OUT }] }],
    said: /"101 1950-02-01 snomed 827241000000103/,
  },
  "another event that nobody dated": {
    drops: [{ ...ALL, entries: [...ENTRIES, { ...ENTRIES[0]!, id: "7", day: "" }] }],
    as: ALL,
    said: /it has no date, so no question could see it/,
  },

  // Nothing lost or doubled without a word
  "a byte order mark": { drops: [{ ...ALL, files: each((text) => `\ufeff${text}`) }], as: ALL, silent: true },
  "blank lines": {
    drops: [
      {
        ...ALL,
        files: each((text, { delimiter }) => {
          const empty =
            delimiter === null ? "" : delimiter.repeat(text.split("\n")[0]!.split(delimiter).length - 1);
          return `\n${text.replaceAll("\n", `\n\n   \n${empty}\n`)}\n`;
        }),
      },
    ],
    as: ALL,
    silent: true,
  },
  "lone carriage returns": {
    drops: [{ ...ALL, files: each((text) => text.replaceAll("\n", "\r")) }],
    as: ALL,
    refused: /lone carriage return/,
  },
  "the same file twice": {
    drops: [
      {
        ...ALL,
        files: (files) => ({
          ...files,
          ...Object.fromEntries(
            Object.entries(files).flatMap(([name, text]) => [
              [`copy-of-${name}`, text],
              [`${name}.gz`, gzipSync(text)],
            ]),
          ),
        }),
      },
    ],
    as: ALL,
    said: /holds the same bytes as .* and was counted once/,
  },
  "the same extract again": { drops: [ALL, ALL], as: ALL, said: /"known":true/ },
  "fields filled up with spaces": { drops: [PADDED], as: ALL, silent: true },
  "ids filled up with spaces, in a later extract": {
    drops: [ALL, { entries: PADDED.entries.map((entry) => ({ ...entry, value: entry.value && " 130 " })) }],
    as: { ...ALL, entries: ENTRIES.map((entry) => (entry.value ? { ...entry, value: "130" } : entry)) },
    silent: true,
  },
  "ids that a tool wrote as floating numbers": {
    drops: [ALL, { entries: changed("5", { person: "103.0", value: "131" }).slice(4, 5) }],
    said: /points at no patient of these records|103 2024-03-05 snomed 271649006 131/,
    refused: /nothing of this extract could be taken.*no patient/,
  },
  "a code that a spreadsheet mangled": {
    drops: [{ ...ALL, entries: changed("1", { code: "4.40541E+07" }) }],
    said: MANGLED,
  },
  "an id that a spreadsheet mangled": {
    drops: [
      {
        people: [...PEOPLE, { ...PEOPLE[0]!, id: "9.99001E+11" }],
        entries: ENTRIES,
      },
    ],
    said: MANGLED,
  },
  "somebody given twice with other facts": {
    drops: [{ ...ALL, people: [...PEOPLE, { ...PEOPLE[0]!, born: "1951-02-01" }] }],
    as: { ...ALL, people: [{ ...PEOPLE[0]!, born: "1951-02-01" }, ...PEOPLE.slice(1)] },
    said: /given before in this extract, with other facts/,
  },
  "a quoted field that runs over lines": {
    drops: [
      {
        ...ALL,
        files: each((text, { delimiter }) => {
          const lines = text.slice(0, -1).split("\n");
          if (delimiter === null || lines.length < 6 || !/(note|description)\r?$/i.test(lines[0]!))
            return text;
          return `${lines.map((line, i) => (i === 2 ? `${line}"5 mg` : i === 4 ? `${line}twice"` : line)).join("\n")}\n`;
        }),
      },
    ],
    said: /a quoted field runs over|"events":6/,
  },
  "an extract that brings nothing": {
    drops: [ALL, { entries: ENTRIES.map((entry) => ({ ...entry, id: `${entry.id}9`, person: "999" })) }],
    as: ALL,
    refused: /nothing of this extract could be taken|none of its \d+ rows is of a known patient/,
  },
  "an extract of an earlier day than the records": {
    drops: [
      { ...ALL, completeTo: "2024-05-31" },
      { ...without("6"), completeTo: "2024-04-30" },
    ],
    as: ALL,
    refused: /complete to 2024-04-30 and the records are to 2024-05-31/,
  },
  "an extract that says it is complete to a day to come": {
    drops: [{ ...ALL, completeTo: "2099-05-31" }],
    refused: /complete to 2099-05-31, which has not come yet/,
  },

  // What was taken can be taken back
  "a row that is deleted by its id alone": { drops: [ALL, { gone: ["5"] }], as: without("5") },
  "a row that was entered in error": { drops: [ALL, { inError: [ENTRIES[4]!] }], as: without("5") },
  "a row that is taken back in the same load": {
    drops: [{ ...ALL, gone: ["5"], inError: [ENTRIES[5]!] }],
    as: { people: PEOPLE, entries: ENTRIES.slice(0, 4) },
  },
  "a row whose person was corrected": {
    drops: [ALL, { entries: changed("5", { person: "103" }).slice(4, 5) }],
    as: { ...ALL, entries: changed("5", { person: "103" }) },
  },
  "a row whose person is not here any more": {
    drops: [ALL, { entries: [...changed("5", { person: "999" }).slice(4, 5), { ...ENTRIES[0]!, id: "7" }] }],
    as: { ...ALL, entries: [...without("5").entries!, { ...ENTRIES[0]!, id: "7" }] },
    said: /1,"example"/,
  },
  "a row whose value was corrected": {
    drops: [ALL, { entries: changed("5", { value: "141" }).slice(4, 5) }],
    as: { ...ALL, entries: changed("5", { value: "141" }) },
  },
  "a death that comes alone": {
    drops: [ALL, { deaths: [{ person: "101", day: "2024-04-05" }] }],
    as: { ...ALL, people: [{ ...PEOPLE[0]!, died: "2024-04-05" }, ...PEOPLE.slice(1)] },
  },
  "a death that is not told again": {
    drops: [
      ALL,
      { deaths: [{ person: "101", day: "2024-04-05" }] },
      { ...ALL, entries: changed("5", { value: "150" }), lacks: "deaths" },
    ],
    as: {
      people: [{ ...PEOPLE[0]!, died: "2024-04-05" }, ...PEOPLE.slice(1)],
      entries: changed("5", { value: "150" }),
    },
  },
  "a death in the person's own row": {
    drops: [ALL, { people: [{ ...PEOPLE[0]!, died: "2024-04-05" }] }],
    as: { ...ALL, people: [{ ...PEOPLE[0]!, died: "2024-04-05" }, ...PEOPLE.slice(1)] },
  },
  "a person who is deleted": {
    drops: [ALL, { gonePeople: ["102"] }],
    as: { people: [PEOPLE[0]!, PEOPLE[2]!], entries: ENTRIES.filter(({ person }) => person !== "102") },
  },
  "a registration that is deleted": {
    drops: [ALL, { goneRegistrations: [PEOPLE[1]!] }],
    said: /"registrations":\[\["101",10957,null\],\["103",11688,null\]\]/,
  },
  "a registration whose start was corrected": {
    drops: [ALL, { people: [{ ...PEOPLE[1]!, joined: "2001-02-01" }] }],
    as: {
      ...ALL,
      people: PEOPLE.map((each) => (each.id === "102" ? { ...each, joined: "2001-02-01" } : each)),
    },
  },
  "people who prove to be one": {
    drops: [
      ALL,
      { merged: { person: "102", into: "103", entries: ENTRIES.filter(({ person }) => person === "102") } },
    ],
    as: {
      people: [PEOPLE[0]!, PEOPLE[2]!],
      entries: ENTRIES.map((entry) => (entry.person === "102" ? { ...entry, person: "103" } : entry)),
    },
  },
  "an extract that is all there is": {
    drops: [
      { ...ALL, deaths: undefined },
      { people: PEOPLE.slice(1), entries: changed("5", { value: "150" }).slice(3), whole: true },
    ],
    as: { people: PEOPLE.slice(1), entries: changed("5", { value: "150" }).slice(3) },
    said: /1 of 3 people, .* are not in this extract and went/,
  },
};

const AS_TOLD: Change = (files) => files;

/** What was said at the end, and what the store holds, as one text. */
async function told(
  format: Format,
  drops: readonly Drop[],
): Promise<{ store: string; said: string; error: ImportError | null; report: ImportReport | null }> {
  const teller = TELLERS[format];
  const store = newStore();
  let report: ImportReport | null = null;
  let error: ImportError | null = null;
  for (const { files = AS_TOLD, whole, ...story } of drops) {
    const more = { format, registeredFrom: teller.registeredFrom, ...(whole ? { whole, yes: true } : {}) };
    const path = extract(files(teller.tell(story), teller));
    try {
      report = report === null ? await load(store, path, more) : await previewed(store, path, more);
    } catch (cause) {
      if (!(cause instanceof ImportError)) throw cause;
      error = cause;
    }
  }
  const said = error?.message ?? JSON.stringify([report, everything(store)]);
  return { store, said, error, report };
}

/** A load after a dry run, which says what the load does and changes nothing; what changed adds up. */
async function previewed(
  store: string,
  path: string,
  more: Parameters<typeof load>[2],
): Promise<ImportReport> {
  const before = everything(store) as Counted;
  const dry = await load(store, path, { ...more, dryRun: true });
  assert.deepEqual(everything(store), before, "a dry run keeps nothing");
  const report = await load(store, path, more);
  assert.deepEqual(report.changes, dry.changes, "and says what the load does");
  const { added, deleted } = report.changes.events;
  const grown = (everything(store) as Counted).events.length - before.events.length;
  assert.equal(grown, added - deleted, "the events add up");
  return report;
}

interface Counted {
  readonly events: readonly string[];
}

for (const format of FORMATS) {
  t.test(`${format}: the three rules`, async (t) => {
    const teller = TELLERS[format];
    for (const [name, kind] of Object.entries(KINDS)) {
      const why = teller.noRoom[name];
      if (why !== undefined) {
        t.pass(`${name}: no room (${why})`);
        continue;
      }
      const { store, said, error, report } = await told(format, kind.drops);
      if (error !== null) t.match(error.message, kind.refused ?? /^it is not refused$/, name);
      else if (kind.said !== undefined) t.match(said, kind.said, name);
      if (kind.silent && report !== null)
        t.same([report.reasons, report.doubts], [[], []], `${name}: nothing is said`);
      if (kind.as === undefined || (error !== null && kind.drops.length === 1)) continue;
      const fresh = await told(format, [kind.as]);
      t.same(everything(store), everything(fresh.store), `${name}: the store`);
    }
  });
}
