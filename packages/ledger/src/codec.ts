/** Entries written and read through the same table of kinds. */
import type { Entry, EntryBody, SealedEntry } from "@cairn/audit-log";
import type { Fact } from "./fields.js";
import { hubLog } from "./hub-log.js";
import type { AnyEntry, EntryOf, Kind, Kinds, EntryFacts } from "./kinds.js";
import { OLD_SPELLING } from "./old-spelling.js";
import { practiceLog } from "./practice-log.js";

/** Of the entries that are written. Entries from before there were versions are read as version 0. */
export const VERSION = 1;

/** The kind and body that a log appends. */
export interface EncodedEntry {
  readonly kind: string;
  readonly body: EntryBody;
}

/** Why a line of a log is no entry of this version. */
export type EntryFault =
  "kind-unknown" | "version-unknown" | "field-missing" | "field-wrong" | "field-unknown" | "sealed";

/** A line of a log that this version cannot read, in the place of its entry. */
export interface UnreadEntry {
  readonly kind: null;
  /** The kind that stands in the log. */
  readonly written: string;
  readonly position: number;
  readonly time: string;
  readonly at: number;
  readonly fault: EntryFault;
  readonly words: string;
}

/** Encodes an entry of this version. @throws TypeError where a fact is not of its field's type */
export function encode<K extends Kind>({ kind, fields }: K, written: EntryFacts<K>): EncodedEntry {
  const facts = written as Readonly<Record<string, Fact | undefined>>;
  const body: Record<string, Fact> = { v: VERSION };
  for (const [name, field] of Object.entries(fields)) {
    const fact = facts[name];
    if (fact === undefined || field.read(fact) === undefined)
      throw new TypeError(`an entry of kind ${kind} cannot be written: its ${name} is no ${field.type}`);
    body[name] = fact;
  }
  return { kind, body };
}

/** Reads what `encode` writes, and entries of version 0. */
export type Decoder<T extends Kinds> = (entry: Entry) => AnyEntry<T> | UnreadEntry;

export const decodePractice = decoder(practiceLog, OLD_SPELLING);
export const decodeHub = decoder(hubLog, {});

/** Puts an entry whose body an export keeps back in its place. */
export function unreadSealed({ kind, position, time }: SealedEntry): UnreadEntry {
  const [at, words] = [Date.parse(time), "it is sealed in this export"];
  return { kind: null, written: kind, position, time, at, fault: "sealed", words };
}

/** Those of a log's entries that are of one kind. @param decode of the log that they are from. */
export function* entriesOf<T extends Kinds, K extends T[keyof T]>(
  entries: Iterable<Entry | SealedEntry>,
  decode: Decoder<T>,
  { kind }: K,
): IterableIterator<EntryOf<K>> {
  for (const entry of entries) {
    if (entry.kind !== kind || "commitment" in entry) continue;
    const read = decode(entry);
    if (read.kind !== null) yield read;
  }
}

/** A field with its place in both versions. */
interface Place {
  readonly name: string;
  readonly old: string;
  readonly read: (fact: Fact) => Fact | undefined;
  readonly type: string;
  readonly absent: Fact | undefined;
}

function decoder<T extends Kinds>(kinds: T, spelling: Readonly<Record<string, string>>): Decoder<T> {
  const places = new Map(
    Object.values(kinds).map(({ kind, fields, absent }) => [kind, placesOf(fields, absent, spelling)]),
  );
  const later = new Map(
    Object.values(kinds).map(({ kind, later }): [string, Readonly<Record<string, Fact>>] => [
      kind,
      later as Readonly<Record<string, Fact>>,
    ]),
  );
  return ({ position, time, kind, body }) => {
    const at = Date.parse(time);
    const unread = (fault: EntryFault, words: string): UnreadEntry => ({
      ...{ kind: null, written: kind, position, time, at, fault },
      words: `it is no entry that this version reads: ${words}`,
    });
    const known = places.get(kind);
    if (!known) return unread("kind-unknown", `there is no kind ${JSON.stringify(kind)}`);
    const version = body["v"];
    if (version !== VERSION && version !== undefined)
      return unread("version-unknown", `it is of version ${JSON.stringify(version)}`);
    const isOld = version === undefined;
    const facts = isOld ? respelt(known, body) : { ...later.get(kind), ...body };
    for (const { name, read, type, absent } of known) {
      const fact = facts[name];
      if (fact === undefined) return unread("field-missing", `a ${kind} without ${name}`);
      if (isOld && fact === absent) continue;
      if (read(fact) === undefined) return unread("field-wrong", `a ${kind} whose ${name} is no ${type}`);
    }
    if (!isOld && Object.keys(facts).length !== known.length + 1)
      return unread("field-unknown", `a ${kind} with a field that this version does not know`);
    return { kind, v: isOld ? 0 : VERSION, position, time, at, body: facts } as unknown as AnyEntry<T>;
  };
}

function placesOf(
  fields: Kind["fields"],
  absent: Kind["absent"],
  spelling: Readonly<Record<string, string>>,
): readonly Place[] {
  return Object.entries(fields).map(([name, { read, type }]) => {
    return { name, old: spelling[name] ?? name, read, type, absent: absent[name] };
  });
}

/** Facts of version 0 under the names of version 1; what it lacks and may lack, as that is read. */
function respelt(places: readonly Place[], body: EntryBody): Record<string, Fact | undefined> {
  const facts: Record<string, Fact | undefined> = {};
  for (const { name, old, absent } of places) facts[name] = body[old] === undefined ? absent : body[old];
  return facts;
}
