/**
 * Checkpoints as signed notes, after the C2SP specifications signed-note, tlog-checkpoint and
 * tlog-cosignature: three lines (origin, size, root), a blank line, then one line a signature.
 */
import { createHash, createPublicKey, sign, verify, type KeyObject } from "node:crypto";

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer; // SHA-256
}

/** A name with its Ed25519 key: the private half to sign, the public half to verify. */
export interface NoteKey {
  readonly name: string;
  readonly key: KeyObject;
}

const ED25519 = 0x01;
const COSIGNATURE_V1 = 0x04;

/** @returns the note, ending in a newline. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteKey): string {
  const text = checkpointText(checkpoint);
  const signature = sign(null, Buffer.from(text), signer.key);
  return `${text}\n${signatureLine(signer.name, Buffer.concat([keyId(signer, ED25519), signature]))}`;
}

/**
 * A witness's line for a note: "I saw this checkpoint, and it extends what I saw before."
 * @param time when it was seen.
 */
export function cosign(note: string, witness: NoteKey, time: Date): string {
  const seconds = Math.floor(time.getTime() / 1000);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(seconds));
  const signature = sign(null, cosignedBytes(noteText(note), seconds), witness.key);
  return (
    note + signatureLine(witness.name, Buffer.concat([keyId(witness, COSIGNATURE_V1), stamp, signature]))
  );
}

/** @returns what a note says if the named key signed it, else null. */
export function openCheckpoint(note: string, signer: NoteKey): Checkpoint | null {
  const text = noteText(note);
  const id = keyId(signer, ED25519);
  const signed = signatures(note, signer.name).some(
    (blob) =>
      blob.subarray(0, 4).equals(id) &&
      verify(null, Buffer.from(text), publicHalf(signer.key), blob.subarray(4)),
  );
  return signed ? parseText(text) : null;
}

/** @returns when the named witness countersigned the note, or null if it did not. */
export function cosignedAt(note: string, witness: NoteKey): Date | null {
  const id = keyId(witness, COSIGNATURE_V1);
  for (const blob of signatures(note, witness.name)) {
    if (blob.length !== 4 + 8 + 64 || !blob.subarray(0, 4).equals(id)) continue;
    const seconds = Number(blob.readBigUInt64BE(4));
    const bytes = cosignedBytes(noteText(note), seconds);
    if (verify(null, bytes, publicHalf(witness.key), blob.subarray(12))) return new Date(seconds * 1000);
  }
  return null;
}

function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

function parseText(text: string): Checkpoint | null {
  const [origin, size, root] = text.split("\n");
  if (!origin || !root || !/^(0|[1-9][0-9]*)$/.test(size ?? "")) return null;
  return { origin, size: Number(size), root: Buffer.from(root, "base64") };
}

function noteText(note: string): string {
  const end = note.indexOf("\n\n");
  return end < 0 ? note : note.slice(0, end + 1);
}

function signatureLine(name: string, blob: Buffer): string {
  return `\u2014 ${name} ${blob.toString("base64")}\n`;
}

function signatures(note: string, name: string): Buffer[] {
  return note
    .split("\n")
    .filter((line) => line.startsWith(`\u2014 ${name} `))
    .map((line) => Buffer.from(line.slice(line.lastIndexOf(" ") + 1), "base64"));
}

function cosignedBytes(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** First four bytes of SHA-256(name, newline, type, public key): signed-note, "Signatures". */
function keyId({ name, key }: NoteKey, type: number): Buffer {
  const raw = publicHalf(key).export({ type: "spki", format: "der" }).subarray(-32);
  return createHash("sha256").update(`${name}\n`).update(Buffer.of(type)).update(raw).digest().subarray(0, 4);
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === "private" ? createPublicKey(key) : key;
}
