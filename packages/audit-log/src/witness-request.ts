/** The request by which a log asks a witness for its signature: C2SP tlog-witness, "add-checkpoint". */
import { proofLines, readProof, readSize, splitAtBlank } from "./lines.js";
import { peekCheckpoint } from "./note.js";

export interface WitnessRequest {
  /** Size of the checkpoint that the witness signed last; 0 where it signed none. */
  readonly old: number;
  /** That the checkpoint extends the one of `old` entries; empty where that is 0. */
  readonly proof: readonly Buffer[];
  /** The checkpoint, a signed note. */
  readonly note: string;
}

/** The longest request that is read, in bytes: 63 hashes, and a note of many signatures. */
export const WITNESS_REQUEST_BYTES = 32 * 1024;

export function printWitnessRequest({ old, proof, note }: WitnessRequest): string {
  return `old ${old}\n${proofLines(proof)}\n${note}`;
}

/** @returns null where it is not exactly that form, or the old size is beyond the checkpoint's. */
export function readWitnessRequest(body: string): WitnessRequest | null {
  const { lines: [first = "", ...hashes] = [], rest: note = "" } = splitAtBlank(body) ?? {};
  const old = first.startsWith("old ") ? readSize(first.slice(4)) : null;
  const proof = readProof(hashes);
  const checkpoint = peekCheckpoint(note);
  if (old === null || !proof || !checkpoint || old > checkpoint.size) return null;
  return old === 0 && proof.length > 0 ? null : { old, proof, note };
}
