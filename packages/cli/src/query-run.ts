/** A query on the practice's own records, on its own screen. */
import { CairnError } from "@cairn/errors";
import {
  type DecidedTable,
  REASON_WORDS,
  type RefusedTable,
  type ReleasedCell,
  type ReleasedValue,
} from "@cairn/disclosure";
import { answer, optedOut, patientsOf, type CountedPatients } from "@cairn/engine";
import { type ExactTable, has, keysIn, OPT_OUTS_BY_CHOICE, OPT_OUTS_COUNTED } from "@cairn/tables";
import { optOutCodes, type Records, requireAnswerable, unsplittable, withoutOptOuts } from "@cairn/records";
import { periodEnds, type Query } from "@cairn/query-library";
import {
  logLook,
  logNumbersLook,
  optOutsOfPreviews,
  previewed,
  type ReleasePreview,
  withRecords,
} from "@cairn/agent/practice-records";
import type { Flags } from "./record-options.js";
import { leftOutWords } from "./left-out-words.js";
import { aligned, doubtsOf, printBasis, queryToAsk } from "./query-screen.js";
import { say } from "./say.js";

export interface RunFlags extends Flags {
  readonly exact?: boolean;
  readonly byPatient?: boolean;
  readonly as?: string;
}
export interface PreviewFlags extends Flags {
  readonly policy: string;
  readonly as?: string;
}

/** Exact counts were not asked for by name. */
class NotExactError extends CairnError<"not-exact"> {
  readonly kind = "wrong-use";
}

export async function run(file: string, flags: RunFlags): Promise<void> {
  if (!flags.exact) {
    throw new NotExactError(
      "not-exact",
      "query run shows exact counts: say --exact if this screen is the practice's, or use query preview",
    );
  }
  const query = queryToAsk(file, flags);
  await withRecords(flags.data, (records) => {
    requireAnswerable(query, records);
    const source = records.source();
    const [tables = []] = answer(source, [query], flags.at, OPT_OUTS_COUNTED);
    const people = flags.byPatient
      ? byPatient(patientsOf(source, query, flags.at, OPT_OUTS_COUNTED), query, records)
      : null;
    const out = optedOut(source, optOutCodes());
    const among = tables.map((each) => ({ date: each.date, people: peopleIn(each, out) }));
    const cells = tables.flatMap(exactCells).filter(knownCells(query, records));
    if (flags.byPatient) logLook(flags.data, query, flags.at, flags.as);
    else logNumbersLook(flags.data, query, "see-own-numbers", flags.as);
    if (flags.json) {
      const { query: name, version, digest } = query;
      say.json({
        query: name,
        version,
        digest,
        cells,
        opted_out: among,
        ...doubtsOf(query, records, flags.at),
        ...(people === null ? {} : { patients: people }),
      });
    } else {
      say.result(table(query, cells, String));
      for (const each of tables) if (each.waterfall.length > 1) say.result(waterfallText(each));
      if (people !== null) say.result(peopleTable(people));
    }
    for (const { date, people } of among) if (people > 0) say.note(countedWords(date, people));
    printBasis(query, records, flags.at);
  });
}

/** Number of people in a table's denominator who have opted out. */
function peopleIn({ cells }: ExactTable, out: Uint32Array): number {
  const set = cells[0]?.denominatorSet;
  return set === undefined ? 0 : keysIn(set).filter((key) => has(out, key)).length;
}

function countedWords(date: string, people: number): string {
  const who = people === 1 ? "1 person has" : `${people} people have`;
  const are = people === 1 ? "is" : "are";
  return `${date}: ${who} a type 1 opt-out in the record, ${are} on the practice's own list or ${are} marked as confidential. These exact counts hold them. In what leaves, only people with a type 1 opt-out can be counted, where the practice, the charter of each of its groups and every question that they may ask agree.`;
}

/**
 * Number of people whom each ordered step of the denominator decided, from those it starts with to those it counts.
 */
function waterfallText({ date, waterfall, cells }: ExactTable): string {
  const counted = ["in the denominator", `${cells[0]?.denominator ?? 0}`] as const;
  const steps = waterfall.map(({ label, people }) => [stepWords(label), `${people}`] as const);
  const rows = [...steps, counted];
  const width = Math.max(...rows.map(([, people]) => people.length));
  const lines = rows.map(([words, people]) => `  ${people.padStart(width)}  ${shortened(words, 76 - width)}`);
  return [`How the denominator came about, ${date}:`, ...lines].join("\n");
}

/** The engine's `step 2: reject (why)` as people say it. */
function stepWords(label: string): string {
  const found = /^(start|otherwise|step (\d+))(?:: (select|reject))?(?: \((.*)\))?$/s.exec(label);
  if (found === null || found[1] === "start") return "people the query starts with";
  const [, , step, what, why] = found;
  const done = what === "select" ? "taken in" : "left out";
  const where = step === undefined ? "by no step, and so" : `by step ${step}`;
  return step === undefined
    ? `decided ${where} ${done}`
    : `${done} ${where}${why === undefined ? "" : `: ${why}`}`;
}

