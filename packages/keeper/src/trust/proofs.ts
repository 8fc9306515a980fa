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
import { receiptsOfEarlierLogs } from "./hub-log.js";
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
 * Takes proofs, all or none, under a checkpoint that was just countersigned: of the publication of the library in force,
 * and of receipts. The same again changes nothing.
 * @param follow called inside the change where a publication is new, for its consequences
 * @throws WireRefusal bad-request, proof-wrong
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
  store.change((change) => {
    for (const text of proofs) {
      const proven = witnessedEntry(policy, text);
      if (!proven.ok) throw wrong(proven.words);
      if (!isExtended(proven.checkpoint, head, proofsConsistency))
        throw wrong("the witnesses signed another history of the hub's log than this practice");
      if (takeOne(change, library, text, proven)) follow(change);
    }
  });
}

type Proven = Extract<WitnessedEntry, { ok: true }>;

/** Whether the log that this practice countersigned goes on from the one that the witnesses signed. */
function isExtended(witnessed: Checkpoint, head: Checkpoint, proof: readonly Uint8Array[]): boolean {
  return witnessed.origin === head.origin && verifyConsistency(witnessed, head, proof);
}

/** @returns whether it is a publication that was not proved before. @throws WireRefusal proof-wrong */
function takeOne(change: Change, library: LibraryInForce, text: string, proven: Proven): boolean {
  const entry = decodeHub(proven.entry);
  if (entry.kind === hubLog.releaseReceived.kind) {
    if (!isOfReceipt(change, entry)) throw wrong("it proves the receipt of another release");
    keep(change, text, proven);
    return false;
  }
  const isPublication = entry.kind === hubLog.libraryPublished.kind;
  const { version, digest } = isPublication ? entry.body : { version: "", digest: "" };
  if (version !== library.version || digest !== library.digest.toString("hex"))
    throw wrong("it proves something else than the publication of the library in force");
  const fresh = library.queries.filter((query) => !isWitnessed(change, digestOf(query)));
  if (fresh.length === 0) return false;
  keep(change, text, proven);
  const insert = change.db.prepare("INSERT INTO witnessed_query (digest) VALUES (?)");
  for (const query of fresh) insert.run(digestOf(query));
  const { checkpoint, by } = proven;
  const at = { origin: checkpoint.origin, position: entry.position, size: checkpoint.size };
  change.note(practiceLog.publicationWitnessed, { version, digest, ...at, witnesses: by.join(", ") });
  return true;
}

function isOfReceipt(store: Reader, { position, body }: HubEntryOf<"releaseReceived">): boolean {
  const places = store.db
    .prepare<[string, bigint, Buffer, bigint], number>(
      `SELECT hub_log_index FROM receipt WHERE run = ? AND correction = ? AND withdrawn = 0 AND release_digest = ?
          AND hub_log_index > ?`,
    )
    .pluck()
    .all(
      body.run,
      BigInt(body.correction),
      Buffer.from(body.digest, "hex"),
      BigInt(receiptsOfEarlierLogs(store)),
    );
  return places.some((place) => placeOf(place).position === position);
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
  return new WireRefusal("proof-wrong", `no proof of the hub's log was taken: ${words}`);
}
