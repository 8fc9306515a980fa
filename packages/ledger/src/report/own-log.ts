/** Whether a log holds against its own checkpoints: its owner's heads, and those that others countersigned. */
import type { KeyObject } from "node:crypto";
import { peekCheckpoint, readExport, verifyLog } from "@cairn/audit-log";

/** What an owner's export has beside the log; whoever cross-checks reads it. */
const BESIDE = ["charter", "library", "release", "receipt"];

export type OwnLogVerdict =
  | {
      readonly holds: true;
      readonly entries: number; // of all logs that followed one another
      readonly logs: number;
      readonly countersigned: number; // checkpoints that others countersigned, each on the way to a head
      readonly root: string; // hex, of the newest log
    }
  | { readonly holds: false; readonly problem: string };

/**
 * Replays the owner's logs to their signed heads, and to each checkpoint that was countersigned. Whose
 * line stands below one was checked when it was kept; `crossCheck` checks it anew with the keys of the other side.
 * @param lines as `AuditLog.exportLines` gives them. @param key the owner's Ed25519 public key.
 */
export function verifyOwnLog(lines: Iterable<string>, key: KeyObject): OwnLogVerdict {
  const read = readExport(lines, BESIDE);
  if (!read.ok) return { holds: false, problem: read.problem };
  const { logs, cosigned } = read.said;
  const replayed = new Map<string, (size: number) => Buffer | null>();
  let entries = 0;
  let root = "";
  for (const log of logs) {
    const verdict = verifyLog(log, { name: log.origin, key });
    if (!verdict.ok) return { holds: false, problem: `of the log ${log.origin}: ${verdict.problem}` };
    entries += verdict.size;
    root = verdict.root.toString("hex");
    replayed.set(log.origin, (size) => (size > verdict.size ? null : verdict.replayed.rootAt(size)));
  }
  for (const note of cosigned) {
    const seen = peekCheckpoint(note);
    const root = seen && replayed.get(seen.origin)?.(seen.size);
    if (!seen || !root?.equals(seen.root))
      return { holds: false, problem: "it does not lead to a checkpoint that another countersigned" };
  }
  return { holds: true, entries, logs: logs.length, countersigned: cosigned.length, root };
}
