/**
 * Good files of every format, spoilt byte by byte: whatever becomes of them, a load is whole or it is nothing, it
 * says where it stumbled, and it repeats nothing of a record.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { ImportError, importRecords, type ImportReport } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { openDatabase, SqliteError } from "@cairn/sqlite";
import { FORMATS, type FormatName, writePractice } from "@cairn/synthetic";

const LONG = process.env.CAIRN_LONG === "1";
t.setTimeout(LONG ? 3_600_000 : 240_000);
const UNTIL = "2025-03-31";
const dir = mkdtempSync(join(tmpdir(), "cairn-mutations-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

interface Mutation {
  readonly file: number;
  readonly at: number; // as a share of the file, in millionths
  readonly how: "flip" | "insert" | "delete" | "truncate" | "swap-lines" | "repeat";
  readonly byte: number;
  readonly length: number;
}

/** Bytes that mean something to a reader come more often than others. */
const byte = fc.oneof(
  fc.constantFrom(...[...',;\t"\n\r{}[]:\\-\0'].map((c) => c.charCodeAt(0)), 0xff, 0xc3),
  fc.nat(255),
);
const mutation: fc.Arbitrary<Mutation> = fc.record({
  file: fc.nat(999),
  at: fc.nat(1_000_000),
  how: fc.constantFrom("flip", "insert", "delete", "truncate", "swap-lines", "repeat"),
  byte,
  length: fc.oneof(fc.constant(1), fc.nat(40)),
});

function spoilt(bytes: Buffer, { at, how, byte, length }: Mutation): Buffer {
  const from = Math.floor((at / 1_000_000) * bytes.length);
  const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)];
  switch (how) {
    case "flip":
      return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
    case "insert":
      return Buffer.concat([before, Buffer.alloc(length, byte), after]);
    case "delete":
      return Buffer.concat([before, after.subarray(length)]);
    case "truncate":
      return Buffer.from(before);
    case "swap-lines": {
      const line = bytes.indexOf(10, from) + 1;
      return Buffer.concat([bytes.subarray(line), bytes.subarray(0, line)]);
    }
    case "repeat":
      return Buffer.concat([before, after.subarray(0, length), after]);
  }
}

/**
 * Everything of a record that could give somebody away: identifiers, dates and long codes as they are written, but the days
 * that the manifest says of the whole extract, which are said on purpose.
 */
function tellTales(files: ReadonlyMap<string, Buffer>): string[] {
  const wordsOf = (bytes?: Buffer): string[] => bytes?.toString("latin1").split(/[^A-Za-z0-9-]+/) ?? [];
  const ofAll = new Set(wordsOf(files.get("manifest.json")));
  const words = [...files].flatMap(([name, bytes]) => (name === "manifest.json" ? [] : wordsOf(bytes)));
  return [...new Set(words)].filter(
    (word) => /\d/.test(word) && word.length >= 8 && !word.startsWith(UNTIL) && !ofAll.has(word),
  );
}

interface Outcome {
  readonly said: string;
  readonly refused: boolean;
}

async function loadInto(store: string, format: FormatName, folder: string): Promise<ImportReport | Error> {
  const records = openRecords(store, { check: false });
  try {
    const report = await importRecords(records, {
      format,
      paths: [folder],
      system: "snomed",
      completeTo: null,
      registeredFrom: "birth",
      dryRun: false,
      now: new Date("2025-06-01T00:00:00Z"),
      progress: () => undefined,
    });
    const { patients, events, registrations } = records.totals();
    if (!sameTotals(report, { patients, events, registrations }))
      throw new Error("the report is not of the store");
    return report;
  } catch (error) {
    if (error instanceof ImportError || error instanceof SqliteError) return error;
    throw error;
  } finally {
    records.close();
  }
}

function sameTotals(a: { patients: number; events: number; registrations: number }, b: typeof a): boolean {
  return a.patients === b.patients && a.events === b.events && a.registrations === b.registrations;
}

