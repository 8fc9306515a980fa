import { cosignedAt, openCheckpoint } from "@cairn/audit-log";
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

/**
 * The hub's newest checkpoint with the proof that it extends the one the agent saw last; and where the
 * agent hands back a note that it countersigned, that is checked and kept.
 * @throws WireRefusal hub-restored, bad-signature
 */
export async function witness(
  hub: Hub,
  agent: AgentRow,
  request: WitnessRequest__Output,
): Promise<WitnessReply> {
  const { log } = hub.store;
  const size = log.size;
  const { seenSize } = request;
  if (seenSize > size) {
    throw new WireRefusal(
      "hub-restored",
      `this hub's log ends at ${size}: it came back from a backup older than what was seen`,
    );
  }
  if (request.cosigned !== "") await keepCosigned(hub, agent, request.cosigned);
  return {
    checkpoint: log.checkpoint(),
    consistency: seenSize > 0 ? log.consistency(seenSize, size) : [],
    fromSize: seenSize,
  };
}

/** The name under which a practice countersigns: its log's origin. */
function witnessName(keeperKey: Uint8Array): string {
  return `cairn-practice-${createHash("sha256").update(keeperKey).digest("hex").slice(0, 16)}`;
}

async function keepCosigned(hub: Hub, agent: AgentRow, note: string): Promise<void> {
  const { origin } = hub.store.log;
  const ours = openCheckpoint(note, { name: origin, key: publicKeyFromRaw(rawPublicKey(hub.files.logKey)) });
  const key = publicKeyFromRaw(agent.keeper_key);
  const at = cosignedAt(note, { name: witnessName(agent.keeper_key), key });
  if (!ours || !at)
    throw new WireRefusal(
      "bad-signature",
      "this is not our checkpoint with this practice's countersignature",
    );
  await hub.store.quietly(async (tx) => {
    await tx
      .insertInto("cosignature")
      .values({ agent: agent.id, size: ours.size, note, at: at.getTime() })
      .onConflict((seen) => seen.column("agent").doUpdateSet({ size: ours.size, note, at: at.getTime() }))
      .execute();
  });
}
