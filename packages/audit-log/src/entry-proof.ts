/** A proof that an entry is in a log, in one file that is checked offline: C2SP tlog-proof. */
import { fromBase64, proofLines, readProof, readSize, splitAtBlank } from "./lines.js";
import { verifyInclusion } from "./merkle.js";
import { peekCheckpoint } from "./note.js";

export interface EntryProof {
  /** Bytes that nothing vouches for; null where there are none. */
  readonly extra: Buffer | null;
  /** The entry's position. */
  readonly index: number;
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly Buffer[];
  /** The checkpoint with its signatures. */
  readonly note: string;
}

const FIRST_LINE = "c2sp.org/tlog-proof@v1";

/** @param proof whose `extra` is not empty. */
export function printEntryProof({ extra, index, proof, note }: EntryProof): string {
  const extraLine = extra === null ? "" : `extra ${extra.toString("base64")}\n`;
  return `${FIRST_LINE}\n${extraLine}index ${index}\n${proofLines(proof)}\n${note}`;
}

/** @returns null where it is not exactly that form, or the entry would be behind the checkpoint. */
export function readEntryProof(text: string): EntryProof | null {
  const { lines: [first, ...lines] = [], rest: note = "" } = splitAtBlank(text) ?? {};
  const extraLine = lines[0]?.startsWith("extra ") ? lines.shift()?.slice(6) : undefined;
  const extra = extraLine === undefined ? null : fromBase64(extraLine);
  const indexLine = lines.shift() ?? "";
  const index = indexLine.startsWith("index ") ? readSize(indexLine.slice(6)) : null;
  const proof = readProof(lines);
  const checkpoint = peekCheckpoint(note);
  if (first !== FIRST_LINE || index === null || !proof || !checkpoint || index >= checkpoint.size)
    return null;
  if (extraLine !== undefined && (extra === null || extra.length === 0)) return null;
  return { extra, index, proof, note };
}

/**
 * Whether the proof leads from the leaf to its checkpoint's root. Who signed that is for `quorum` to say.
 * @param leaf the leaf's hash, SHA-256
 */
export function proves({ index, proof, note }: EntryProof, leaf: Uint8Array): boolean {
  const checkpoint = peekCheckpoint(note);
  return checkpoint !== null && verifyInclusion(leaf, index, checkpoint.size, proof, checkpoint.root);
}
