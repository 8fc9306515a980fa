/** The next content of the library: the queries of a folder, and every earlier version that stays in force. */
import { createHash } from "node:crypto";
import {
  isReadable,
  makeContent,
  openLibrary,
  problemLine,
  readContent,
  type LibraryContent,
  type Query,
} from "@cairn/query-library";
import { LibraryError } from "./library-error.js";

type Files = LibraryContent["files"];

/** One query version that is in force, and the files among which it stands. */
interface InForce {
  readonly query: Query;
  readonly path: string;
  readonly among: Files;
}

/** Every query version of a content, by `name@version`. @throws ContentError */
export function inForce(content: Uint8Array | undefined): Map<string, InForce> {
  if (!content) return new Map();
  const { files, kept = {} } = readContent(content);
  const all = new Map<string, InForce>();
  for (const own of [files, ...Object.values(kept)])
    for (const entry of opened(own).library.queries.values())
      all.set(nameOf(entry.query), { ...entry, among: own });
  return all;
}

/** `name@version` of a query. */
export function nameOf({ query, version }: Pick<Query, "query" | "version">): string {
  return `${query}@${version}`;
}

interface NextContent {
  readonly published: Uint8Array | undefined; // content in force at practices
  readonly waiting: Uint8Array | undefined; // content that was to come so far
  readonly files: Files | null; // the new folder; null where it stays
  readonly retire: readonly string[]; // name@version
  readonly version: number;
  readonly now: number;
}

/**
 * Makes the next content. Every version in force stays in force, unless it is retired.
 * @returns the bytes so far, where nothing of them changes. @throws LibraryError library-wrong
 */
export function nextContent({ published, waiting, files, retire, version, now }: NextContent): Uint8Array {
  const so = waiting ?? published;
  if (!so && !files)
    throw new LibraryError("library-wrong", "there is no library yet: add a folder of queries to it first");
  const before = inForce(published);
  const left = waiting ? inForce(waiting) : before;
  const retired = new Set([...retire, ...[...before.keys()].filter((name) => !left.has(name))]);
  requireKnown(retire, new Set([...before.keys(), ...left.keys()]));
  const next = files ?? withoutRetired(readContent(so!).files, retired);
  const queries = requireSound(next, "the folder");
  for (const query of queries) requireNewVersion(query, before.get(nameOf(query))?.query);
  const current = new Set(queries.map(nameOf));
  const again = retire.find((name) => current.has(name));
  if (again)
    throw new LibraryError(
      "library-wrong",
      `${again} is to be retired, and is in the folder: take its file out`,
    );
  const kept = [...before]
    .filter(([name]) => !current.has(name) && !retired.has(name))
    .map(([name, version]): [string, Files] => [name, filesOf(version)]);
  for (const [name, own] of kept) requireSound(own, name);
  const made = {
    name: "cairn",
    files: next,
    kept: Object.fromEntries(kept),
  };
  const same = [published, waiting].find((bytes) => bytes && isSame(bytes, made));
  if (same) return same;
  return makeContent({ ...made, version, published: new Date(now).toISOString() });
}

/** The queries of some files, all of which check. @throws LibraryError library-wrong */
function requireSound(files: Files, what: string): Query[] {
  const { library, problems } = opened(files);
  const [first] = problems;
  if (first)
    throw new LibraryError(
      "library-wrong",
      `${what} has ${problems.length} problems, the first: ${problemLine(first)}`,
    );
  const queries = [...library.queries.values()].map(({ query }) => query);
  if (queries.length === 0) throw new LibraryError("library-wrong", `${what} holds no query`);
  const unreadable = queries.find((query) => !isReadable(query));
  if (!unreadable) return queries;
  throw new LibraryError(
    "library-wrong",
    `the query ${unreadable.query} has characters that do not print (such as a soft hyphen) in its title, its question, a register or its review: no practice would take this library`,
  );
}

const OPENED_MOST = 200;
const openedBefore = new Map<string, ReturnType<typeof openLibrary>>();

/** Opens files, once in a process: a whole library takes half a second, and each step of signing reads it. */
function opened(files: Files): ReturnType<typeof openLibrary> {
  const key = createHash("sha256").update(textOf(files)).digest("hex");
  const known = openedBefore.get(key) ?? openLibrary(files);
  if (openedBefore.size >= OPENED_MOST) openedBefore.clear();
  openedBefore.set(key, known);
  return known;
}

function textOf(files: Files): string {
  return JSON.stringify(Object.entries(files).sort());
}

/** @throws LibraryError library-wrong */
function requireNewVersion(query: Query, before: Query | undefined): void {
  if (!before || before.digest === query.digest) return;
  throw new LibraryError(
    "library-wrong",
    `${nameOf(query)} is in force and says something else now: give it a new version (version: ... in ${query.query}.yaml)`,
  );
}

/** @throws LibraryError library-wrong */
function requireKnown(retire: readonly string[], known: ReadonlySet<string>): void {
  const unknown = retire.find((name) => !known.has(name));
  if (unknown)
    throw new LibraryError("library-wrong", `${unknown} is not in force: cairn library status lists what is`);
}

/** Files without the queries that are retired, and without the worked examples of these. */
function withoutRetired(files: Files, retired: ReadonlySet<string>): Files {
  const gone = [...opened(files).library.queries.values()].flatMap(({ path, query }) =>
    retired.has(nameOf(query)) ? [path, path.replace(/\.yaml$/, ".examples.yaml")] : [],
  );
  return Object.fromEntries(Object.entries(files).filter(([path]) => !gone.includes(path)));
}

/** The files that one query needs: its own, the registers and the codelists that it names. */
function filesOf({ path, query, among }: InForce): Files {
  const registers = new Set(query.registers.map(({ name }) => `registers/${name}.yaml`));
  const lists = new Set(Object.values(query.codelists).map(({ name, version }) => `${name}@${version}`));
  const isNeeded = (file: string): boolean =>
    file === path ||
    registers.has(file) ||
    (file.startsWith("codelists/") &&
      lists.has(file.slice(file.lastIndexOf("/") + 1).replace(/\.(csv|yaml)$/, "")));
  return Object.fromEntries(Object.entries(among).filter(([file]) => isNeeded(file)));
}

function isSame(bytes: Uint8Array, { files, kept }: Pick<LibraryContent, "files" | "kept">): boolean {
  const { files: had, kept: hadKept = {} } = readContent(bytes);
  const all = (some: Readonly<Record<string, Files>>): string =>
    JSON.stringify(
      Object.entries(some)
        .map(([name, own]) => [name, textOf(own)])
        .sort(),
    );
  return textOf(had) === textOf(files) && all(hadKept) === all(kept ?? {});
}
