/**
 * A library as files: `<query>.yaml`, `<query>.examples.yaml`, `registers/<name>.yaml`, and
 * `codelists/<name>@<version>.csv` and `.yaml`, in folders by topic or not.
 */
import { parseCodelist, type CodelistNotes } from "./codelist.js";
import { parseQuery } from "./parse-query.js";
import type { Problem } from "./problem.js";
import type { Codelist, Query, Register } from "./query.js";
import { parseRegister } from "./register.js";

export interface LibraryEntry {
  readonly path: string;
  readonly query: Query;
}

export interface Library {
  readonly queries: ReadonlyMap<string, LibraryEntry>; // by name
  readonly codelists: ReadonlyMap<string, Codelist>; // by name@version
  readonly notes: ReadonlyMap<string, CodelistNotes>; // by name@version
  readonly registers: ReadonlyMap<string, Register>; // by name
}

const CODELIST = /^(codelists\/(?:[^/]+\/)*)([^/]+)\.csv$/;
const REGISTER = /^registers\/([^/]+)\.yaml$/;
const QUERY = /^(?!.*\.examples\.yaml$)([^/]+)\.yaml$/;

/**
 * Reads every codelist, register and query of a library.
 * @param files path to text, with `/`, relative to the library's folder
 * @returns the parts that could be read, and every problem of those that could not
 */
export function openLibrary(files: Readonly<Record<string, string>>): {
  readonly library: Library;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const { codelists, notes } = openCodelists(files, problems);
  const registers = openRegisters(files, codelists, problems);
  const queries = new Map<string, LibraryEntry>();
  for (const path of Object.keys(files).sort()) {
    if (!QUERY.test(path)) continue;
    const parsed = parseQuery(files[path]!, {
      file: path,
      codelists: (ref) => codelists.get(ref),
      registers: (name) => registers.get(name),
    });
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
  return { library: { queries, codelists, notes, registers }, problems };
}

/** The registers among the files of a folder, by name. */
function openRegisters(
  files: Readonly<Record<string, string>>,
  codelists: ReadonlyMap<string, Codelist>,
  problems: Problem[],
): Map<string, Register> {
  const registers = new Map<string, Register>();
  for (const path of Object.keys(files).sort()) {
    if (!REGISTER.test(path)) continue;
    const parsed = parseRegister(files[path]!, { file: path, codelists: (ref) => codelists.get(ref) });
    if ("problems" in parsed) problems.push(...parsed.problems);
    else registers.set(parsed.register.name, parsed.register);
  }
  return registers;
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
