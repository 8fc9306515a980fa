import { createHash } from "node:crypto";
import { isSize } from "./merkle.js";

/** The facts of an entry, flat: the log is read by people and tools that know none of our types. */
export type EntryBody = Readonly<Record<string, string | number | boolean | null>>;

export interface Entry {
  readonly position: number;
  readonly time: string; // ISO 8601, UTC
  readonly kind: string;
  readonly body: EntryBody;
  readonly salt: string; // hex
}

/** An entry without what it says: its leaf, and so the tree, is the same. */
export interface SealedEntry {
  readonly position: number;
  readonly time: string; // ISO 8601, UTC
  readonly kind: string;
  readonly commitment: string; // hex
}

/**
 * The bytes that enter the tree: time, kind and a salted commitment to the body. Whoever holds the tree
 * alone learns that something happened, never what.
 */
export function leafOf(entry: Entry | SealedEntry): Buffer {
  const commitment = "commitment" in entry ? entry.commitment : commitmentOf(entry);
  return Buffer.from(JSON.stringify([entry.position, entry.time, entry.kind, commitment]));
}

function commitmentOf({ salt, body }: Entry): string {
  return createHash("sha256").update(Buffer.from(salt, "hex")).update(canonicalBody(body)).digest("hex");
}

/** An entry's line of an export that keeps its body and salt back: the commitment stands in their place. */
export function sealedLine(entry: Entry): string {
  return lineOfSealed({ ...entry, commitment: commitmentOf(entry) });
}

function lineOfSealed({ position, time, kind, commitment }: SealedEntry): string {
  return JSON.stringify({ position, time, kind, commitment });
}

/** JSON with its keys in order, so that the same facts are the same bytes. */
export function canonicalBody(body: EntryBody): string {
  const names = Object.keys(body);
  if (names.every((name, i) => i === 0 || (names[i - 1] as string) < name)) return JSON.stringify(body);
  return JSON.stringify(Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** An entry as one line of an export. */
export function entryLine({ position, time, kind, body, salt }: Entry): string {
  const [at, what] = [JSON.stringify(time), JSON.stringify(kind)];
  return `{"position":${position},"time":${at},"kind":${what},"body":${canonicalBody(body)},"salt":"${salt}"}`;
}

/**
 * Reads an entry from its line, strictly: exactly the bytes that `entryLine` writes. A double key, an unknown field
 * or blanks, which a JSON parser would pass over, make it no entry.
 * @param said the line's parsed JSON.
 * @returns the entry, or what is wrong with it, in words.
 */
export function readEntry(line: string, said: unknown): Entry | string {
  if (typeof said !== "object" || said === null || Array.isArray(said)) return "it is not an entry";
  const { body, salt, ...facts } = said as Partial<Record<keyof Entry, unknown>>;
  const head = readHead(facts);
  if (typeof head === "string") return head;
  if (typeof salt !== "string" || !/^[0-9a-f]{32}$/.test(salt)) return "its salt is not 16 bytes in hex";
  if (!isBody(body)) return "its body is not a flat list of facts";
  const entry: Entry = { ...head, body, salt };
  if (entryLine(entry) !== line) return NOT_AS_WRITTEN;
  return entry;
}

const NOT_AS_WRITTEN = "it is not written as a log writes it (a key twice, or text besides)";

/** Reads a sealed entry from its line, as strictly as an open one. @returns it, or what is wrong with it, in words. */
export function readSealed(line: string, said: object): SealedEntry | string {
  const { commitment, ...facts } = said as Partial<Record<keyof SealedEntry, unknown>>;
  const head = readHead(facts);
  if (typeof head === "string") return head;
  if (typeof commitment !== "string" || !/^[0-9a-f]{64}$/.test(commitment))
    return "its commitment is not 32 bytes in hex";
  const entry: SealedEntry = { ...head, commitment };
  return lineOfSealed(entry) === line ? entry : NOT_AS_WRITTEN;
}

/** The facts that an entry has, sealed or not. */
function readHead({
  position,
  time,
  kind,
  ...others
}: Readonly<Record<string, unknown>>): Pick<Entry, "position" | "time" | "kind"> | string {
  const strange = Object.keys(others)[0];
  if (strange !== undefined) return `it has a field that no entry has: ${JSON.stringify(strange)}`;
  if (typeof position !== "number" || !isSize(position)) return "its position is not a number from 0 on";
  if (typeof time !== "string" || !isTime(time)) return "its time is not one in UTC";
  if (typeof kind !== "string" || !/^[a-z][a-z0-9-]{0,63}$/.test(kind)) return "its kind is not a name";
  return { position, time, kind };
}

/** An instant in UTC as `Date.toISOString` writes it. */
export function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

function isBody(body: unknown): body is EntryBody {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return false;
  return Object.entries(body).every(([name, fact]) => isText(name) && isFact(fact));
}

function isFact(fact: unknown): boolean {
  if (typeof fact === "string") return isText(fact);
  return fact === null || typeof fact === "boolean" || typeof fact === "number";
}

/** Whether the text is free of control characters: entries are shown on terminals. */
function isText(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}
