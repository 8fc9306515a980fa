/**
 * Deprivation fifths by postcode, from the tables that the statistics offices publish. A postcode is looked up while
 * its row is read, and kept nowhere: what enters the store is the fifth.
 */
import type { Load } from "@cairn/records";
import { readCsv } from "./csv.js";
import { ImportError } from "./errors.js";
import { FileReader, findFiles } from "./files.js";
import type { SourceFile } from "./source-file.js";

/** The tables as a person names them: their files, and columns that no name tells. */
export interface DeprivationTables {
  /** One table of postcodes with a rank, decile or fifth; or one of postcodes with areas and one of areas with these. */
  readonly files: readonly string[];
  readonly postcodeColumn?: string | undefined;
  /** The column of the rank, decile or fifth. */
  readonly column?: string | undefined;
}

/** How a column says where an area stands among all. */
type Scale = "fifth" | "decile" | "rank";
const MOST: Readonly<Record<Scale, number>> = { fifth: 5, decile: 10, rank: 100_000 };

export class Deprivation {
  /** Postcode as a number, times 8, and its fifth: ascending. */
  readonly #entries: Float64Array;
  /** Names the tables' content among what an extract was loaded with. */
  readonly digest: string;
  /** Numbers of people who were looked up, and who were found, by this load. */
  asked = 0;
  found = 0;

  constructor(entries: Float64Array, digest: string) {
    this.#entries = entries.sort();
    this.digest = digest;
  }

  /** The fifth of a postcode, 1 the most deprived; 0 where the tables do not have it, or have it with two. */
  fifthOf(postcode: string): number {
    const key = postcodeKey(postcode);
    if (Number.isNaN(key)) return 0;
    const entries = this.#entries;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (entries[middle]! < key * 8) low = middle + 1;
      else high = middle;
    }
    const entry = entries[low] ?? 0;
    if (Math.floor(entry / 8) !== key) return 0;
    for (let i = low + 1; Math.floor((entries[i] ?? 0) / 8) === key; i++) if (entries[i] !== entry) return 0;
    return entry % 8;
  }
}

/**
 * The fifth of the person who lives at the postcode: 1 the most deprived to 5, 0 unknown. Where no table was given an
 * extract says nothing of it, and what is known of them stays. For importers to call where they read a postcode.
 */
export function fifthAt(
  { deprivation, load }: { readonly deprivation: Deprivation | null; readonly load: Pick<Load, "people"> },
  postcode: string,
  practiceId: string,
): number {
  if (deprivation === null) return load.people.fifthOf(practiceId);
  const fifth = deprivation.fifthOf(postcode);
  deprivation.asked++;
  if (fifth > 0) deprivation.found++;
  return fifth;
}

/** A postcode as an exact whole number, however it is spaced; NaN where it is none (more than 9 letters and digits). */
function postcodeKey(postcode: string): number {
  let key = 0;
  let length = 0;
  for (let i = 0; i < postcode.length; i++) {
    const c = postcode.charCodeAt(i);
    if (c === 32 || c === 45) continue;
    const digit =
      c >= 48 && c <= 57 ? c - 47 : c >= 65 && c <= 90 ? c - 54 : c >= 97 && c <= 122 ? c - 86 : 0;
    if (digit === 0 || ++length > 9) return NaN;
    key = key * 37 + digit;
  }
  return length === 0 ? NaN : key;
}

/** Reads the tables whole. @throws ImportError where they do not say which postcode is how deprived */
export async function readDeprivation(tables: DeprivationTables): Promise<Deprivation> {
  const reader = new FileReader(() => undefined);
  const files = await findFiles(tables.files, "deprivation table", null);
  const read: Table[] = [];
  for (const file of files) read.push(await readOne(reader, file, tables));
  const [places, ranked] = [
    read.filter((each) => each.has("postcode")),
    read.filter((each) => each.has("level")),
  ];
  const [table, areas] = [places[0], ranked[0]];
  if (
    table === undefined ||
    areas === undefined ||
    places.length > 1 ||
    ranked.length > 1 ||
    !joins(table, areas)
  )
    throw wrong(
      files.map(({ shown }) => shown).join(", "),
      "give one table with a column of postcodes and one of ranks, deciles or fifths, or two: postcodes with areas (LSOA, data zone), and areas with these",
    );
  const fifths = areas.fifths();
  const entries =
    table === areas
      ? table.postcodes.map((postcode, i) => entryOf(postcode, fifths[i]!))
      : joined(table, areas, fifths);
  if (entries.length === 0) throw wrong(table.file, "no postcode of it has a rank, decile or fifth");
  return new Deprivation(
    Float64Array.from(entries),
    reader.digest(JSON.stringify([tables.postcodeColumn ?? null, tables.column ?? null])),
  );
}

