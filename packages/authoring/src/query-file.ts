/** Reads a query file with its codelists and worked examples, and answers these with both engines. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CairnError, type ErrorKind } from "@cairn/errors";
import { answer, answerSlowly, memorySource } from "@cairn/engine";
import { OPT_OUTS_COUNTED } from "@cairn/tables";
import { LIBRARY_LOCATION } from "@cairn/library";
import {
  nearest,
  openCodelists,
  parseExamples,
  parseQuery,
  parseRegister,
  problemLine,
  type Codelist,
  type Example,
  type Problem,
  type Query,
  type Register,
} from "@cairn/query-library";
import { libraryPaths } from "@cairn/query-library/folder";

const KIND = {
  unreadable: "wrong-use", // not there, or not a file that can be read
  "does-not-check": "does-not-hold", // read, and not a query that can be asked
} as const satisfies Record<string, ErrorKind>;

/** One line: which file of a query, register or charter, what is wrong with it, what to do. */
export class QueryFileError extends CairnError<keyof typeof KIND> {
  readonly kind = KIND[this.code];
}

export interface CheckedQuery {
  readonly file: string;
  readonly query: Query | null;
  readonly examples: readonly Example[];
  readonly problems: readonly Problem[]; // it cannot be asked as it stands
  readonly unmet: readonly Problem[]; // it can, but a worked example is answered otherwise
}

/** Reads a query that checks, with codelists from beside it or the library. @throws QueryFileError */
export function loadQuery(file: string, library?: string): Query {
  return loadWithExamples(file, library).query;
}

/** Reads a query with its worked examples. @throws QueryFileError */
export function loadWithExamples(
  file: string,
  library?: string,
): { query: Query; examples: readonly Example[] } {
  const { query, examples, problems } = checkFile(file, library);
  if (query !== null && problems.length === 0) return { query, examples };
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: \`cairn query check ${file}\`)` : "";
  throw new QueryFileError("does-not-check", `${problemLine(problems[0]!)}${more}`);
}

export interface Counts {
  readonly denominator: number;
  readonly numerator: number;
}

/** `1 of 1`: numerator and denominator. */
export function countWords({ denominator, numerator }: Counts): string {
  return `${numerator} of ${denominator}`;
}

/** Checks one file: the query, its examples, and what both engines answer to them. */
export function checkFile(written: string, library?: string): CheckedQuery {
  const file = fileOf(written, library ?? fileURLToPath(LIBRARY_LOCATION));
  const text = readText(file);
  const problems: Problem[] = [];
  const codelists = codelistsFor(dirname(file), library, problems);
  const parsed = parseQuery(text, {
    file,
    codelists,
    registers: registersFor(file, library, codelists, problems),
  });
  if ("problems" in parsed)
    return { file, query: null, examples: [], problems: [...problems, ...parsed.problems], unmet: [] };
  const { query } = parsed;
  const examplesFile = file.replace(/\.ya?ml$/, ".examples.yaml");
  if (examplesFile === file || !existsSync(examplesFile))
    return { file, query, examples: [], problems, unmet: [] };
  const read = parseExamples(readText(examplesFile), { file: examplesFile, query });
  if ("problems" in read)
    return { file, query, examples: [], problems: [...problems, ...read.problems], unmet: [] };
  const unmet = read.examples.flatMap((example) => runExample(example, query, examplesFile));
  return { file, query, examples: read.examples, problems, unmet };
}

