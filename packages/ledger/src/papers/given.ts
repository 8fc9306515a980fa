/** The exports that an officer was given, read once: whether they hold, and what they claim. */
import { peekCheckpoint, type Entry, type Policy, type SealedEntry } from "@cairn/audit-log";
import type { Query } from "@cairn/query-library";
import { BesideContent } from "../beside.js";
import { decodeHub, decodePractice, unreadSealed, type UnreadEntry } from "../codec.js";
import { checkedFiles, type Account, type ClaimedFile } from "../cross-check/cross-check.js";
import { fact, type Facts } from "../cross-check/findings.js";
import { kindOf, type ExportedLog } from "../cross-check/sides.js";
import type { WireSignatures } from "../cross-check/signatures.js";
import type { HubEntry } from "../hub-log.js";
import type { PracticeEntry } from "../practice-log.js";
import type { QueryName } from "../report/lines.js";

export interface GivenHub {
  readonly name: string; // of the export
  readonly entries: readonly (HubEntry | UnreadEntry)[]; // of all logs that followed one another
  readonly exportedAt: string | null; // ISO 8601
  readonly witnesses: readonly string[]; // names under its kept checkpoints, the practices' apart
  readonly isSealed: boolean;
}

export interface GivenPractice {
  readonly name: string; // as it was enrolled; of the export where its log does not say
  readonly file: string;
  readonly entries: readonly (PracticeEntry | UnreadEntry)[];
  readonly exportedAt: string | null;
}

/** A run as a release beside the hub's log or a practice's own log has it. */
export interface KnownRun extends QueryName {
  readonly date: string; // ISO
  readonly bytes: number | null; // of the first release, where it is beside the hub's log
}

/** A library that a log names: who signed it, and when that log first had it. */
export interface NamedLibrary {
  readonly version: string;
  readonly digest: string;
  readonly signers: string | null;
  readonly time: string;
}

export interface GivenFiles {
  readonly account: Account;
  readonly policy: Policy | null;
  readonly hub: GivenHub | null;
  readonly practices: readonly GivenPractice[];
  readonly beside: BesideContent;
  readonly libraries: readonly NamedLibrary[]; // oldest first, each once
  readonly runs: ReadonlyMap<string, KnownRun>;
  /** The query's text where a library beside a log holds it, and which libraries do. */
  query(digest: string): { readonly query: Query; readonly libraries: readonly NamedLibrary[] } | null;
}

/** Whether a file is the hub's export. */
export function isHubExport({ lines }: ExportedLog): boolean {
  return kindOf(lines) === "hub";
}

/**
 * Reads the hub's export, practices' exports, or both.
 * @param files at most one of them the hub's: of two the first counts
 * @param policy who has to have countersigned the hub's log; null where that is not asked
 */
export function readGiven(
  files: readonly ExportedLog[],
  wire: WireSignatures,
  policy: Policy | null = null,
): GivenFiles {
  const hubFile = files.find(isHubExport) ?? null;
  const others = files.filter((file) => !isHubExport(file));
  const { account, hub, practices } = checkedFiles(hubFile, others, wire, policy);
  const beside = new BesideContent([...(hub ? [hub.said] : []), ...practices.map(({ said }) => said)]);
  const givenHub = hub && hubOf(hub);
  const givenPractices = practices.map(practiceOf);
  const libraries = librariesOf(givenHub, givenPractices);
  return {
    ...{ account, policy, beside, libraries },
    ...{ hub: givenHub, practices: givenPractices },
    runs: runsOf(hub, givenHub, givenPractices),
    query(digest) {
      const holding = libraries.filter((each) => beside.library(each.digest)?.queries.has(digest));
      const query = holding.map((each) => beside.library(each.digest)?.queries.get(digest)).at(-1);
      return query ? { query, libraries: holding } : null;
    },
  };
}

function hubOf({ name, said }: ClaimedFile): GivenHub {
  const all = said.logs.flatMap(({ entries }) => entries);
  return {
    name,
    entries: all.map((entry) => decoded(entry, decodeHub)),
    exportedAt: said.logs.at(-1)?.at ?? null,
    witnesses: witnessesOf(said.cosigned),
    isSealed: all.some((entry) => "commitment" in entry),
  };
}

/** The names of the keys that signed checkpoints, apart from the log's own and practices'. */
function witnessesOf(cosigned: readonly string[]): string[] {
  const names = cosigned.flatMap((note) => {
    const own = peekCheckpoint(note)?.origin;
    const signers = [...note.matchAll(/^\u2014 (\S+) /gm)].map(([, name = ""]) => name);
    return signers.filter((name) => name !== own && !name.startsWith("cairn-practice-"));
  });
  return [...new Set(names)].toSorted();
}

function practiceOf({ name: file, said }: ClaimedFile): GivenPractice {
  const entries = said.logs.flatMap(({ entries }) => entries).map((entry) => decoded(entry, decodePractice));
  const enrolled = entries.flatMap((entry) => (entry.kind === "enrolled" ? entry.body.practice : [])).at(-1);
  return { name: enrolled ?? file, file, entries, exportedAt: said.logs.at(-1)?.at ?? null };
}

function decoded<E>(entry: Entry | SealedEntry, decode: (entry: Entry) => E): E | UnreadEntry {
  return "commitment" in entry ? unreadSealed(entry) : decode(entry);
}

function librariesOf(hub: GivenHub | null, practices: readonly GivenPractice[]): NamedLibrary[] {
  const named = new Map<string, NamedLibrary>();
  const name = (version: string, digest: string, signers: string | null, time: string): void => {
    const known = named.get(digest);
    if (!known || (known.signers === null && signers !== null))
      named.set(digest, { version, digest, signers, time: known?.time ?? time });
  };
  for (const entry of hub?.entries ?? [])
    if (entry.kind === "library-published")
      name(entry.body.version, entry.body.digest, entry.body.signers || null, entry.time);
  for (const entry of practices.flatMap(({ entries }) => entries))
    if (entry.kind === "library-verified")
      name(entry.body.version, entry.body.digest, entry.body.signers || null, entry.time);
  return [...named.values()].toSorted((a, b) => (a.time < b.time ? -1 : 1));
}

function runsOf(
  said: ClaimedFile | null,
  hub: GivenHub | null,
  practices: readonly GivenPractice[],
): Map<string, KnownRun> {
  const asked = new Map<string, QueryName>();
  for (const entry of hub?.entries ?? [])
    if (entry.kind === "collection-opened") {
      const { query, version, digest } = entry.body;
      asked.set(digest, { query, version, digest });
    }
  const runs = new Map<string, KnownRun>();
  for (const line of said?.said.beside.get("release") ?? []) {
    const facts = (line ?? {}) as Facts;
    const query = asked.get(fact(facts, "queryDigest"));
    if (!query || fact(facts, "correction") !== "0") continue;
    const bytes = Buffer.from(fact(facts, "bytes"), "base64").length;
    runs.set(fact(facts, "run"), { ...query, date: fact(facts, "date"), bytes });
  }
  for (const entry of practices.flatMap(({ entries }) => entries)) {
    if (entry.kind !== "released" && entry.kind !== "release-given-back") continue;
    const { run, query, version, query_digest: digest, date } = entry.body;
    runs.set(run, { query, version, digest, date, bytes: runs.get(run)?.bytes ?? null });
  }
  return runs;
}