function joins(places: Table, ranked: Table): boolean {
  return places === ranked || (places.has("areas") && ranked.has("areas"));
}

function joined(places: Table, areas: Table, fifths: readonly number[]): number[] {
  const of = new Map(areas.areas.flatMap((names, i) => names.map((name) => [name, fifths[i]!] as const)));
  return places.postcodes.flatMap((postcode, i) => {
    const fifth = of.get(places.areas[i]!.find((name) => of.has(name)) ?? "");
    return fifth === undefined ? [] : [entryOf(postcode, fifth)];
  });
}

const entryOf = (postcode: number, fifth: number): number => postcode * 8 + fifth;

/** One table as read: a row each of its columns. */
class Table {
  readonly file: string;
  readonly #columns: Columns;
  readonly #scale: Scale;
  readonly postcodes: number[] = [];
  readonly areas: (readonly string[])[] = [];
  readonly levels: number[] = [];
  /** Each area's name once: a table of postcodes repeats it on every row. */
  readonly #names = new Map<string, string>();
  bad = 0;

  constructor(file: string, columns: Columns, scale: Scale) {
    this.file = file;
    this.#columns = columns;
    this.#scale = scale;
  }

  has(column: keyof Columns): boolean {
    const at = this.#columns[column];
    return typeof at === "number" ? at >= 0 : at.length > 0;
  }

