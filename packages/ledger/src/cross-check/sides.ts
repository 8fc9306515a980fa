/**
 * Exports, read and proved: each side's key is taken from what the other side's log says of it, so that neither can vouch
 * for itself.
 */
import type { KeyObject } from "node:crypto";
import {
  indexIn,
  peekCheckpoint,
  readExport,
  ReplayedLog,
  verifyLog,
  type ClaimedExport,
  type Entry,
  type Policy,
} from "@cairn/audit-log";
import { decodeHub, decodePractice, entriesOf, unreadSealed, type UnreadEntry } from "../codec.js";
import { hubLog, type HubEntry } from "../hub-log.js";
import { practiceLog, type PracticeEntry } from "../practice-log.js";
import type { Findings } from "./findings.js";
import type { WireSignatures } from "./signatures.js";

/** An exported log: its lines, and what to call it. */
export interface ExportedLog {
  readonly name: string;
  readonly lines: readonly string[];
}

/** One log that leads to its signed head. An entry that cannot be read is named, and stands at its position all the same. */
export interface Log<E> {
  readonly origin: string;
  readonly entries: readonly E[];
  readonly size: number;
  readonly signedAt: number | null; // milliseconds since 1970, by its owner's clock
  rootAt(size: number): string; // hex
}

export type PracticeLine = PracticeEntry | UnreadEntry;
type HubLine = HubEntry | UnreadEntry;

export interface PracticeSide {
  readonly name: string;
  readonly log: Log<PracticeLine>;
  /** Its entries of while it was enrolled with this hub: those of another hub's time are in no log of this one. */
  readonly withHub: readonly PracticeLine[];
  readonly rawKey: string; // hex
  readonly said: ClaimedExport;
}

/** An entry of the hub's, with its place among all the logs that followed one another. */
export type PlacedEntry = HubLine & {
  readonly index: number; // as receipts name it
  /** The keeper (its key, hex) that answered for the entry's practice when it was written. */
  readonly keeper: string;
};

export interface HubSide {
  readonly name: string;
  readonly logs: readonly Log<HubLine>[]; // oldest first
  readonly entries: readonly PlacedEntry[]; // of all logs
  readonly key: KeyObject;
  readonly rawKey: Buffer;
  readonly said: ClaimedExport;
  readonly keepers: ReadonlySet<string>; // keys (hex) of all that ever enrolled
}

/** Does the export keep this entry's body back? */
export function isSealed(entry: PlacedEntry): entry is PlacedEntry & UnreadEntry {
  return entry.kind === null && entry.fault === "sealed";
}

/** Kinds of lines beside the log in each side's export. */
const BESIDE = { hub: ["charter", "library", "release"], practice: ["charter", "library", "receipt"] };

/** Reads without proving; what cannot be read, or is the other side's, is named. */
export function readClaims(
  found: Findings,
  { name, lines }: ExportedLog,
  side: "hub" | "practice",
): ClaimedExport | null {
  const kind = kindOf(lines);
  if (kind !== null && kind !== side) {
    const words =
      side === "hub" ? "a practice's log was given as the hub's" : "the hub's log was given as a practice's";
    found.problem("other-kind", name, words);
    return null;
  }
  const read = readExport(lines, BESIDE[side], { sealed: side === "hub" });
  if (read.ok) return read.said;
  found.problem("log-unreadable", name, `this is not a log as its owner exports it: ${read.problem}`);
  return null;
}

/** The side that an export names; null where it names none. A practice's log begins with the making of its key. */
export function kindOf(lines: readonly string[]): "hub" | "practice" | null {
  const first = lines.find((line) => line.startsWith('{"position":0,'));
  if (first === undefined) return null;
  return first.includes(`"kind":"${practiceLog.made.kind}",`) ? "practice" : "hub";
}

/** The hub's public key as every practice pinned it when it enrolled last; null (and named) where there is not one. */
export function hubKeyOf(found: Findings, practices: readonly ClaimedExport[]): Buffer | null {
  const pinned = new Set(
    practices.flatMap(({ logs }) =>
      logs.flatMap(({ entries }) => {
        const newest = [...entriesOf(entries, decodePractice, practiceLog.enrolled)].at(-1);
        return newest ? [newest.body.hub_log_key] : [];
      }),
    ),
  );
  const [key, ...others] = pinned;
  if (key === undefined)
    found.problem("key-unknown", "the practices", "no practice's log says which hub it enrolled with");
  else if (others.length > 0)
    found.problem("key-unknown", "the practices", "the practices' logs are of different hubs");
  else if (isRawKey(key)) return Buffer.from(key, "hex");
  else found.problem("key-unknown", "the practices", "the key of the hub that a practice pinned is no key");
  return null;
}

/** The public key of the hub's log that a policy names, for where no practice's log was given; null where it names none. */
export function keyOfPolicy(policy: Policy | null, said: ClaimedExport | null): Buffer | null {
  const newest = said?.logs.at(-1);
  const named = policy?.logs.find(({ name }) => name === newest?.origin);
  return named ? Buffer.from(named.key.export({ format: "jwk" }).x ?? "", "base64url") : null;
}

/** Checks each log of the hub against the root in its head, where nothing says whose signature that has to be. */
export function checkUnsigned(found: Findings, name: string, { logs }: ClaimedExport): void {
  for (const { origin, head, entries } of logs) {
    const claimed = peekCheckpoint(head);
    const isWhole = claimed?.size === entries.length && entries.every(({ position }, i) => position === i);
    if (isWhole && new ReplayedLog(entries).rootAt(entries.length).equals(claimed.root)) continue;
    found.problem(
      "log-altered",
      name,
      `the entries of the log ${origin} do not lead to the root in its head`,
    );
  }
}

