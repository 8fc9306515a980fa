/** One entry of another's log, proved to be in it under a checkpoint that a policy's quorum signed. */
import type { Entry } from "./entry.js";
import { readEntryProof } from "./entry-proof.js";
import type { Checkpoint } from "./note.js";
import { quorum, type Policy } from "./policy.js";
import { provenEntry } from "./proven.js";

export type WitnessedEntry =
  | {
      readonly ok: true;
      readonly entry: Entry;
      readonly checkpoint: Checkpoint;
      /** The witnesses that signed, by their names in the policy. */
      readonly by: readonly string[];
    }
  | { readonly ok: false; readonly words: string };

/**
 * Reads an entry's proof, and checks it against a policy.
 * @param text a C2SP tlog-proof whose `extra` is the entry's line of an export
 * @returns the entry with its checkpoint, or why the proof shows nothing, in words
 */
export function witnessedEntry(policy: Policy, text: string): WitnessedEntry {
  const read = readEntryProof(text);
  if (!read?.extra) return no("it is not an entry's proof with the entry in it");
  const verdict = quorum(policy, read.note);
  if (!verdict.ok) return no(`of its checkpoint, ${verdict.words}`);
  const { checkpoint, by } = verdict;
  const entry = provenEntry(read.extra.toString("utf8"), read.proof, checkpoint);
  if (entry?.position !== read.index) return no("the proof does not lead from the entry to its checkpoint");
  return { ok: true, entry, checkpoint, by };
}

function no(words: string): { readonly ok: false; readonly words: string } {
  return { ok: false, words };
}
