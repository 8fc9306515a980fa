/** The keeper as a witness of the hub's log: it countersigns a checkpoint that extends the one it saw before. */
import { cosign, openCheckpoint, stampOf } from "@cairn/audit-log";
import { practiceLog } from "@cairn/ledger";
import { isName, publicKeyFromRaw, WireRefusal, type CountersignRequest__Output } from "@cairn/wire";
import { hubLogKey, setSetting } from "../store/settings.js";
import type { KeeperStore } from "../store/store.js";
import { refused } from "./refused.js";
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
  const seen = witnessed(store);
  if (seen && !extendsIt(seen, next, consistency))
    throw refused(store, seen, { next, consistency, fromSize });
  const isAgain = notWitnessed(store) !== null && alarmOf(store) !== "went-back";
  const isNew = !seen || seen.size !== next.size;
  if (isNew || isAgain) remember(store, next, isNew);
  const witness = { name: store.log.origin, key: store.key };
  return { cosigned: cosign(checkpoint, witness, new Date(store.now())), seenSize: next.size };
}

/** @param isNew it was not countersigned before: then the log says so */
function remember(store: KeeperStore, next: ShownCheckpoint, isNew: boolean): void {
  store.change((change) => {
    keepWitnessed(change, next);
    if (notWitnessed(change)) setSetting(change, "went-back", "yes"); // two histories were shown: that stays
    const { origin, size, root, stamp } = next;
    if (isNew)
      change.note(practiceLog.checkpointCountersigned, { origin, size, root: root.toString("hex"), stamp });
  });
}