/** Runs one example. @returns a problem where the engines answer otherwise than expected, or differ. */
function runExample({ what, line, patient, expect }: Example, query: Query, file: string): Problem[] {
  const dates = expect.map(({ date }) => date);
  const quick = answerFor(query, patient, dates);
  const slow = answerSlowly([patient], query, dates, null);
  return expect.flatMap((expected, i) => {
    const [one, other] = [quick[i]!, slow[i]!];
    const problem = (words: string): Problem => ({ file, line, code: "example", words });
    if (countWords(one) !== countWords(other)) {
      return [
        problem(
          `"${what}": the two engines differ at ${expected.date} (${countWords(one)}, ${countWords(other)}). Please report it.`,
        ),
      ];
    }
    if (countWords(one) === countWords(expected)) return [];
    return [
      problem(
        `"${what}": at ${expected.date} the answer is ${countWords(one)}, not ${countWords(expected)}. Correct the query or the example.`,
      ),
    ];
  });
}

/** The fast engine's answer for one patient, a total for each date. */
export function answerFor(query: Query, patient: Example["patient"], dates: readonly string[]): Counts[] {
  const tables = answer(memorySource([patient]), [query], dates, OPT_OUTS_COUNTED)[0] ?? [];
  return tables.map(({ cells }) => ({ denominator: cells[0]!.denominator, numerator: cells[0]!.numerator }));
}

/** The file that is meant by a path, or by the name of a query of the library. @throws QueryFileError unreadable */
function fileOf(written: string, library: string): string {
  if (existsSync(written)) return written;
  const isName = /^[\w-]+$/.test(written);
  const inLibrary = join(library, `${written}.yaml`);
  if (isName && existsSync(inLibrary)) return inLibrary;
  const names =
    isName && existsSync(library) ? queryFiles(library).map((file) => basename(file, ".yaml")) : [];
  const near = nearest(written, names).join(", ");
  throw new QueryFileError(
    "unreadable",
    `${written} is no file that is there, nor a query of the library${near && `, where the nearest are: ${near}`}`,
  );
}

/** Codelists by reference: `codelists/` in the folder first, then the library's. */
export function codelistsFor(
  folder: string,
  library: string | undefined,
  problems: Problem[],
): (ref: string) => Codelist | undefined {
  const beside = folderCodelists(folder, problems);
  const ours = folderCodelists(library ?? fileURLToPath(LIBRARY_LOCATION), problems);
  return (ref) => beside(ref) ?? ours(ref);
}

/** Registers by name: `registers/` beside the query first, then the library's. */
function registersFor(
  file: string,
  library: string | undefined,
  codelists: (ref: string) => Codelist | undefined,
  problems: Problem[],
): (name: string) => Register | undefined {
  const folders = [dirname(file), library ?? fileURLToPath(LIBRARY_LOCATION)];
  return (name) => {
    const path = folders
      .map((folder) => join(folder, "registers", `${name}.yaml`))
      .find((each) => existsSync(each));
    if (path === undefined) return undefined;
    const parsed = parseRegister(readText(path), { file: path, codelists });
    if ("register" in parsed) return parsed.register;
    problems.push(...parsed.problems);
    return undefined;
  };
}

/** Reads a list only when it is asked for: the library's files run to megabytes. */
function folderCodelists(folder: string, problems: Problem[]): (ref: string) => Codelist | undefined {
  const lists = join(folder, "codelists");
  const paths = existsSync(lists) ? libraryPaths(lists) : [];
  return (ref) => {
    const files = paths
      .filter((path) => [`${ref}.csv`, `${ref}.yaml`].includes(basename(path)))
      .map((path) => [`codelists/${path}`, readText(join(lists, path))]);
    const found: Problem[] = [];
    const list = openCodelists(Object.fromEntries(files) as Record<string, string>, found).codelists.get(ref);
    problems.push(...found.map((problem) => ({ ...problem, file: join(folder, problem.file) })));
    return list;
  };
}

/** The query files that a path names: itself, or those of a folder. */
export function queryFiles(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name) && !name.endsWith(".examples.yaml"));
  return names.sort().map((name) => join(path, name));
}

/** @param kind of file, for the person who named another. @throws QueryFileError unreadable */
export function readText(file: string, kind = "a query file"): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new QueryFileError("unreadable", `${file} cannot be read; give the path of ${kind}.`, {
      cause,
    });
  }
}
