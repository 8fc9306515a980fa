/**
 * A night's delta: what changed of fifteen million events, taken into their store and into the postings of the whole
 * library.
 */
import { createReadStream, createWriteStream, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import { periodEnds } from "@cairn/query-library";
import { atMost, type Figure, reference } from "./figures.js";
import { importedApart } from "./import-once.js";
import { wholeLibrary } from "./library.js";
import { ask, forgetPostings, jobFile, mustBeAlike } from "./store.js";

const CPU = 5; // seconds
const MEMORY = 400; // MiB
const NEXT_DAY = "2025-04-01";
const PERIODS = 24;
/** One person in five is told of, with every hundredth of their events: a five hundredth of all. */
const PEOPLE = 5;
const EVENTS = 100;

/** What the store should hold of events, by a count of the lines. */
interface Counted {
  events: number;
  /** Sum of the values. */
  values: number;
}

/** @param extract a journal of one practice, without ids of rows */
export async function night(folder: string, extract: string): Promise<Figure[]> {
  const [bulk, delta, store] = ["bulk", "delta", "night-store"].map((name) => join(folder, name)) as [string, string, string]; // prettier-ignore
  const { before, after, rows } = await withNight(extract, bulk, delta);
  const first = await importedApart("journal", bulk, store, true);
  rmSync(bulk, { recursive: true });
  mustHold(store, before);
  const job = jobFile(store, "night", wholeLibrary(), periodEnds("month", PERIODS, "2025-03-31"));
  ask(job); // keeps the postings
  const warm = ask(job);
  const done = await importedApart("journal", delta, store, true);
  mustHold(store, after);
  const spliced = ask(job);
  forgetPostings(store);
  mustBeAlike(ask(job), spliced, "postings after a night");
  const taken = (done.read + done.written + done.indexed) / 1000;
  const postings = Math.max(0, spliced.cpu - warm.cpu) / 1000;
  return [
    atMost(`a night of ${rows} rows into ${(before.events / 1e6).toFixed(1)} million events, postings included`, taken + postings, "s of CPU", CPU),
    reference("  of which the postings of the whole library", postings, "s of CPU"),
    reference("  beside it, checking that the store is sound", done.opened / 1000, "s of CPU"),
    atMost("  its memory", done.memory, "MiB", MEMORY),
    atMost("  memory of the bulk before it, whose rows have ids", first.memory, "MiB", MEMORY),
  ];
} // prettier-ignore

/** Gives the rows of a journal ids, and tells a night: five in six of its rows are new, the others correct or delete one. */
async function withNight(
  extract: string,
  bulk: string,
  delta: string,
): Promise<{ before: Counted; after: Counted; rows: number }> {
  for (const to of [bulk, delta]) mkdirSync(to);
  for (const name of ["patients.csv", "registrations.csv", "manifest.json"])
    copyFileSync(join(extract, name), join(bulk, name));
  const [all, changed] = [bulk, delta].map((to) => createWriteStream(join(to, "events.csv"))) as [Out, Out];
  const before: Counted = { events: 0, values: 0 };
  const after: Counted = { events: 0, values: 0 };
  let [number, rows, person, people] = [0, 0, "", 0];
  for await (const line of createInterface({ input: createReadStream(join(extract, "events.csv")) })) {
    if (number++ === 0) {
      all.write(`${line},row_id,deleted\n`);
      changed.write(`${line},row_id,deleted\n`);
      continue;
    }
    const fields = line.split(",");
    if (fields[0] !== person) [person, people] = [fields[0]!, people + 1];
    const id = `row-${number}`;
    const value = Number(fields[4]);
    before.events++;
    before.values += value;
    after.events++;
    after.values += value;
    if (!all.write(`${line},${id},\n`)) await once(all, "drain");
    if (people % PEOPLE !== 0 || number % EVENTS !== 0) continue;
    const what = rows++ % 12;
    if (what === 0) {
      changed.write(`${line},${id},1\n`);
      after.events--;
      after.values -= value;
    } else if (what === 1) {
      changed.write(`${fields.with(4, String(value + 1)).join(",")},${id},\n`);
      after.values++;
    } else {
      changed.write(`${fields.with(1, NEXT_DAY).join(",")},${id}-new,\n`);
      after.events++;
      after.values += value;
    }
  }
  for (const out of [all, changed]) await once(out.end(), "close");
  return { before, after, rows };
}
type Out = ReturnType<typeof createWriteStream>;

function mustHold(store: string, want: Counted): void {
  const db = openDatabase(join(store, "records.db"), { readonly: true, check: false });
  const has = db
    .prepare<[], Counted>('SELECT count(*) AS events, total(value) AS "values" FROM event')
    .get()!;
  db.close();
  const records = openRecords(store, { check: false });
  const told = records.quality()!.events.events;
  records.close();
  const isSo = has.events === want.events && told === want.events && Math.abs(has.values - want.values) < 1;
  if (!isSo) throw new Error(`the store holds ${JSON.stringify(has)} and tells of ${told} events; it was given ${JSON.stringify(want)}`); // prettier-ignore
}
