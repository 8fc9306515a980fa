/**
 * Gathers witnesses' signatures. All of them are asked for one checkpoint, so that a quorum can form on it; the next one
 * is made when that is reached, or an hour old, and the log has grown.
 */
import {
  cosignedAt,
  joinCosignatures,
  peekCheckpoint,
  printWitnessRequest,
  quorum,
  stampedAt,
  stampOf,
  type AuditLog,
  type Policy,
} from "@cairn/audit-log";
import type { Hub } from "../hub.js";
import { logSigner, policyInForce } from "./policy.js";

/** Names under which the log keeps the two notes; no witness of a practice has such a name. */
const GATHERING = "witnesses/gathering";
export const REACHED = "witnesses/quorum";

const GATHER_MS = 60 * 60_000;

/**
 * The request for a witness's signature of the present checkpoint.
 * @param from the size of what the witness signed last, 0 for nothing; beyond the checkpoint's size it counts as that.
 * @returns null where the hub has no witness policy
 * @throws HubError policy-wrong
 */
export async function requestFor(hub: Hub, from: number): Promise<string | null> {
  const policy = await policyInForce(hub);
  if (!policy) return null;
  return hub.store.settledLog((log) => {
    const note = presentNote(hub, log, policy);
    const size = peekCheckpoint(note)?.size ?? 0;
    const old = Math.min(from, size);
    return printWitnessRequest({ old, proof: log.consistency(old, size), note });
  });
}

/** A witness of the policy, and when it last signed; null where it signed neither checkpoint that the hub keeps. */
interface WitnessState {
  readonly called: string;
  readonly name: string;
  readonly signedAt: Date | null;
}

/** Lists the witnesses of the policy; null where the library has none. @throws HubError policy-wrong */
export async function witnessStates(hub: Hub): Promise<WitnessState[] | null> {
  const policy = await policyInForce(hub);
  if (!policy) return null;
  const notes = await hub.store.settledLog((log) => [log.cosignedBy(GATHERING), log.cosignedBy(REACHED)]);
  return policy.witnesses.map((witness) => {
    const times = notes.map((note) => cosignedAt(note ?? "", witness)?.getTime() ?? -Infinity);
    const last = Math.max(...times);
    return { called: witness.called, name: witness.name, signedAt: last > 0 ? new Date(last) : null };
  });
}

/** An answer to signatures that were handed in. */
export type WitnessOutcome = "kept" | "no-policy" | "not-the-checkpoint" | "no-signature";

/**
 * Keeps what witnesses of the policy signed on the present checkpoint.
 * @param note the checkpoint with their lines
 * @throws HubError policy-wrong
 */
export async function keepCosignatures(hub: Hub, note: string): Promise<WitnessOutcome> {
  const policy = await policyInForce(hub);
  if (!policy) return "no-policy";
  return hub.store.settledLog((log) => {
    const present = presentNote(hub, log, policy);
    const joined = joinCosignatures(present, note, logSigner(hub), policy.witnesses);
    if (joined === null) return "not-the-checkpoint";
    if (policy.witnesses.every((witness) => cosignedAt(note, witness) === null)) return "no-signature";
    const { size } = peekCheckpoint(present) ?? { size: 0 };
    log.keepCosigned(GATHERING, joined, size);
    if (quorum(policy, joined).ok) log.keepCosigned(REACHED, joined, size);
    return "kept";
  });
}

function presentNote(hub: Hub, log: AuditLog, policy: Policy): string {
  const kept = log.cosignedBy(GATHERING);
  if (kept !== null && !isOver(hub, log, policy, kept)) return kept;
  const note = log.stampedCheckpoint();
  log.keepCosigned(GATHERING, note, log.size);
  return note;
}

function isOver(hub: Hub, log: AuditLog, policy: Policy, note: string): boolean {
  const checkpoint = peekCheckpoint(note);
  if (!checkpoint || checkpoint.size >= log.size) return false;
  const signer = logSigner(hub);
  const madeAt = stampedAt(checkpoint, stampOf(note, signer) ?? "", signer)?.getTime() ?? 0;
  return quorum(policy, note).ok || hub.settings.now() - madeAt >= GATHER_MS;
}
