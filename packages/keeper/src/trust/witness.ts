/** The keeper as a witness of the hub's log: it countersigns a checkpoint that extends the one it saw before. */
import { cosign, openCheckpoint, stampOf } from "@cairn/audit-log";
import { practiceLog } from "@cairn/ledger";
import { isName, publicKeyFromRaw, WireRefusal, type CountersignRequest__Output } from "@cairn/wire";
import { hubLogKey, setSetting } from "../store/settings.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { refused, type CheckpointProof } from "./refused.js";
import {
  alarmOf,
  extendsIt,
  keepWitnessed,
  notWitnessed,
  witnessed,
  type ShownCheckpoint,
} from "./shown-logs.js";

type Shown = Pick<CountersignRequest__Output, "checkpoint" | "consistency" | "fromSize">;

/**
 * Countersigns a checkpoint.
 * @returns it with the practice's countersignature, and its size.
 * @throws WireRefusal not-enrolled, bad-signature, checkpoint-inconsistent (both checkpoints are kept as evidence)
 */
export function countersign(
  store: KeeperStore,
  { checkpoint, consistency, fromSize }: Shown,
): { cosigned: string; seenSize: number } {
  const key = hubLogKey(store);
  if (!key) throw new WireRefusal("not-enrolled", "this keeper has not been told which hub's log to believe");
  const hub = { name: checkpoint.slice(0, checkpoint.indexOf("\n")), key: publicKeyFromRaw(key) };
  if (!isName(hub.name))
    throw new WireRefusal("bad-request", "the hub's log has no name that can be printed");
  const opened = openCheckpoint(checkpoint, hub);
  if (!opened)
    throw new WireRefusal("bad-signature", "the checkpoint does not bear the signature of the hub's log");
  const next = { ...opened, stamp: stampOf(checkpoint, hub) };
  if (!isCountersigned(store, next)) {
    const refusal = store.change((change) => take(change, { next, consistency, fromSize }));
    if (refusal) throw refusal;
  }
  const witness = { name: store.log.origin, key: store.key };
  return { cosigned: cosign(checkpoint, witness, new Date(store.now())), seenSize: next.size };
}

function isCountersigned(store: Reader, next: ShownCheckpoint): boolean {
  const seen = witnessed(store);
  if (seen?.origin !== next.origin || seen.size !== next.size || notWitnessed(store)) return false;
  return seen.root.equals(next.root);
}

/**
 * Keeps the checkpoint as the countersigned one, or as one that does not extend it. What was countersigned is read in the same
 * change: a person may accept another log in another process at this moment.
 * @returns the refusal, for the hub; null where it is countersigned.
 */
function take(change: Change, shown: CheckpointProof): WireRefusal | null {
  const { next, consistency } = shown;
  const seen = witnessed(change);
  if (seen && !extendsIt(seen, next, consistency)) return refused(change, seen, shown);
  const isNew = !seen || seen.size !== next.size;
  const isAgain = notWitnessed(change) !== null && alarmOf(change) !== "went-back";
  if (!isNew && !isAgain) return null;
  keepWitnessed(change, next);
  if (notWitnessed(change)) setSetting(change, "went-back", "yes"); // two histories were shown: that stays
  const { origin, size, root, stamp } = next;
  if (isNew)
    change.note(practiceLog.checkpointCountersigned, { origin, size, root: root.toString("hex"), stamp });
  return null;
}
