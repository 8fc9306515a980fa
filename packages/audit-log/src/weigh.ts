/** The rules of a witness: what it signs, held against the checkpoint that it signed last. C2SP tlog-witness. */
import { verifyConsistency } from "./merkle.js";
import { openCheckpoint, type Checkpoint } from "./note.js";
import type { NoteKey } from "./vkey.js";
import type { WitnessRequest } from "./witness-request.js";

export type WitnessVerdict =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | {
      readonly ok: false;
      /**
       * `not-signed`: by this log. `other-size`: the proof does not begin at what was signed last. `another-history`: the
       * log signed a checkpoint that does not extend it. `shorter`: one of fewer entries, which may be an older one.
       */
      readonly why: "not-signed" | "other-size" | "another-history" | "shorter";
    };

/**
 * Whether a witness may sign.
 * @param last what it signed last of this log; null before the first time
 */
export function weigh(
  { note, old, proof }: WitnessRequest,
  log: NoteKey,
  last: Checkpoint | null,
): WitnessVerdict {
  const checkpoint = openCheckpoint(note, log);
  if (checkpoint?.origin !== log.name) return { ok: false, why: "not-signed" };
  const before = last ?? { size: 0 };
  if (checkpoint.size < before.size) return { ok: false, why: "shorter" };
  if (old !== before.size) return { ok: false, why: "other-size" };
  const holds = last === null || last.size === 0 || verifyConsistency(last, checkpoint, proof);
  return holds ? { ok: true, checkpoint } : { ok: false, why: "another-history" };
}