  take(get: (column: number) => string): void {
    const { postcode, areas, level } = this.#columns;
    const key = postcode < 0 ? 0 : postcodeKey(get(postcode));
    const at = level < 0 ? 0 : Number(get(level).replace(/[\s,]/g, "") || NaN);
    if (Number.isNaN(key) || !(level < 0 || (Number.isInteger(at) && at >= 1 && at <= MOST[this.#scale]))) {
      this.bad++;
      return;
    }
    if (postcode >= 0) this.postcodes.push(key);
    if (areas.length > 0)
      this.areas.push(areas.map((column) => this.#nameOf(get(column).trim().toUpperCase())));
    if (level >= 0) this.levels.push(at);
  }

  #nameOf(area: string): string {
    const known = this.#names.get(area);
    if (known !== undefined) return known;
    const own = Buffer.from(area).toString();
    this.#names.set(own, own);
    return own;
  }

  /** Each row's fifth. Ranks are of one nation each, which the first letter of its areas tells. */
  fifths(): number[] {
    if (this.#scale !== "rank") return this.levels.map((at) => Math.ceil((at * 5) / MOST[this.#scale]));
    const ranks = new Map<string, Set<number>>();
    const nation = (i: number): string => this.areas[i]?.[0]?.[0] ?? "";
    this.levels.forEach((rank, i) => {
      let of = ranks.get(nation(i));
      if (of === undefined) ranks.set(nation(i), (of = new Set()));
      of.add(rank);
    });
    const lasts = new Map([...ranks].map(([name, each]) => [name, lastOf(each, this.file)]));
    return this.levels.map((rank, i) => Math.ceil((rank * 5) / lasts.get(nation(i))!));
  }
}

/** The last rank of a nation. @throws ImportError where the table has so few of its ranks that it may be another */
function lastOf(ranks: ReadonlySet<number>, file: string): number {
  const last = [...ranks].reduce((most, rank) => Math.max(most, rank), 0);
  if (ranks.size < last * 0.9)
    throw wrong(
      file,
      `has ${ranks.size} of the ${last} ranks that it goes up to, so a fifth of all is not known; give the nation's whole table, or deciles or fifths`,
    );
  return last;
}

async function readOne(reader: FileReader, file: SourceFile, said: DeprivationTables): Promise<Table> {
  let table: Table | null = null;
  let rows = 0;
  // Place names may be in any encoding; codes, postcodes and numbers are the same in all.
  const format = { delimiter: ",", encoding: "latin1", orTabs: true } as const;
  await readCsv(reader.chunks(file, "deprivation"), file.shown, format, {
    header: (names) => void (table = tableOf(names, file.shown, said)),
    row(row, problem) {
      rows++;
      if (problem === null) table!.take((column) => row.get(column));
      else table!.bad++;
    },
  });
  const { bad } = table!;
  // Postcodes of no area (Crown dependencies, no fixed abode) stand there without a rank.
  if (bad > rows / 2)
    throw wrong(
      file.shown,
      `${bad} of its ${rows} rows have no postcode, area or rank, decile or fifth that can be read`,
    );
  return table!;
}

interface Columns {
  readonly postcode: number;
  /** Areas of several censuses may stand side by side; those that did not change have one code in all. */
  readonly areas: readonly number[];
  readonly level: number;
}

/** Names of columns as `plainly` has them: those of the offices' tables, and the obvious ones. */
const POSTCODE = /^(pcds?|pcd[278]|(full)?postcode\d?|zip(code)?)$/;
const AREA = /^(lsoa|dz|datazone)(code)?((20)?[012]1)?(code|cd)?$/;
/** One part of the index, or a figure that is no rank, decile or fifth of it. */
const PART =
  /domain|income|employ|education|skill|health|crime|housing|barrier|access|living|environment|idaci|idaopi|children|older|score|population|percent|vigintile/i;
const SCALES: readonly (readonly [Scale, RegExp])[] = [
  ["fifth", /quintile|fifth/i],
  ["decile", /decile/i],
  ["rank", /rank|^imd$|^imd(19|20\d\d)?$/i],
];

function plainly(column: string): string {
  return column.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function tableOf(header: readonly string[], file: string, said: DeprivationTables): Table {
  const columns = {
    postcode:
      said.postcodeColumn === undefined
        ? header.findIndex((name) => POSTCODE.test(plainly(name)))
        : indexOf(header, said.postcodeColumn),
    areas: header.flatMap((name, i) => (AREA.test(plainly(name)) ? [i] : [])),
    level: said.column === undefined ? levelIn(header, file) : indexOf(header, said.column),
  };
  const name = header[columns.level] ?? "";
  if (countsFromLeast(name))
    throw wrong(
      file,
      "its column counts from the least deprived; 1 has to be the most deprived, as the offices publish it",
    );
  const scale = SCALES.find(([, words]) => words.test(name))?.[0];
  if (columns.level >= 0 && scale === undefined)
    throw wrong(
      file,
      "the name of the column that was said has to tell what it is: rank, decile, quintile or fifth",
    );
  return new Table(file, columns, scale ?? "fifth");
}

/** Whether a column's name says that 1 is the least deprived, or speaks of the least without saying which number it is. */
function countsFromLeast(column: string): boolean {
  const name = column
    .replace(/([a-z])(?=[A-Z0-9])|([0-9])(?=[A-Za-z])/g, "$& ")
    .replace(/[;,/]/g, " and ")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .replace(/\b(is|are|the|equals|means|being) /gi, "")
    .toLowerCase();
  const [first, last] = ["1", "(5|10|(?!20\\d\\d)\\d{4,5})"]; // a number like 2019 is a year
  const says = (words: string): boolean => new RegExp(`\\b${words}\\b`).test(name);
  if (says(`${first} least`) || says(`least (deprived )?${first}`)) return true;
  if (says(`${first} most`) || says(`most (deprived )?${first}`)) return false;
  if (says(`${last} most`) || says(`most (deprived )?${last}`)) return true;
  return says("least") && !says(`${last} least`) && !says(`least (deprived )?${last}`);
}

function indexOf(header: readonly string[], column: string): number {
  return header.findIndex((name) => name.toLowerCase() === column.trim().toLowerCase());
}

/** The column of the whole index: a fifth before a decile before a rank; -1 where there is none. */
function levelIn(header: readonly string[], file: string): number {
  for (const [scale, words] of SCALES) {
    const found = header.flatMap((name, i) => (words.test(name) && !PART.test(name) ? [i] : []));
    if (found.length > 1)
      throw wrong(
        file,
        `has ${found.length} columns that could be the ${scale}; say which with --deprivation-column NAME`,
      );
    if (found.length === 1) return found[0]!;
  }
  return -1;
}

function wrong(file: string, what: string): ImportError {
  return new ImportError("not-this-format", `the deprivation table ${file}: ${what}; nothing was kept`);
}