/** What is said to people, but the day of the newest event of all and of each kind, which is said on purpose. */
function saidOf(became: ImportReport | Error): string {
  if (became instanceof Error)
    return became.message.replace(/ days after [\d-]+, where .* the newest event is of [\d-]+\)/, "");
  return JSON.stringify(became, (key, value: unknown) =>
    key === "newest" || key === "usual_to" ? undefined : value,
  );
}

/** Every row of the store but the time of a load. */
function everything(store: string): string {
  const db = openDatabase(join(store, "records.db"), { readonly: true, check: false });
  const tables = ["store", "patient", "registration", "code", "measure", "clinician", "event", "import"];
  const rows = tables.map((table) => db.prepare(`SELECT * FROM ${table}`).raw().all());
  db.close();
  return JSON.stringify(rows);
}

for (const format of Object.keys(FORMATS) as FormatName[]) {
  t.test(
    `${format}, spoilt anywhere, is taken whole or refused by place, and gives nobody away`,
    async (t) => {
      const good = join(dir, format);
      const practice = { eventsPerPatient: 50, until: UNTIL, practice: "Drovers Gate Surgery", format };
      await writePractice({ ...practice, patients: 3, seed: 5, out: good });
      const files = new Map(readdirSync(good).map((name) => [name, readFileSync(join(good, name))]));
      const names = [...files.keys()].sort();
      const tales = tellTales(files);
      t.ok(tales.length > 20, "there is something to give away");

      // The store holds an earlier extract, of one person fewer.
      const before = join(dir, `${format}-before`);
      await writePractice({ ...practice, patients: 2, seed: 5, out: join(dir, `${format}-earlier`) });
      const first = await loadInto(before, format, join(dir, `${format}-earlier`));
      if (first instanceof Error) throw first;
      const asBefore = everything(before);
      let trial = 0;
      const outcomes = { taken: 0, refused: 0 };

      const attempt = async (changes: readonly Mutation[]): Promise<Outcome> => {
        const folder = join(dir, `${format}-${++trial}`);
        const store = `${folder}-store`;
        mkdirSync(folder);
        mkdirSync(store);
        copyFileSync(join(before, "records.db"), join(store, "records.db"));
        const content = new Map<string, Buffer>(files);
        for (const change of changes) {
          const name = names[change.file % names.length]!;
          content.set(name, spoilt(content.get(name)!, change));
        }
        for (const [name, bytes] of content) writeFileSync(join(folder, name), bytes);
        const became = await loadInto(store, format, folder);
        const after = everything(store);
        const refused = became instanceof Error;
        if (refused && after !== asBefore) throw new Error("it was refused, and something was kept");
        if (!refused) {
          const again = await loadInto(store, format, folder);
          if (again instanceof Error || !again.known) throw new Error("what was taken is not known as taken");
          if (everything(store) !== after) throw new Error("the same content again changed something");
        }
        rmSync(folder, { recursive: true });
        rmSync(store, { recursive: true });
        outcomes[refused ? "refused" : "taken"]++;
        return { refused, said: saidOf(became) };
      };

      const property = fc.asyncProperty(
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        async (changes) => {
          const { refused, said } = await attempt(changes);
          const tale = tales.find((each) => said.includes(each));
          if (tale !== undefined) throw new Error(`"${tale}" was repeated: ${said}`);
          if (!refused) return;
          if (said.includes("\n")) throw new Error(`more than one line: ${said}`);
          const placed = names.some((name) => said.includes(name)) || NO_PLACE.test(said);
          if (!placed) throw new Error(`it does not say where: ${said}`);
        },
      );
      await fc.assert(property, { numRuns: LONG ? 3000 : 25, endOnFailure: !LONG });
      t.ok(outcomes.taken > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
    },
  );
}

/** Refusals that are of the extract and not of one file. */
const NO_PLACE = /practice|registrations|nothing was kept|no registrations/;
