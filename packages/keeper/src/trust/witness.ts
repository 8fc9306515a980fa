/** The keeper as a witness of the hub's log: it countersigns a checkpoint that extends the one it saw before. */
import { cosign, openCheckpoint, verifyConsistency, type Checkpoint } from "@cairn/audit-log";
import { isName, publicKeyFromRaw, WireRefusal, type CountersignRequest__Output } from "@cairn/wire";
import { hubLogKey, setSetting, setting } from "../practice/settings.js";
import type { KeeperStore } from "../store/store.js";

/**
 * @returns the checkpoint with the practice's countersignature, and its size.
 * @throws WireRefusal not-enrolled, bad-signature, checkpoint-inconsistent (which the log remembers)
 */
export function countersign(
  store: KeeperStore,
  { checkpoint, consistency }: CountersignRequest__Output,
): { cosigned: string; seenSize: number } {
  const key = hubLogKey(store);
  if (!key) throw new WireRefusal("not-enrolled", "this keeper has not been told which hub's log to believe");
  const origin = checkpoint.slice(0, checkpoint.indexOf("\n"));
  if (!isName(origin)) throw new WireRefusal("bad-request", "the hub's log has no name that can be printed");
  const next = openCheckpoint(checkpoint, { name: origin, key: publicKeyFromRaw(key) });
  if (!next)
    throw new WireRefusal("bad-signature", "the checkpoint does not bear the signature of the hub's log");
  const seen = witnessed(store);
  if (seen && (seen.origin !== next.origin || !verifyConsistency(seen, next, consistency))) {
    store.change("witness", () =>
      store.note("checkpoint-refused", { origin: next.origin, size: next.size, seenSize: seen.size }),
    );
    throw new WireRefusal(
      "checkpoint-inconsistent",
      `the hub's log of ${next.size} entries does not extend the ${seen.size} that this practice saw before`,
    );
  }
  if (!seen || seen.size !== next.size) remember(store, next);
  const witness = { name: store.log.origin, key: store.key };
  return { cosigned: cosign(checkpoint, witness, new Date(store.now())), seenSize: next.size };
}

/** The hub's log as last countersigned; null before the first time. */
export function witnessed(store: KeeperStore): Checkpoint | null {
  const text = setting(store, "witnessed");
  if (text === null) return null;
  const [origin = "", size, root = ""] = text.split("\n");
  return { origin, size: Number(size), root: Buffer.from(root, "hex") };
}

function remember(store: KeeperStore, { origin, size, root }: Checkpoint): void {
  store.change("witness", () => {
    setSetting(store, "witnessed", [origin, size, root.toString("hex")].join("\n"));
    store.note("checkpoint-countersigned", { origin, size, root: root.toString("hex") });
  });
}
