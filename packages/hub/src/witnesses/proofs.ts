/** Proves entries of the hub's log to a practice, each under the newest checkpoint that the policy's quorum signed. */
import {
  peekCheckpoint,
  placeOf,
  printEntryProof,
  quorum,
  type AuditLog,
  type Policy,
} from "@cairn/audit-log";
import { hubLog } from "@cairn/ledger";
import type { WitnessRequest__Output } from "@cairn/wire";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { REACHED } from "./gather.js";
import { policyInForce } from "./policy.js";

/** The policy in force; null also where it does not name the present log, as after a restore. */
export async function policyOrNone(hub: Hub): Promise<Policy | null> {
  return policyInForce(hub).catch((error: unknown) => {
    if (error instanceof HubError) return null;
    throw error;
  });
}

/** Size of the newest checkpoint with the quorum that is kept; 0 for none. */
export function quorumSize(log: AuditLog): number {
  return peekCheckpoint(log.cosignedBy(REACHED) ?? "")?.size ?? 0;
}

interface Proofs {
  readonly proofs: string[];
  readonly proofsConsistency: Buffer[];
}

/**
 * The proofs of what an agent asks for: publications of the library, and receipts of its own practice alone. What is not
 * under the checkpoint yet is left out.
 * @param policy in force; null proves nothing
 * @param practice the agent's
 */
export function proofsFor(
  log: AuditLog,
  policy: Policy | null,
  practice: string,
  { unproved, unprovedLibrary }: Pick<WitnessRequest__Output, "unproved" | "unprovedLibrary">,
): Proofs {
  const note = log.cosignedBy(REACHED);
  const verdict = policy && note !== null ? quorum(policy, note) : null;
  if (note === null || !verdict?.ok) return { proofs: [], proofsConsistency: [] };
  const { size } = verdict.checkpoint;
  const receipts = unproved
    .map(placeOf)
    .filter(({ number, position }) => number === log.number && position < size)
    .map(({ position }) => position)
    .filter((position) => isReceiptOf(log, position, practice));
  const proofs = [...publicationOf(log, unprovedLibrary, size), ...receipts].map((position) =>
    printEntryProof({
      extra: Buffer.from(log.lineAt(position)),
      index: position,
      proof: log.inclusion(position, size),
      note,
    }),
  );
  return { proofs, proofsConsistency: proofs.length > 0 ? log.consistency(size) : [] };
}

/** The newest publication of a version among the first entries; none where there is none. */
function publicationOf(log: AuditLog, version: string, size: number): number[] {
  if (version === "") return [];
  for (const { position, body } of log.newestOf(hubLog.libraryPublished.kind))
    if (position < size && body["version"] === version) return [position];
  return [];
}

function isReceiptOf(log: AuditLog, at: number, practice: string): boolean {
  const [entry] = log.entries(at);
  return entry?.kind === hubLog.releaseReceived.kind && entry.body["practice"] === practice;
}
