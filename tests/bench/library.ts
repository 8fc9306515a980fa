/** The twelve queries of the bench, with the codelists beside them; and the library itself. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/library";
import {
  openLibrary,
  parseCodelist,
  parseQuery,
  problemLine,
  type Codelist,
  type Query,
} from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";

const FOLDER = new URL("queries/", import.meta.url);

interface BenchLibrary {
  readonly queries: readonly Query[];
  readonly codelists: ReadonlyMap<string, Codelist>; // by name
}

export function benchLibrary(): BenchLibrary {
  const codelists = new Map<string, Codelist>();
  const codelist = (ref: string): Codelist => {
    const name = ref.split("@")[0]!;
    const found = codelists.get(name) ?? readCodelist(ref);
    codelists.set(name, found);
    return found;
  };
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".yaml"));
  const queries = files.sort().map((file) => {
    const parsed = parseQuery(read(file), { file, codelists: codelist });
    if ("problems" in parsed) throw new Error(parsed.problems.map(problemLine).join("\n"));
    return parsed.query;
  });
  return { queries, codelists };
}

/** Every query of the library that Cairn brings, however many there are. */
export function wholeLibrary(): readonly Query[] {
  const { library, problems } = openLibrary(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)));
  if (problems.length > 0) throw new Error(problems.map(problemLine).join("\n"));
  return [...library.queries.values()].map(({ query }) => query);
}

/** Every codelist of that library. */
export function libraryLists(): readonly Codelist[] {
  const lists = wholeLibrary().flatMap(({ codelists }) => Object.values(codelists));
  return [...new Map(lists.map((list) => [list.name, list])).values()];
}

function readCodelist(ref: string): Codelist {
  const parsed = parseCodelist(read(`codelists/${ref}.csv`), read(`codelists/${ref}.yaml`), ref);
  if ("problems" in parsed) throw new Error(parsed.problems.map(problemLine).join("\n"));
  return parsed.codelist;
}

function read(path: string): string {
  return readFileSync(new URL(path, FOLDER), "utf8");
}
