/** cairn query run, cairn query preview, cairn worklist: a query on the practice's own records, on its own screen. */
import { type Command, InvalidArgumentError } from "commander";
import { decide, memoryHistory, type ReleasedCell, type ReleasedValue } from "@cairn/disclosure";
import { answer, type ExactTable, patientsOf, type PatientsAt } from "@cairn/engine";
import { loadSolver, type Records } from "@cairn/keeper";
import { type Query, tryDayNumber } from "@cairn/query-library";
import { inEmptyNetwork } from "../isolated.js";
import { assertMayAsk, basisWords, floorWith, withRecords } from "../practice-records.js";
import { loadQuery } from "../query-file.js";
import { say } from "../say.js";

interface Flags {
  readonly data: string;
  readonly at: string[];
  readonly library?: string;
  readonly json?: boolean;
}
interface RunFlags extends Flags {
  readonly exact?: boolean;
  readonly byPatient?: boolean;
}
interface PreviewFlags extends Flags {
  readonly policy: string;
}

export function register(program: Command): void {
  const query =
    program.commands.find((command) => command.name() === "query") ??
    program.command("query").description("write, check and try queries");
  onRecords(query, "run", "exact counts on this screen; they are not for sending anywhere")
    .option("--exact", "say that exact counts are wanted")
    .option("--by-patient", "list the patients of the denominator with what each counts for")
    .action((file: string, flags: RunFlags) => inEmptyNetwork(() => run(file, flags)));
  onRecords(query, "preview", "exactly what would leave, as a first release of this query")
    .option("--policy <name>", "the group's policy; the practice's own floor is added to it", "k8-r5")
    .action((file: string, flags: PreviewFlags) => inEmptyNetwork(() => preview(file, flags)));
  onRecords(program, "worklist", "your own patients in the denominator and not in the numerator").action(
    (file: string, flags: Flags) => inEmptyNetwork(() => worklist(file, flags)),
  );
}

function onRecords(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .argument("<file>", "a query file")
    .requiredOption("--at <date>", "reference dates: YYYY-MM-DD, several with commas between", dates)
    .option("--data <dir>", "the agent's folder", "cairn-agent")
    .option("--library <dir>", "where codelists are looked for after the file's own codelists/")
    .option("--json", "print JSON");
}

function dates(text: string): string[] {
  const days = text.split(",").map((day) => day.trim());
  if (days.some((day) => tryDayNumber(day) === null)) {
    throw new InvalidArgumentError("write dates as YYYY-MM-DD, with commas between");
  }
  return [...new Set(days)];
}

/** Exact counts were not asked for by name. */
class NotExactError extends Error {
  readonly code = "not-exact";
  readonly exit = 2;
}

async function run(file: string, flags: RunFlags): Promise<void> {
  if (!flags.exact) {
    throw new NotExactError(
      "query run shows exact counts: say --exact if this screen is the practice's, or use query preview",
    );
  }
  const query = loadQuery(file, flags.library);
  assertMayAsk(flags.data, query);
  await withRecords(flags.data, (records) => {
    const source = records.source();
    const [tables = []] = answer(source, [query], flags.at);
    const people = flags.byPatient ? byPatient(patientsOf(source, query, flags.at), query, records) : null;
    const cells = tables.flatMap(exactCells);
    if (flags.json) {
      const { query: name, version, digest } = query;
      say.json({ query: name, version, digest, cells, ...(people === null ? {} : { patients: people }) });
    } else {
      say.result(table(query, cells, String));
      if (people !== null) say.result(peopleTable(people));
    }
    tellBasis(records);
  });
}

interface CellOf<Count> {
  readonly date: string;
  readonly split: Readonly<Record<string, string>>;
  readonly numerator: Count;
  readonly denominator: Count;
}

function exactCells(table: ExactTable): CellOf<number>[] {
  return table.cells.map(({ split, numerator, denominator }) => ({
    date: table.date,
    split,
    numerator,
    denominator,
  }));
}

interface Person {
  readonly date: string;
  readonly patient: string; // the practice's own identifier
  readonly numerator: number;
  readonly denominator: number;
}

