/** What this keeper knows of the hub's logs: the one that it countersigned, and another that waits for a person. */
import { verifyConsistency, type Checkpoint } from "@cairn/audit-log";
import { practiceLog } from "@cairn/ledger";
import { setSetting, setting } from "../store/settings.js";
import type { Change, Reader } from "../store/store.js";

/** A checkpoint, and the hub's stamp that came with it (base64; null from hubs that gave none). */
export interface ShownCheckpoint extends Checkpoint {
  readonly stamp: string | null;
}

/** A checkpoint that does not extend the countersigned one. */
interface RefusedCheckpoint extends ShownCheckpoint {
  readonly isFork: boolean; // of a log that this practice countersigned, now or before: nobody here can accept it
}

/** The hub's log as last countersigned; null before the first time. */
export function witnessed(store: Reader): ShownCheckpoint | null {
  return read(setting(store, "witnessed"));
}

/**
 * The newest checkpoint of the hub's that does not extend the countersigned one; null where there is none, or a
 * person has accepted it.
 */
export function notWitnessed(store: Reader): RefusedCheckpoint | null {
  const text = setting(store, "not-witnessed");
  const other = read(text);
  if (!other) return null;
  const isFork = text?.split("\n")[4] === "fork" || other.origin === witnessed(store)?.origin;
  return { ...other, isFork };
}

/**
 * The number of entries from which the hub is to prove its next checkpoint: of the new log that waits for a person, where one does
 * and there is no alarm, so that it too has one history; else of the countersigned one. 0 before the first.
 */
export function provedFrom(store: Reader): number {
  const waiting = alarmOf(store) === null ? notWitnessed(store) : null;
  return (waiting ?? witnessed(store))?.size ?? 0;
}

/**
 * Whether the hub has shown two histories, or more new logs than anybody would begin, until a person has settled it, whatever
 * it shows besides. `forked`: it shows another than the countersigned one now. `went-back`: it shows that one again. Null where
 * one was shown, or a new log alone.
 */
export function alarmOf(store: Reader): "forked" | "went-back" | null {
  const [seen, other, went] = [witnessed(store), notWitnessed(store), setting(store, "went-back")];
  if (!seen || !other) return null;
  if (went === "yes") return "went-back";
  return went === "no" || other.isFork ? "forked" : null;
}

/** Keeps what was countersigned, or accepted by a person: it is this that a next checkpoint has to extend. */
export function keepWitnessed(change: Change, checkpoint: ShownCheckpoint): void {
  setSetting(change, "witnessed", written(checkpoint).join("\n"));
}

/** Keeps what does not extend the countersigned log, for the person who has to decide. */
export function keepOther(change: Change, other: RefusedCheckpoint): void {
  setSetting(change, "not-witnessed", [...written(other), other.isFork ? "fork" : ""].join("\n"));
}

/** Forgets the checkpoint that does not extend the countersigned one: a person has decided. The log holds both. */
export function forgetOther(change: Change): void {
  setSetting(change, "not-witnessed", "");
  setSetting(change, "went-back", "");
}

/** A checkpoint that this practice's log holds. */
interface NotedCheckpoint extends Checkpoint {
  readonly position: number; // of its entry in this practice's log
}

/** The newest checkpoint of a log that this practice has countersigned, now or before; null for any other log. */
export function countersignedOf(store: Reader, origin: string): NotedCheckpoint | null {
  const kinds = [practiceLog.checkpointCountersigned.kind, practiceLog.hubLogAccepted.kind];
  return told(store, kinds, -1).findLast((each) => each.origin === origin) ?? null;
}

/** The checkpoints that were refused since a person settled such a thing last, as this practice's log names them. */
export function undecidedCheckpoints(store: Reader): NotedCheckpoint[] {
  const settled = store.db
    .prepare<[string, string], number | null>("SELECT max(position) FROM log_entry WHERE kind IN (?, ?)")
    .pluck()
    .get(practiceLog.hubLogAccepted.kind, practiceLog.hubLogWentBack.kind);
  return told(store, [practiceLog.checkpointRefused.kind], settled ?? -1);
}

/** Whether the hub has proved that the one log is the other, gone on or as it was. */
export function extendsIt(from: Checkpoint, to: Checkpoint, proof: readonly Uint8Array[]): boolean {
  if (from.origin !== to.origin) return false;
  if (from.size === to.size) return from.root.equals(to.root);
  return from.size === 0 ? proof.length === 0 : verifyConsistency(from, to, proof); // any log extends an empty one
}

function told(store: Reader, kinds: readonly string[], after: number): NotedCheckpoint[] {
  return store.db
    .prepare<[string, number], { position: number; origin: string; size: number; root: string | null }>(
      `SELECT position, body ->> 'origin' AS origin, body ->> 'size' AS size, body ->> 'root' AS root FROM log_entry
       WHERE kind IN (SELECT value FROM json_each(?)) AND position > ? ORDER BY position`,
    )
    .all(JSON.stringify(kinds), after)
    .map(({ root, ...rest }) => ({ ...rest, root: Buffer.from(root ?? "", "hex") }));
}

function written({ origin, size, root, stamp }: ShownCheckpoint): string[] {
  return [origin, String(size), root.toString("hex"), stamp ?? ""];
}

function read(text: string | null): ShownCheckpoint | null {
  if (text === null || text === "") return null;
  const [origin = "", size, root = "", stamp = ""] = text.split("\n");
  return { origin, size: Number(size), root: Buffer.from(root, "hex"), stamp: stamp || null };
}
