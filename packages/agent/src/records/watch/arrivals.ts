/** The extracts that lie in a watched folder: each a folder of its own or a .zip, with what it says of itself. */
import { lstatSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, type ExtractFacts, ImportError, lookAt } from "@cairn/importers";
import { WatchError } from "./errors.js";

export interface Arrival {
  /** Its name in the folder. */
  readonly name: string;
  readonly path: string;
  /** What it says of itself; why it says nothing, where it cannot be read. */
  readonly facts: ExtractFacts | { readonly unread: string };
  /** Whether nothing of it was written for a while. */
  readonly atRest: boolean;
  /** When anything of it changed last, by the system's clock: milliseconds since 1970. */
  readonly changed: number;
  /** As `stateOf` has it. */
  readonly state: string;
}

export interface WatchedFolder {
  readonly folder: string;
  readonly format: string;
  readonly decrypt: Command | null;
  /** A folder that holds extracts that were taken, and is none itself; null where there is none. */
  readonly movedTo: string | null;
  /** After this long without a change, in milliseconds, an extract counts as written. */
  readonly restMs: number;
}

/** The facts that extracts stated, by their paths, while their files were in that state: none is read again for it. */
export type ArrivalFacts = Map<string, Pick<Arrival, "facts" | "state">>;

/** Names that programs give to what they are still writing, and folders that systems make by themselves. */
const NOT_YET = /\.(part|partial|filepart|tmp|crdownload)$/i;
/** Files that are an extract by themselves, and tables that belong into a folder. */
const EXTRACT = /\.zip(\.gpg|\.pgp)?$/i;
const LOOSE = /\.(csv|tsv|json|ndjson)(\.gz)?(\.gpg|\.pgp)?$/i;
const NO_EXTRACT = /^(\.|manifest\.json$|lost\+found$|System Volume Information$)/;

/**
 * The extracts in the folder, by their names: folders with files in them, and .zip files.
 * @param now milliseconds since 1970
 * @param described brought up to date: what is new or was written to since is described anew, and what could not be read
 * @throws WatchError where the folder cannot be read
 */
export async function arrivalsIn(
  watched: WatchedFolder,
  now: number,
  described: ArrivalFacts = new Map(),
): Promise<Arrival[]> {
  const { folder, movedTo, restMs } = watched;
  const arrivals: Arrival[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (NO_EXTRACT.test(name) || (movedTo !== null && resolve(path) === resolve(movedTo))) continue;
    const { files, problem } = filesOf(path);
    if (files.length === 0) continue;
    const newest = Math.max(...files.map(({ changed }) => changed));
    // A clock that was set back shows what is written now as of later: only a distance tells that nothing happens.
    const atRest = Math.abs(now - newest) >= restMs && !files.some((file) => NOT_YET.test(file.path));
    const [before, state] = [described.get(path), stateIn(files)];
    const facts =
      problem !== null
        ? { unread: problem }
        : before?.state === state && !("unread" in before.facts)
          ? before.facts
          : await factsOf(path, files[0]?.path === path, watched);
    arrivals.push({ name, path, facts, atRest, changed: newest, state });
  }
  described.clear();
  for (const { path, facts, state } of arrivals) described.set(path, { facts, state });
  return arrivals;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    const code = String((cause as NodeJS.ErrnoException).code);
    const words = `${folder} cannot be read (${code}): see whether it is there, and open to the agent's user`;
    throw new WatchError("extracts-stopped", words, { cause });
  }
}

async function factsOf(
  path: string,
  isAlone: boolean,
  { format, decrypt }: WatchedFolder,
): Promise<Arrival["facts"]> {
  if (LOOSE.test(path) && isAlone)
    return { unread: "it lies there by itself: put the tables of each extract into a folder of their own" };
  try {
    return (await lookAt(path, format, decrypt)).facts;
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    return { unread: error.message };
  }
}

/** The state of all files of an extract: another one where any of them was written since. */
export function stateOf(path: string): string {
  return stateIn(filesOf(path).files);
}

function stateIn(files: readonly Written[]): string {
  return files.map((file) => `${file.path} ${file.size} ${file.changed}`).join("\n");
}

interface Written {
  readonly path: string;
  readonly size: number;
  /** When anything of it changed, by the system and not by whoever copied it: milliseconds since 1970. */
  readonly changed: number;
}

interface Found {
  /** None where it is no extract, or was moved away while it was looked at. */
  readonly files: readonly Written[];
  /** Why it cannot be an extract, or not be read; null where nothing speaks against it. */
  readonly problem: string | null;
}

/** The files of an extract. */
function filesOf(path: string): Found {
  try {
    const about = statSync(path);
    const isNamed = EXTRACT.test(path) || LOOSE.test(path);
    if (about.isFile()) return found(isNamed ? [written(path)] : []);
    if (!about.isDirectory()) return isNamed ? unread(path, "it is neither a file nor a folder") : found([]);
    return found(
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => written(join(entry.parentPath, entry.name)))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
  } catch (error) {
    return foundInstead(path, String((error as NodeJS.ErrnoException).code));
  }
}

function found(files: readonly Written[]): Found {
  return { files, problem: null };
}

function unread(path: string, problem: string): Found {
  return { files: [written(path)], problem };
}

/** What stands in the place of an extract that cannot be looked at: nothing, where it was moved away. */
function foundInstead(path: string, code: string): Found {
  try {
    const isLink = lstatSync(path).isSymbolicLink();
    const leadsNowhere = isLink && (code === "ENOENT" || code === "ELOOP");
    if (!leadsNowhere && code === "ENOENT") return found([]); // one of its files was renamed meanwhile
    const why = leadsNowhere
      ? "it is a link that leads nowhere: put what it should lead to in its place, or delete it"
      : `it cannot be read (${code}): let the agent's user read it`;
    return unread(path, why);
  } catch {
    return found([]);
  }
}

function written(path: string): Written {
  const { size, ctimeMs } = lstatSync(path);
  return { path, size, changed: ctimeMs };
}