function shortened(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 3)}...`;
}

/** Leaves out cells that could only be nought: of what the records do not say everybody is in `unknown`. */
function knownCells(query: Query, records: Records): (cell: CellOf<unknown>) => boolean {
  const lacking = unsplittable(query, records);
  return ({ split }) => lacking.every((key) => (split[CELL_KEY[key] ?? key] ?? "unknown") === "unknown");
}

/** The name of a fact in a cell, where it differs. */
const CELL_KEY: Readonly<Record<string, string>> = { birth: "age_band" };

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
function byPatient(found: readonly CountedPatients[], query: Query, records: Records): Person[] {
  return found.flatMap(({ date, denominatorSet, numeratorSet, sums }) =>
    keysIn(denominatorSet).map((key) => ({
      date,
      patient: records.foundBy(key),
      ...(query.unit === "people" || sums === null
        ? { numerator: has(numeratorSet, key) ? 1 : 0, denominator: 1 }
        : (sums.get(key) ?? { numerator: 0, denominator: 0 })),
    })),
  );
}

export async function preview(file: string, flags: PreviewFlags): Promise<void> {
  const query = queryToAsk(file, flags);
  await withRecords(flags.data, async (records) => {
    requireAnswerable(query, records);
    const source = records.source();
    const dates = optOutsOfPreviews(flags.data, query, flags.at);
    const tables = dates.made.flatMap(({ date, optOuts }) => {
      const whom = optOuts === "counted" ? OPT_OUTS_BY_CHOICE : withoutOptOuts();
      return answer(source, [query], [date], whom).flat();
    });
    const { policy, decision, beside } = await previewed(flags.data, query, tables, flags.policy);
    const cells = decision.tables.flatMap(({ released }) =>
      released.cells.map((cell) => releasedCell(released.date, cell)),
    );
    const { query: name, version, digest } = query;
    const withheld = decision.tables.flatMap(withheldIn);
    const refused = [
      ...dates.refused,
      ...decision.refused.map(({ table: { date }, code }) => ({ date, code, words: REFUSED[code] })),
    ];
    logNumbersLook(flags.data, query, "see-releases", flags.as);
    if (flags.json) {
      const doubts = doubtsOf(query, records, flags.at);
      say.json({
        query: name,
        version,
        digest,
        policy: policy.name,
        beside,
        cells,
        withheld,
        refused,
        ...doubts,
      });
    } else {
      say.result(table(query, cells, shown));
      for (const { date, words } of refused) say.result(`${date}  would not be answered: ${words}`);
      if (withheld.length > 0) say.result(whyTable(withheld));
    }
    for (const words of ofOtherDates(query, flags.at)) say.note(words);
    say.note(BESIDE[beside]);
    const { leftOut } = source.people();
    const people = {
      all: keysIn(optedOut(source, optOutCodes())).length,
      always: leftOut === undefined ? 0 : keysIn(leftOut).length,
    };
    for (const words of leftOutWords(dates.made, people)) say.note(words);
    printBasis(query, records, flags.at);
  });
}

/** H3: a hub may ask at the ends of a query's own periods alone. */
function ofOtherDates({ periods: { every } }: Query, dates: readonly string[]): string[] {
  return dates.flatMap((date) => {
    const [end] = periodEnds(every, 1, date);
    return end === date
      ? []
      : [
          `${date} ends no ${every}, so a hub's question at it would be refused: the ${every} before it ended on ${end}.`,
        ];
  });
}

const BESIDE: Readonly<Record<ReleasePreview["beside"], string>> = {
  history: "Decided beside everything that this practice released before.",
  nothing:
    "Decided as a first release: this folder has no release history. At a practice that has released before, more can be withheld.",
};

const REFUSED: Readonly<Record<RefusedTable["code"], string>> = {
  expired: "a later date of this query version has left already",
  "history-gone": "what was released for this date is no longer kept",
};

interface Withheld {
  readonly date: string;
  readonly split: Readonly<Record<string, string>>;
  readonly part: "numerator" | "denominator";
  readonly reason: string;
  readonly words: string;
}

function withheldIn({ table, reasons }: DecidedTable): Withheld[] {
  return reasons.flatMap((reason, i) =>
    (["numerator", "denominator"] as const).flatMap((part) => {
      const why = reason[part];
      const { split } = table.cells[i]!;
      return why ? [{ date: table.date, split, part, reason: why, words: REASON_WORDS[why] }] : [];
    }),
  );
}

/** The reasons for withheld cells, for the practice alone: what leaves has one word for all of them. */
function whyTable(withheld: readonly Withheld[]): string {
  const rows = withheld.map(({ date, split, part, words }) => [date, cellWords(split), part, words]);
  return ["", "Why, for this practice's eyes only:", ...aligned(rows)].join("\n");
}

/** `carried`: how many periods before the release's own the value was made; not there where it was made for it. */
type Shown = (ReleasedValue & { readonly carried?: number }) | "withheld";

function releasedCell(date: string, cell: ReleasedCell): CellOf<Shown> {
  const marked = (value: ReleasedCell["numerator"], carried: number): Shown =>
    value === "withheld" || carried === 0 ? value : { ...value, carried };
  return {
    date,
    split: cell.split,
    numerator: marked(cell.numerator, cell.carriedNumerator),
    denominator: marked(cell.denominator, cell.carried),
  };
}

function shown(value: Shown): string {
  if (value === "withheld") return value;
  const range = value.low === value.high ? `${value.value}` : `${value.value} (${value.low}-${value.high})`;
  return value.carried === undefined ? range : `${range} carried`;
}

function table<Count>(
  query: Query,
  cells: readonly CellOf<Count>[],
  words: (count: Count) => string,
): string {
  const rows = cells.map((cell) => [
    cell.date,
    cellWords(cell.split),
    words(cell.numerator),
    "of",
    words(cell.denominator),
  ]);
  return [query.title, ...aligned(rows)].join("\n");
}

function cellWords(split: Readonly<Record<string, string>>): string {
  const words = Object.entries(split).map(([key, value]) => `${key} ${value}`);
  return words.join(", ") || "everyone";
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
