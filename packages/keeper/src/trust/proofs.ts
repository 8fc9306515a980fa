/** Proofs that entries of the hub's log stand under a checkpoint with the quorum of the library's witness policy. */
import {
  asksNobodyElse,
  peekCheckpoint,
  placeOf,
  readPolicy,
  verifyConsistency,
  witnessedEntry,
  type Checkpoint,
  type Policy,
  type WitnessedEntry,
} from "@cairn/audit-log";
import { decodeHub, hubLog, practiceLog, type HubEntryOf } from "@cairn/ledger";
import { WireRefusal, type CountersignRequest__Output } from "@cairn/wire";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { witnessPolicyText, type LibraryInForce } from "./library.js";

/** Most in one call; a hub sends one more than it was asked. */
const MOST_IN_A_CALL = 65;

/** The policy of the library in force; null where it has none that can be read and asks others than the log to sign. */
export function witnessPolicy(store: Reader): Policy | null {
  const text = witnessPolicyText(store);
  const read = text === "" ? null : readPolicy(text);
  return read?.ok && asksNobodyElse(read.policy) === null ? read.policy : null;
}

/** Whether a publication that holds this query version was proved. */
export function isWitnessed(store: Reader, digest: Buffer): boolean {
  return store.db.prepare("SELECT 1 FROM witnessed_query WHERE digest = ?").get(digest) !== undefined;
}

/**
 * Takes proofs under a checkpoint that was just countersigned: of the publication of the library in force, and of
 * receipts. Each is judged by itself: one that is refused keeps out no other. The same again changes nothing.
 * @param follow called inside the change where a publication is new, for its consequences
 * @throws WireRefusal bad-request; proof-wrong of the first that was refused, once the others are taken
 */
export function takeProofs(
  store: KeeperStore,
  library: LibraryInForce | null,
  { proofs, proofsConsistency, checkpoint }: CountersignRequest__Output,
  follow: (change: Change) => void,
): void {
  if (proofs.length === 0) return;
  if (proofs.length > MOST_IN_A_CALL)
    throw new WireRefusal("bad-request", `at most ${MOST_IN_A_CALL} proofs in one call`);
  const policy = witnessPolicy(store);
  const head = peekCheckpoint(checkpoint);
  if (!policy || !library || !head) throw wrong("the library in force has no witness policy");
  const refusals = proofs.flatMap((text) => {
    const proven = witnessedEntry(policy, text);
    if (!proven.ok) return wrong(proven.words);
    if (!isExtended(proven.checkpoint, head, proofsConsistency))
      return wrong("the witnesses signed another history of the hub's log than this practice");
    return store.change((change) => takeOne(change, library, text, proven, follow)) ?? [];
  });
  if (refusals[0]) throw refusals[0];
}

type Proven = Extract<WitnessedEntry, { ok: true }>;

/** Whether the log that this practice countersigned goes on from the one that the witnesses signed. */
function isExtended(witnessed: Checkpoint, head: Checkpoint, proof: readonly Uint8Array[]): boolean {
  return witnessed.origin === head.origin && verifyConsistency(witnessed, head, proof);
}

/** @returns why it is refused; null where it was taken */
function takeOne(
  change: Change,
  library: LibraryInForce,
  text: string,
  proven: Proven,
  follow: (change: Change) => void,
): WireRefusal | null {
  const entry = decodeHub(proven.entry);
  if (entry.kind === hubLog.releaseReceived.kind) {
    if (!markProved(change, entry)) return wrong("it proves the receipt of another release");
    keep(change, text, proven);
    return null;
  }
  const isPublication = entry.kind === hubLog.libraryPublished.kind;
  const { version, digest } = isPublication ? entry.body : { version: "", digest: "" };
  if (version !== library.version || digest !== library.digest.toString("hex"))
    return wrong("it proves something else than the publication of the library in force");
  const fresh = library.queries.filter((query) => !isWitnessed(change, digestOf(query)));
  if (fresh.length === 0) return null;
  keep(change, text, proven);
  const insert = change.db.prepare("INSERT INTO witnessed_query (digest) VALUES (?)");
  for (const query of fresh) insert.run(digestOf(query));
  const { checkpoint, by } = proven;
  const at = { origin: checkpoint.origin, position: entry.position, size: checkpoint.size };
  change.note(practiceLog.publicationWitnessed, { version, digest, ...at, witnesses: by.join(", ") });
  follow(change);
  return null;
}

/** Marks the receipt that the entry is of, where one names its place. @returns whether one does */
function markProved(change: Change, { position, body }: HubEntryOf<"releaseReceived">): boolean {
  const release: [string, bigint, Buffer] = [
    body.run,
    BigInt(body.correction),
    Buffer.from(body.digest, "hex"),
  ];
  const which = "run = ? AND correction = ? AND withdrawn = 0 AND release_digest = ?";
  const place = change.db
    .prepare<[string, bigint, Buffer], number>(`SELECT hub_log_index FROM receipt WHERE ${which}`)
    .pluck()
    .get(...release);
  if (place === undefined || placeOf(place).position !== position) return false;
  change.db.prepare(`UPDATE receipt SET proof = 'proved' WHERE ${which}`).run(...release);
  return true;
}

function keep(change: Change, text: string, { entry, checkpoint }: Proven): void {
  change.db
    .prepare("INSERT OR IGNORE INTO hub_log_proof (origin, position, proof) VALUES (?, ?, ?)")
    .run(checkpoint.origin, BigInt(entry.position), text);
}

function digestOf({ digest }: { readonly digest: string }): Buffer {
  return Buffer.from(digest, "hex");
}

function wrong(words: string): WireRefusal {
  return new WireRefusal("proof-wrong", `a proof of the hub's log was not taken: ${words}`);
}