/** Verifies all logs of the hub, each to its head. */
export function proveHub(
  found: Findings,
  name: string,
  said: ClaimedExport,
  rawKey: Buffer,
  { publicKey }: WireSignatures,
): HubSide | null {
  const key = publicKey(rawKey);
  const proven = said.logs.flatMap((log) => proved(found, name, log, key, decodeHub) ?? []);
  if (proven.length < said.logs.length) return null;
  const keepers = new Set(
    proven.flatMap(({ entries }) =>
      entries
        .flatMap((entry) => (entry.kind === hubLog.agentEnrolled.kind ? entry.body.keeper_key : []))
        .filter(isRawKey),
    ),
  );
  return { name, logs: proven, entries: withKeepers(proven), key, rawKey, said, keepers };
}

/**
 * Verifies a practice's log.
 * @param hub null where its log does not hold: then the practice's key is taken from its own log, whose findings are
 * then by itself.
 */
export function provePractice(
  found: Findings,
  { name }: ExportedLog,
  said: ClaimedExport,
  hub: HubSide | null,
  { publicKey }: WireSignatures,
): PracticeSide | null {
  const [only, another] = said.logs;
  const [made] = entriesOf(only?.entries ?? [], decodePractice, practiceLog.made);
  const rawKey = made?.body.key ?? "";
  if (!only || another || !isRawKey(rawKey)) {
    found.problem(
      "key-unknown",
      name,
      "this is not one practice's log: it does not begin with the making of its key",
    );
    return null;
  }
  if (hub && !hub.keepers.has(rawKey)) {
    found.problem("key-unknown", name, "the hub's log knows no agent with the key that signs this log");
    return null;
  }
  const log = proved(found, name, only, publicKey(Buffer.from(rawKey, "hex")), decodePractice);
  return log && { name, log, withHub: entriesWith(hub, log.entries), rawKey, said };
}

/** The entries that were written while the hub that a practice had enrolled with last was this one; all where that is not known. */
function entriesWith(hub: HubSide | null, entries: readonly PracticeLine[]): readonly PracticeLine[] {
  if (hub === null) return entries;
  let key: string | null = null;
  return entries.filter((entry) => {
    if (entry.kind === "enrolled") key = entry.body.hub_log_key;
    return key === null || key === hub.rawKey.toString("hex");
  });
}

function proved<E extends { readonly kind: string; readonly v: number; readonly position: number }>(
  found: Findings,
  name: string,
  said: ClaimedExport["logs"][number],
  key: KeyObject,
  decode: (entry: Entry) => E | UnreadEntry,
): Log<E | UnreadEntry> | null {
  const verdict = verifyLog(said, { name: said.origin, key });
  if (!verdict.ok) {
    found.problem("log-altered", name, `the log ${said.origin} does not hold: ${verdict.problem}`);
    return null;
  }
  const { size, signedAt, replayed } = verdict;
  const entries = verdict.entries.map((entry) =>
    "commitment" in entry ? unreadSealed(entry) : decode(entry),
  );
  for (const entry of entries)
    if (entry.kind === null && entry.fault !== "sealed")
      found.problem("entry-unread", name, entry.words, { entry: entry.position });
  nameOlderForms(found, name, entries);
  const roots = new Map<number, string>();
  return {
    origin: said.origin,
    entries,
    size,
    signedAt: signedAt?.getTime() ?? null,
    rootAt(at) {
      const known = roots.get(at) ?? replayed.rootAt(at).toString("hex");
      roots.set(at, known);
      return known;
    },
  };
}

/**
 * Names entries of an older form behind one of a newer: an older form may lack facts that the checks go by, so it
 * counts only where nothing newer had been written.
 */
function nameOlderForms(
  found: Findings,
  name: string,
  entries: readonly (
    UnreadEntry | { readonly kind: string; readonly v: number; readonly position: number }
  )[],
): void {
  let newest: { readonly v: number; readonly position: number } | null = null;
  for (const entry of entries) {
    if (entry.kind === null) continue;
    if (newest !== null && entry.v < newest.v) {
      const words = `it is written in an older form than entry ${newest.position} before it`;
      found.problem("older-form", name, words, { entry: entry.position });
    } else newest = entry;
  }
}

/**
 * Each entry with the keeper that answered for its practice at that place: the one admitted last. The enrolment names
 * an agent's practice, since an admission has the practice's name of that time.
 */
function withKeepers(logs: readonly Log<HubLine>[]): PlacedEntry[] {
  const enrolled = new Map<string, { practice: string; key: string }>(); // by agent
  const answers = new Map<string, string>(); // for a practice
  return logs.flatMap(({ entries }, number) =>
    entries.map((entry) => {
      if (entry.kind === "agent-enrolled") {
        const { agent, practice, keeper_key: key } = entry.body;
        enrolled.set(agent, { practice, key });
        if (!answers.has(practice)) answers.set(practice, key);
      } else if (entry.kind === "agent-admitted") {
        const admitted = enrolled.get(entry.body.agent);
        if (admitted) answers.set(admitted.practice, admitted.key);
      }
      const practice = entry.kind !== null && "practice" in entry.body ? entry.body.practice : null;
      const keeper = practice === null ? "" : (answers.get(practice) ?? "");
      return { ...entry, index: indexIn(number, entry.position), keeper };
    }),
  );
}

function isRawKey(hex: string): boolean {
  return /^[0-9a-f]{64}$/.test(hex);
}
