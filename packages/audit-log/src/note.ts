/**
 * Checkpoints as signed notes, after the C2SP specifications signed-note, tlog-checkpoint and
 * tlog-cosignature: three lines (origin, size, root), a blank line, then one line a signature.
 *
 * Reading is strict: a note that is not exactly that form is no note, and one that bears a bad signature of a key that
 * the reader knows is refused whole.
 */
import { sign, verify } from "node:crypto";
import { fromBase64, readSize } from "./lines.js";
import { isSize } from "./merkle.js";
import { keyId, publicHalf, type NoteKey } from "./vkey.js";

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer; // SHA-256
}

const MOST_SIGNATURES = 100;

/** Signs a checkpoint. @returns the note, ending in a newline. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteKey): string {
  const text = checkpointText(checkpoint);
  const signature = sign(null, Buffer.from(text), signer.key);
  return `${text}\n${signatureLine(signer.name, Buffer.concat([keyId(signer, "log"), signature]))}`;
}

/**
 * Adds a witness's line to a note: the witness saw this checkpoint, and it extends what it saw before. A log that
 * adds its own line states the time of signing (a stamp).
 * @param time when it was seen.
 */
export function cosign(note: string, witness: NoteKey, time: Date): string {
  const seconds = Math.floor(time.getTime() / 1000);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(seconds));
  const signature = sign(null, cosignedBytes(textOf(note), seconds), witness.key);
  return note + signatureLine(witness.name, Buffer.concat([keyId(witness, "witness"), stamp, signature]));
}

/**
 * @returns the checkpoint of a note that the named key signed, else null: also where it is no note, or bears a bad
 * signature of that key.
 */
export function openCheckpoint(note: string, signer: NoteKey): Checkpoint | null {
  const read = readNote(note);
  const signed = read && signaturesBy(read, signer);
  return signed && signed.plain > 0 ? read.checkpoint : null;
}

/**
 * @returns the time at which the named witness countersigned the note, or null if it did not, or a signature of its
 * own is bad.
 */
export function cosignedAt(note: string, witness: NoteKey): Date | null {
  const read = readNote(note);
  const signed = read && signaturesBy(read, witness);
  return signed?.seconds === undefined || signed.seconds === null ? null : new Date(signed.seconds * 1000);
}

/** A key's signatures on a note. */
interface Signatures {
  readonly plain: number;
  readonly seconds: number | null; // since 1970: the latest time among its cosignatures
}

/** @returns a key's signatures on a note, "bad" where one of them is. */
export function signaturesOn(note: string, signer: NoteKey): Signatures | "bad" | "no-note" {
  const read = readNote(note);
  return read ? (signaturesBy(read, signer) ?? "bad") : "no-note";
}

/**
 * Adds to a note what witnesses signed on another note of the same checkpoint. Of each witness the newest line is kept,
 * and of lines that neither the owner nor one of them signed none.
 * @param owner of the log, with its origin
 * @returns null where one of them is no note that the owner signed, is of another checkpoint, or bears a bad signature
 */
export function joinCosignatures(
  note: string,
  other: string,
  owner: NoteKey,
  witnesses: readonly NoteKey[],
): string | null {
  const [ours, theirs] = [readNote(note), readNote(other)];
  if (!ours || ours.text !== theirs?.text || !openCheckpoint(note, owner)) return null;
  const kept = [...new Set(linesBy(ours, owner))];
  for (const witness of witnesses) {
    const dated = [...linesBy(ours, witness), ...linesBy(theirs, witness)].map((line) => {
      return { line, at: cosignedAt(`${ours.text}\n${line}`, witness) };
    });
    if (dated.some(({ at }) => at === null)) return null;
    const [newest] = dated.toSorted((a, b) => Number(b.at) - Number(a.at));
    if (newest) kept.push(newest.line);
  }
  return `${ours.text}\n${kept.join("")}`;
}

/** A key's lines on a note: its signatures, and those with a time. */
function linesBy({ signatures }: Note, signer: NoteKey): string[] {
  const ids = [keyId(signer, "log"), keyId(signer, "witness")];
  return signatures
    .filter(({ name, blob }) => name === signer.name && ids.some((id) => has(blob, id)))
    .map(({ name, blob }) => signatureLine(name, blob));
}

/** The checkpoint of a note, whoever signed it; null where it is no note. */
export function peekCheckpoint(note: string): Checkpoint | null {
  return readNote(note)?.checkpoint ?? null;
}

/** The signer's own stamp on a note, in base64, for `stampedAt`; null where it bears none. */
export function stampOf(note: string, signer: NoteKey): string | null {
  const id = keyId(signer, "witness");
  const line = readNote(note)?.signatures.find(({ name, blob }) => name === signer.name && has(blob, id));
  return line ? line.blob.toString("base64") : null;
}

/** @returns the time at which the signer stamped this checkpoint, or null if the stamp is not its own. */
export function stampedAt(checkpoint: Checkpoint, stamp: string, signer: NoteKey): Date | null {
  return cosignedAt(`${checkpointText(checkpoint)}\n\u2014 ${signer.name} ${stamp}\n`, signer);
}

interface Note {
  readonly text: string; // the signed lines, ending in a newline
  readonly checkpoint: Checkpoint;
  readonly signatures: readonly { readonly name: string; readonly blob: Buffer }[];
}

const NOTE = /^([^\p{C}\p{Z}+]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n\n((?:\u2014 [^\n]+\n)+)$/u;
const SIGNATURE = /^\u2014 ([^\p{C}\p{Z}+]+) ([A-Za-z0-9+/=]+)$/u;

function readNote(note: string): Note | null {
  const [, origin = "", size = "", root = "", lines = ""] = NOTE.exec(note) ?? [];
  const [entries, hash] = [readSize(size), fromBase64(root)];
  if (origin === "" || entries === null || hash?.length !== 32) return null;
  const signatures = [];
  for (const line of lines.split("\n").slice(0, -1)) {
    const [, name = "", base64 = ""] = SIGNATURE.exec(line) ?? [];
    const blob = fromBase64(base64);
    if (!blob || blob.length <= 4) return null;
    signatures.push({ name, blob });
  }
  if (signatures.length > MOST_SIGNATURES) return null;
  return { text: textOf(note), checkpoint: { origin, size: entries, root: hash }, signatures };
}

/** Number of the key's signatures, and the latest time among them; null where one of them is bad. */
function signaturesBy(note: Note, signer: NoteKey): Signatures | null {
  const key = publicHalf(signer.key);
  const [plainId, stampId] = [keyId(signer, "log"), keyId(signer, "witness")];
  let plain = 0;
  let seconds: number | null = null;
  for (const { name, blob } of note.signatures) {
    if (name !== signer.name) continue;
    if (has(blob, plainId)) {
      if (blob.length !== 68 || !verify(null, Buffer.from(note.text), key, blob.subarray(4))) return null;
      plain += 1;
    } else if (has(blob, stampId)) {
      if (blob.length !== 76) return null;
      seconds = Number(blob.readBigUInt64BE(4));
      if (!isSize(seconds * 1000) || !verify(null, cosignedBytes(note.text, seconds), key, blob.subarray(12)))
        return null;
    }
  }
  return { plain, seconds };
}

function has(blob: Buffer, id: Buffer): boolean {
  return blob.subarray(0, 4).equals(id);
}

function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

function textOf(note: string): string {
  const end = note.indexOf("\n\n");
  return end < 0 ? note : note.slice(0, end + 1);
}

function signatureLine(name: string, blob: Buffer): string {
  return `\u2014 ${name} ${blob.toString("base64")}\n`;
}

function cosignedBytes(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}
