import { cosignedAt, openCheckpoint, type AuditLog } from "@cairn/audit-log";
import {
  publicKeyFromRaw,
  rawPublicKey,
  WireRefusal,
  type WitnessReply,
  type WitnessRequest__Output,
} from "@cairn/wire";
import { createHash } from "node:crypto";
import type { Hub } from "../hub.js";
import type { AgentRow } from "../store/tables.js";
import { policyOrNone, proofsFor } from "../witnesses/proofs.js";

/**
 * The hub's newest checkpoint with the proof that it extends the one the agent saw last; and where the
 * agent hands back a note that it countersigned, that is checked and kept. Where the hub began a new log since, there is
 * no such proof: the checkpoint goes without one, and a person at the practice decides. With it go the proofs that the
 * agent asks for, as far as witnesses have signed.
 * @throws WireRefusal hub-restored, bad-signature
 */
export async function witness(
  hub: Hub,
  agent: AgentRow,
  request: WitnessRequest__Output,
): Promise<WitnessReply> {
  const { seenSize } = request;
  if (request.cosigned !== "") await keepCosigned(hub, agent, request.cosigned);
  const policy = await policyOrNone(hub);
  return hub.store.settledLog((log) => ({
    ...headAfter(hub, log, seenSize),
    ...proofsFor(log, policy, agent.practice, request),
  }));
}

/**
 * The log's head with the proof that it extends the one of `seenSize` entries.
 * @throws WireRefusal hub-restored
 */
export function headAfter({ files }: Hub, log: AuditLog, seenSize: number): HeadMessage {
  const { size } = log;
  if (seenSize > size && log.origin === files.origin) {
    throw new WireRefusal(
      "hub-restored",
      `this hub's log ends at ${size}: it was put back to an older state than the last one seen (cairn hub new-log goes on at the hub)`,
    );
  }
  return {
    checkpoint: log.stampedCheckpoint(),
    consistency: seenSize > 0 && seenSize <= size ? log.consistency(seenSize, size) : [],
    fromSize: seenSize,
  };
}

type HeadMessage = Required<Pick<WitnessReply, "checkpoint" | "consistency" | "fromSize">>;

/** The name under which a practice countersigns: its log's origin. */
export function witnessName(keeperKey: Uint8Array): string {
  return `cairn-practice-${createHash("sha256").update(keeperKey).digest("hex").slice(0, 16)}`;
}

async function keepCosigned(hub: Hub, agent: AgentRow, note: string): Promise<void> {
  const { log } = hub.store;
  const ours = openCheckpoint(note, {
    name: log.origin,
    key: publicKeyFromRaw(rawPublicKey(hub.files.logKey)),
  });
  const witness = { name: witnessName(agent.keeper_key), key: publicKeyFromRaw(agent.keeper_key) };
  if (!ours || !cosignedAt(note, witness) || ours.size > log.size || !log.root(ours.size).equals(ours.root))
    throw new WireRefusal(
      "bad-signature",
      "this is not our checkpoint with this practice's countersignature",
    );
  await hub.store.quietly(async () => log.keepCosigned(witness.name, note, ours.size));
}
