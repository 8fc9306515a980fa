/** Exported logs, read strictly and replayed to their signed heads without a database. */
import type { KeyObject } from "node:crypto";
import { isTime, readEntry, readSealed, type Entry, type SealedEntry } from "./entry.js";
import { cosignedAt, openCheckpoint, peekCheckpoint } from "./note.js";
import { ReplayedLog } from "./replay.js";

/** One log of an export as its lines state it, not verified yet. */
export interface ClaimedLog {
  readonly origin: string;
  readonly head: string; // the signed note
  readonly at: string | null; // when it was signed, to the millisecond; null in exports of versions that did not say
  readonly entries: readonly (Entry | SealedEntry)[];
}

/**
 * An export: one log, or the logs that followed one another, oldest first; then the lines that its owner put beside
 * them.
 */
export interface ClaimedExport {
  readonly logs: readonly ClaimedLog[];
  /** Checkpoints of these logs with a witness's line. */
  readonly cosigned: readonly string[];
  /** Lines of other kinds, by the one key that each has (`release`, `receipt`). */
  readonly beside: ReadonlyMap<string, readonly unknown[]>;
}

type Read =
  { readonly ok: true; readonly said: ClaimedExport } | { readonly ok: false; readonly problem: string };

export type Verdict =
  | {
      readonly ok: true;
      readonly size: number;
      readonly root: Buffer;
      readonly entries: readonly (Entry | SealedEntry)[];
      readonly replayed: ReplayedLog;
      /**
       * The time at which the owner signed the head, by its own clock; null in exports of versions that did not state
       * it.
       */
      readonly signedAt: Date | null;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads an export's lines as `AuditLog.exportLines` gives them, and no others.
 * @param beside the kinds of other lines that are allowed.
 * @param sealed whether entries may be sealed.
 */
export function readExport(
  lines: Iterable<string>,
  beside: readonly string[] = [],
  { sealed = false }: { readonly sealed?: boolean } = {},
): Read {
  const logs: { origin: string; head: string; at: string | null; entries: (Entry | SealedEntry)[] }[] = [];
  const cosigned: string[] = [];
  const others = new Map<string, unknown[]>();
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (line === "") continue;
    const said = parse(line);
    if (said === undefined) return no(`line ${number} is no JSON`);
    const [name, value, more] = soleKey(said);
    const log = logs.at(-1);
    if (name === "checkpoint" && cosigned.length + others.size === 0) {
      const { at = null } = said as { at?: string };
      const head = typeof value === "string" ? peekCheckpoint(value) : null;
      const again = JSON.stringify({ checkpoint: value, ...(at === null ? {} : { at }) });
      if (!head || again !== line) return no(`line ${number} is not a checkpoint`);
      if (at !== null && !isTime(at)) return no(`line ${number} does not say when it was signed`);
      logs.push({ origin: head.origin, head: value as string, at, entries: [] });
    } else if (!log) {
      return no("it does not begin with a checkpoint");
    } else if (!more && name === "cosigned") {
      if (typeof value !== "string" || !peekCheckpoint(value) || JSON.stringify(said) !== line)
        return no(`line ${number} is not a countersigned checkpoint`);
      cosigned.push(value);
    } else if (!more && name !== undefined && beside.includes(name)) {
      if (JSON.stringify(said) !== line) return no(`line ${number} is not written as an export writes it`);
      others.set(name, others.get(name) ?? []);
      others.get(name)?.push(value);
    } else {
      const isClosed = sealed && typeof said === "object" && said !== null && "commitment" in said;
      const entry = isClosed ? readSealed(line, said) : readEntry(line, said);
      const at = `entry ${log.entries.length} (line ${number})`;
      if (typeof entry === "string") return no(`${at} does not hold: ${entry}`);
      if (cosigned.length + others.size > 0) return no(`${at} comes after what belongs at the end`);
      log.entries.push(entry);
    }
  }
  if (logs.length === 0) return no("it does not begin with a checkpoint");
  return { ok: true, said: { logs, cosigned, beside: others } };
}

/** Replays one log to its signed head. @param owner the log's origin and its Ed25519 public key. */
export function verifyLog(
  log: ClaimedLog,
  owner: { readonly name: string; readonly key: KeyObject },
): Verdict {
  const checkpoint = openCheckpoint(log.head, { ...owner, name: log.origin });
  if (!checkpoint) return no(`its head is not signed by ${owner.name}`);
  if (checkpoint.origin !== owner.name) return no(`its head is of another log, ${checkpoint.origin}`);
  const { entries } = log;
  if (entries.length !== checkpoint.size)
    return no(`it holds ${entries.length} entries where its head says ${checkpoint.size}`);
  const gap = entries.findIndex(({ position }, i) => position !== i);
  if (gap >= 0) return no(`entry ${gap} is missing or out of place`);
  const replayed = new ReplayedLog(entries);
  const root = replayed.rootAt(entries.length);
  if (!root.equals(checkpoint.root))
    return no("an entry was altered: its entries do not lead to the root in its head");
  const stamped = cosignedAt(log.head, owner)?.getTime() ?? null;
  const at = log.at === null ? null : Date.parse(log.at);
  if (at !== null && stamped !== at - (at % 1000))
    return no("its head was signed at another time than it says");
  const signedAt = at === null ? null : new Date(at);
  return { ok: true, size: checkpoint.size, root, entries, replayed, signedAt };
}

/**
 * Replays an exported log to its signed head, and those that it followed to theirs.
 * @param lines as `AuditLog.exportLines` gives them.
 * @param owner the newest log's origin and its Ed25519 public key.
 * @returns the newest log's entries, or the first thing that does not hold.
 */
export function verifyExport(
  lines: Iterable<string>,
  owner: { readonly name: string; readonly key: KeyObject },
): Verdict {
  const read = readExport(lines);
  if (!read.ok) return read;
  for (const past of read.said.logs.slice(0, -1)) {
    const verdict = verifyLog(past, { name: past.origin, key: owner.key });
    if (!verdict.ok) return no(`of the log ${past.origin}: ${verdict.problem}`);
  }
  return verifyLog(read.said.logs.at(-1) as ClaimedLog, owner);
}

function no(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** The name and value of an object with one key; `more` where it has others. */
function soleKey(said: unknown): [string | undefined, unknown, boolean] {
  if (typeof said !== "object" || said === null || Array.isArray(said)) return [undefined, undefined, true];
  const fields = Object.entries(said);
  return [fields[0]?.[0], fields[0]?.[1], fields.length !== 1];
}