/** Patients of the denominator, with 1 and 0 or 1; their sums for a query that counts items or events. */
function byPatient(found: readonly PatientsAt[], query: Query, records: Records): Person[] {
  return found.flatMap(({ date, denominatorSet, numeratorSet, sums }) =>
    keysIn(denominatorSet).map((key) => ({
      date,
      patient: records.practiceIdOf(key),
      ...(query.unit === "people" || sums === null
        ? { numerator: has(numeratorSet, key) ? 1 : 0, denominator: 1 }
        : (sums.get(key) ?? { numerator: 0, denominator: 0 })),
    })),
  );
}

function keysIn(set: Uint32Array): number[] {
  return Array.from({ length: set.length * 32 }, (_, key) => key).filter((key) => has(set, key));
}

function has(set: Uint32Array, key: number): boolean {
  return ((set[key >> 5]! >>> (key & 31)) & 1) === 1;
}

async function preview(file: string, flags: PreviewFlags): Promise<void> {
  const query = loadQuery(file, flags.library);
  assertMayAsk(flags.data, query);
  const policy = floorWith(flags.data, flags.policy);
  const solver = await loadSolver();
  await withRecords(flags.data, (records) => {
    const [tables = []] = answer(records.source(), [query], flags.at);
    const asked = tables.map((each) => ({
      ...each,
      sensitive: query.sensitive,
      temporal: query.temporal,
      every: query.periods.every,
    }));
    const decision = decide(asked, memoryHistory(), policy, { solver });
    const cells = decision.tables.flatMap(({ released }) =>
      released.cells.map((cell) => releasedCell(released.date, cell)),
    );
    const { query: name, version, digest } = query;
    if (flags.json) say.json({ query: name, version, digest, policy: policy.name, cells });
    else say.result(table(query, cells, shown));
    tellBasis(records);
  });
}

type Shown = ReleasedValue | "withheld";

function releasedCell(date: string, cell: ReleasedCell): CellOf<Shown> {
  return { date, split: cell.split, numerator: cell.numerator, denominator: cell.denominator };
}

function shown(value: Shown): string {
  if (value === "withheld") return value;
  return value.low === value.high ? `${value.value}` : `${value.value} (${value.low}-${value.high})`;
}

async function worklist(file: string, flags: Flags): Promise<void> {
  const query = loadQuery(file, flags.library);
  assertMayAsk(flags.data, query);
  await withRecords(flags.data, (records) => {
    const source = records.source();
    const found = patientsOf(source, query, flags.at);
    const rows = found.flatMap(({ date, denominatorSet, numeratorSet }) =>
      keysIn(denominatorSet)
        .filter((key) => !has(numeratorSet, key))
        .map((key) => ({ date, patient: records.practiceIdOf(key) })),
    );
    if (flags.json) {
      say.json({ query: query.query, version: query.version, digest: query.digest, patients: rows });
    } else {
      say.result(
        [
          `${query.title}: in the denominator and not in the numerator. For this practice only.`,
          ...rows.map(({ date, patient }) => `${date}  ${patient}`),
          `${rows.length} patients`,
        ].join("\n"),
      );
    }
    tellBasis(records);
  });
}

function table<Count>(
  query: Query,
  cells: readonly CellOf<Count>[],
  words: (count: Count) => string,
): string {
  const rows = cells.map((cell) => [
    cell.date,
    Object.entries(cell.split)
      .map(([key, value]) => `${key} ${value}`)
      .join(", ") || "everyone",
    words(cell.numerator),
    "of",
    words(cell.denominator),
  ]);
  return [query.title, ...aligned(rows)].join("\n");
}

function peopleTable(people: readonly Person[]): string {
  const rows = people.map(({ date, patient, numerator, denominator }) => [
    date,
    patient,
    `${numerator}`,
    "of",
    `${denominator}`,
  ]);
  return aligned(rows).join("\n");
}

function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => rows.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  return rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
}

/** Beside the result, on standard error, so that it is said with --json too. */
function tellBasis(records: Records): void {
  const words = basisWords(records);
  if (words !== null) say.note(words);
}
