import type { KeyObject } from "node:crypto";
import { leafOf, type Entry } from "./entry.js";
import { leafHash, nodeHash, rootHash } from "./merkle.js";
import { openCheckpoint } from "./note.js";

export type Verdict =
  | { readonly ok: true; readonly size: number; readonly root: Buffer; readonly entries: readonly Entry[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Replays an exported log to its signed head.
 * @param lines as `AuditLog.exportLines` gives them.
 * @param owner the log's origin and its Ed25519 public key.
 * @returns the entries, or the first thing that does not hold.
 */
export function verifyExport(
  lines: Iterable<string>,
  owner: { readonly name: string; readonly key: KeyObject },
): Verdict {
  const [head, ...rest] = [...lines]
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as unknown);
  const note = (head as { checkpoint?: string } | undefined)?.checkpoint;
  if (typeof note !== "string") return no("it does not begin with a checkpoint");
  const checkpoint = openCheckpoint(note, owner);
  if (!checkpoint) return no(`its head is not signed by ${owner.name}`);
  if (checkpoint.origin !== owner.name) return no(`its head is of another log, ${checkpoint.origin}`);
  const entries = rest as Entry[];
  if (entries.length !== checkpoint.size)
    return no(`it holds ${entries.length} entries where its head says ${checkpoint.size}`);
  const gap = entries.findIndex((entry, i) => entry.position !== i);
  if (gap >= 0) return no(`entry ${gap} is missing or out of place`);
  const root = replay(entries);
  if (!root.equals(checkpoint.root))
    return no("an entry was altered: its entries do not lead to the root in its head");
  return { ok: true, size: checkpoint.size, root, entries };
}

function no(problem: string): Verdict {
  return { ok: false, problem };
}

function replay(entries: readonly Entry[]): Buffer {
  const levels: Buffer[][] = [entries.map((entry) => leafHash(leafOf(entry)))];
  for (let below = levels[0]; below && below.length > 1; below = levels.at(-1)) {
    const level: Buffer[] = [];
    for (let i = 0; i + 1 < below.length; i += 2)
      level.push(nodeHash(below[i] as Buffer, below[i + 1] as Buffer));
    levels.push(level);
  }
  return rootHash(entries.length, (level, position) => levels[level]?.[position] as Buffer);
}

/** The root that a log of these entries had when it was `size` long. */
export function rootAt(entries: readonly Entry[], size: number): Buffer {
  return replay(entries.slice(0, size));
}
