/** A library as files: `<query>.yaml`, `<query>.examples.yaml`, and `codelists/<name>@<version>.csv` and `.yaml`, in folders by topic or not. */
import { parseCodelist, type CodelistNotes } from "./codelist.js";
import { parseQuery } from "./parse-query.js";
import type { Problem } from "./problem.js";
import type { Codelist, Query } from "./query.js";

export interface LibraryEntry {
  readonly path: string;
  readonly query: Query;
}

export interface Library {
  readonly queries: ReadonlyMap<string, LibraryEntry>; // by name
  readonly codelists: ReadonlyMap<string, Codelist>; // by name@version
  readonly notes: ReadonlyMap<string, CodelistNotes>; // by name@version
}

const CODELIST = /^(codelists\/(?:[^/]+\/)*)([^/]+)\.csv$/;
const QUERY = /^(?!.*\.examples\.yaml$)([^/]+)\.yaml$/;

/**
 * Reads every codelist and query of a library.
 * @param files path to text, with `/`, relative to the library's folder
 * @returns the parts that could be read, and every problem of those that could not
 */
export function openLibrary(files: Readonly<Record<string, string>>): {
  readonly library: Library;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const { codelists, notes } = openCodelists(files, problems);
  const queries = new Map<string, LibraryEntry>();
  for (const path of Object.keys(files).sort()) {
    if (!QUERY.test(path)) continue;
    const parsed = parseQuery(files[path]!, { file: path, codelists: (ref) => codelists.get(ref) });
    if ("problems" in parsed) {
      problems.push(...parsed.problems);
      continue;
    }
    const { query } = parsed;
    const same = queries.get(query.query);
    if (same === undefined) queries.set(query.query, { path, query });
    else
      problems.push({
        file: path,
        line: 1,
        code: "wrong-value",
        words: `\`${query.query}\` is also the name of ${same.path}; give one of them another name.`,
      });
  }
  return { library: { queries, codelists, notes }, problems };
}

/** The codelists among the files of a folder, by `name@version`. */
export function openCodelists(
  files: Readonly<Record<string, string>>,
  problems: Problem[],
): { readonly codelists: Map<string, Codelist>; readonly notes: Map<string, CodelistNotes> } {
  const codelists = new Map<string, Codelist>();
  const notes = new Map<string, CodelistNotes>();
  for (const path of Object.keys(files).sort()) {
    const [, folder = "", ref] = CODELIST.exec(path) ?? [];
    if (ref === undefined) continue;
    const bad = (words: string): unknown =>
      problems.push({ file: path, line: 1, code: "bad-codelist", words });
    if (codelists.has(ref)) {
      bad(`\`${ref}\` is also in another folder of \`codelists/\`; keep one of them.`);
      continue;
    }
    const about = files[`${folder}${ref}.yaml`];
    if (about === undefined) {
      bad(`\`${folder}${ref}.yaml\` is missing; write system, kind, source and licence there.`);
      continue;
    }
    const parsed = parseCodelist(files[path]!, about, ref);
    if ("problems" in parsed)
      problems.push(...parsed.problems.map((problem) => ({ ...problem, file: `${folder}${problem.file}` })));
    else {
      codelists.set(ref, parsed.codelist);
      notes.set(ref, parsed.notes);
    }
  }
  return { codelists, notes };
}
