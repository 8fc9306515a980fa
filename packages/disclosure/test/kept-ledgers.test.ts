/** A ledger that was kept decides, and certifies, what one made anew would; where anything is in doubt it is made anew. */
import t from "tap";
import {
  decide,
  decodeEntry,
  encodeEntry,
  KeptLedgers,
  memoryHistory,
  policyNamed,
  type Decision,
  type History,
  type HistoryEntry,
  type Policy,
} from "../src/index.js";
import type { UndecidedTable } from "../src/table.js";
import { library, practice, seeded, tableOf, type Person } from "./population.js";
import { solver } from "./solver.js";
import { cell, nextQuarter, table } from "./tables.js";

const policy = policyNamed("k8-r5");
const stricter = policyNamed("k10-r6");
const DATES = [0, 1, 2].map(nextQuarter);

/** A history as a keeper stores it: what was added is read back from bytes, and it knows the state of a date. */
class StoredHistory implements History {
  readonly keptFrom = null;
  #memory = memoryHistory();

  readonly at = (date: string) => this.#memory.at(date);
  readonly of = (query: string, date: string) => this.#memory.of(query, date);
  readonly made = (digest: string, date: string) => this.#memory.made(digest, date);
  readonly before = (query: string, date: string) => this.#memory.before(query, date);
  readonly newest = (digest: string) => this.#memory.newest(digest);
  readonly state = (date: string) => `${this.at(date).length}`;

  append(entries: readonly HistoryEntry[]): void {
    this.#memory.append(entries.map((entry) => decodeEntry(encodeEntry(entry))));
  }
}

interface Batch {
  readonly tables: readonly UndecidedTable[];
  readonly policy: Policy;
  readonly corrected?: readonly { readonly digest: string; readonly date: string }[];
  readonly solver?: typeof solver;
}

/** The queries of a library one by one, each at all dates, among them what a guard treats apart. */
function batches(people: readonly Person[]): Batch[] {
  const asked = library(5, 2, [["sex"], ["age_band"]]).map((question) =>
    DATES.map((date) => tableOf(people, { ...question, date })),
  );
  const plain = asked.map((tables): Batch => ({ tables, policy, solver }));
  const again = asked
    .slice(3, 6)
    .map((tables) => tables.map((one) => ({ ...one, temporal: "strict" as const })));
  const changed = (tables: readonly UndecidedTable[], version: string): UndecidedTable[] =>
    tables.map((one) => ({ ...one, version, digest: `${one.query}@${version}` }));
  const [first = []] = asked;
  return [
    ...plain.slice(0, 8),
    ...again.map((tables): Batch => ({ tables: changed(tables, "2"), policy, solver })),
    { tables: first, policy, solver, corrected: first.map(({ digest, date }) => ({ digest, date })) },
    { tables: changed(first, "3"), policy }, // G3 without a solver takes back what was published
    ...plain.slice(8, 10).map((batch) => ({ ...batch, policy: stricter })),
    ...plain.slice(10),
  ];
}

/** Everything that a decision says, as one text. */
function textOf({ tables, refused, entries }: Decision): string {
  return JSON.stringify({
    tables: tables.map(({ released, reasons, certificate }) => [released.codes(), reasons, certificate]),
    refused: refused.map(({ code }) => code),
    entries: entries.map((entry) => Buffer.from(encodeEntry(entry)).toString("base64")),
  });
}

/** Decides a batch and adds it to the history, as a keeper does. */
function decided(batch: Batch, history: StoredHistory, ledgers?: KeptLedgers): string {
  ledgers?.begin();
  const { tables, policy, ...options } = batch;
  const decision = decide(tables, history, policy, { ...options, ...(ledgers ? { ledgers } : {}) });
  history.append(decision.entries);
  ledgers?.keep(ledgers.states(history));
  return textOf(decision);
}

t.test("query by query, the decisions and certificates are those of ledgers made anew", async (t) => {
  for (const seed of [1, 2]) {
    const [kept, anew, ledgers] = [new StoredHistory(), new StoredHistory(), new KeptLedgers()];
    for (const [nth, batch] of batches(practice(900, seeded(seed))).entries())
      t.equal(decided(batch, kept, ledgers), decided(batch, anew), `seed ${seed}, batch ${nth}`);
  }
});

t.test("a kept ledger spares reading its date", async (t) => {
  const [first, second] = batches(practice(300, seeded(3))) as [Batch, Batch];
  const [history, ledgers] = [new StoredHistory(), new KeptLedgers()];
  decided(first, history, ledgers);
  const unread = Object.assign(Object.create(history) as StoredHistory, {
    at: () => t.fail("the date was read"),
  });
  t.ok(decide(second.tables, unread, policy, { solver, ledgers }).entries.length > 0);
});

t.test("a batch that was given up leaves no ledger behind", async (t) => {
  const [first, lost, next] = batches(practice(900, seeded(4))).slice(-3) as [Batch, Batch, Batch];
  const [kept, anew, ledgers] = [new StoredHistory(), new StoredHistory(), new KeptLedgers()];
  decided(first, kept, ledgers);
  decided(first, anew);
  decide(lost.tables, kept, policy, { solver, ledgers }); // and not added
  t.equal(decided(next, kept, ledgers), decided(next, anew));
});

t.test("where another entry has come to a date, its ledger is made anew", async (t) => {
  const [first, other, next] = batches(practice(900, seeded(5))).slice(-3) as [Batch, Batch, Batch];
  const [kept, anew, ledgers] = [new StoredHistory(), new StoredHistory(), new KeptLedgers()];
  for (const history of [kept, anew]) {
    decided(first, history, history === kept ? ledgers : undefined);
    decided(other, history);
  }
  t.equal(decided(next, kept, ledgers), decided(next, anew));
});

t.test("under another policy the ledger is made anew", async (t) => {
  const [first, next] = batches(practice(900, seeded(6))).slice(-3) as [Batch, Batch];
  const [kept, anew, ledgers] = [new StoredHistory(), new StoredHistory(), new KeptLedgers()];
  decided(first, kept, ledgers);
  decided(first, anew);
  const other = { ...next, policy: stricter };
  t.equal(decided(other, kept, ledgers), decided(other, anew));
});

t.test("a ledger of sets that conflict under this policy is made anew each time", async (t) => {
  const of = (query: string, version: string, from: number, end: number, policy: Policy): Batch => {
    const tables = [table([cell({}, [[from, end]], [[from, from]])], { query, version })];
    return { tables, policy, solver };
  };
  const weaker = policyNamed("k5-r5");
  const [kept, anew, ledgers] = [new StoredHistory(), new StoredHistory(), new KeptLedgers()];
  for (const batch of [
    of("a", "1", 0, 100, weaker),
    of("b", "1", 500, 601, weaker),
    of("a", "2", 0, 106, weaker), // six more people than in version 1
    of("c", "1", 700, 800, stricter),
    of("d", "1", 900, 1000, stricter),
  ])
    t.equal(decided(batch, kept, ledgers), decided(batch, anew));
});
