/** The keeper as a witness of the hub's log: it countersigns a checkpoint that extends the one it saw before. */
import { cosign, openCheckpoint, stampOf, verifyConsistency, type Checkpoint } from "@cairn/audit-log";
import { practiceLog } from "@cairn/ledger";
import { isName, publicKeyFromRaw, WireRefusal, type CountersignRequest__Output } from "@cairn/wire";
import { hubLogKey, setSetting, setting } from "../store/settings.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";

/** A checkpoint, and the hub's stamp that came with it (base64; null from hubs that gave none). */
interface SeenCheckpoint extends Checkpoint {
  readonly stamp: string | null;
}

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
    throw refused(store, seen, next, { consistency, fromSize });
  const isAgain = notWitnessed(store) !== null && alarmOf(store) !== "went-back";
  const isNew = !seen || seen.size !== next.size;
  if (isNew || isAgain) remember(store, next, isNew);
  const witness = { name: store.log.origin, key: store.key };
  return { cosigned: cosign(checkpoint, witness, new Date(store.now())), seenSize: next.size };
}

/** The hub's log as last countersigned; null before the first time. */
export function witnessed(store: Reader): SeenCheckpoint | null {
  return read(setting(store, "witnessed"));
}

/**
 * The newest checkpoint of the hub's that does not extend the countersigned one; null where there is none, or a
 * person has accepted it.
 */
export function notWitnessed(store: Reader): SeenCheckpoint | null {
  return read(setting(store, "not-witnessed"));
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
 * Whether the hub has shown two histories, until a person has settled it, whatever it shows besides. `forked`: it shows
 * another than the countersigned one now. `went-back`: it shows that one again. Null where one was shown, or a new log alone.
 */
export function alarmOf(store: Reader): "forked" | "went-back" | null {
  const [seen, other, went] = [witnessed(store), notWitnessed(store), setting(store, "went-back")];
  if (!seen || !other) return null;
  if (went === "yes") return "went-back";
  return went === "no" || other.origin === seen.origin ? "forked" : null;
}

/** From now on it is this checkpoint that a next one has to extend, and no other waits for a person. */
export function acceptCheckpoint(change: Change, checkpoint: SeenCheckpoint): void {
  keep(change, "witnessed", checkpoint);
  forgetOther(change);
}

/** Forgets the checkpoint that does not extend the countersigned one: a person has decided. The log holds both. */
export function forgetOther(change: Change): void {
  setSetting(change, "not-witnessed", "");
  setSetting(change, "went-back", "");
}

function keep(
  change: Change,
  as: "witnessed" | "not-witnessed",
  { origin, size, root, stamp }: SeenCheckpoint,
): void {
  setSetting(change, as, [origin, size, root.toString("hex"), stamp ?? ""].join("\n"));
}

function extendsIt(seen: Checkpoint, next: Checkpoint, proof: readonly Uint8Array[]): boolean {
  if (seen.origin !== next.origin) return false;
  if (seen.size === next.size) return seen.root.equals(next.root);
  return seen.size === 0 ? proof.length === 0 : verifyConsistency(seen, next, proof); // any log extends an empty one
}

function read(text: string | null): SeenCheckpoint | null {
  if (text === null || text === "") return null;
  const [origin = "", size, root = "", stamp = ""] = text.split("\n");
  return { origin, size: Number(size), root: Buffer.from(root, "hex"), stamp: stamp || null };
}

/** @param isNew it was not countersigned before: then the log says so */
function remember(store: KeeperStore, next: SeenCheckpoint, isNew: boolean): void {
  store.change((change) => {
    keep(change, "witnessed", next);
    if (notWitnessed(change)) setSetting(change, "went-back", "yes"); // two histories were shown: that stays
    if (isNew) change.note(practiceLog.checkpointCountersigned, facts(next));
  });
}

/** Entries that are written of refused checkpoints, at most, until a person settles it: a hub can name logs without end. */
const MOST_TOLD = 20;

/**
 * Stores an inconsistent checkpoint, for the person who has to decide: the newest. The log is told once of each log that the
 * hub shows, and of the first that contradicts one which waits for a person: that is an alarm, as two histories are.
 */
function refused(
  store: KeeperStore,
  seen: SeenCheckpoint,
  next: SeenCheckpoint,
  { consistency, fromSize }: Pick<Shown, "consistency" | "fromSize">,
): WireRefusal {
  const refusal = new WireRefusal("checkpoint-inconsistent", words(seen, next));
  const [known, alarm] = [notWitnessed(store), alarmOf(store)];
  const isKnownLog = known?.origin === next.origin;
  const isExtended = known !== null && extendsIt(known, next, consistency);
  if (isExtended && known.size === next.size && alarm !== "went-back") return refusal;
  // It was proved from elsewhere: asked for before the new log was known, or by a hub that hides what it shows.
  const isUnproved = alarm === null && isKnownLog && next.size > known.size && fromSize !== known.size;
  if (isUnproved && !isExtended) return refusal;
  store.change((change) => {
    const told = toldSinceSettled(change);
    const isTold = told.includes(next.origin);
    const goesBack = next.origin === seen.origin || isTold;
    const contradicts = known !== null && (alarm !== null || (isKnownLog ? !isExtended : goesBack));
    if (contradicts) setSetting(change, "went-back", "no"); // a log that is shown later takes no alarm back
    // Of a hub that goes back to the countersigned log the next proof says whether it is that: it is asked for from there.
    if (contradicts && alarm === null && next.origin === seen.origin && next.size > seen.size) return;
    keep(change, "not-witnessed", next);
    if ((isTold && (alarm !== null || !contradicts)) || told.length >= MOST_TOLD) return;
    const { origin: seen_origin, size: seen_size } = seen;
    change.note(practiceLog.checkpointRefused, { ...facts(next), seen_origin, seen_size });
  });
  return refusal;
}

/** The hub's logs of which a checkpoint was refused since a person settled such a thing last, as this practice's log names them. */
function toldSinceSettled(store: Reader): string[] {
  return store.db
    .prepare<[string, string, string], string>(
      `SELECT body ->> 'origin' FROM log_entry WHERE kind = ?
       AND position > (SELECT coalesce(max(position), -1) FROM log_entry WHERE kind IN (?, ?))`,
    )
    .pluck()
    .all(
      practiceLog.checkpointRefused.kind,
      practiceLog.hubLogAccepted.kind,
      practiceLog.hubLogWentBack.kind,
    );
}

function words(seen: Checkpoint, next: Checkpoint): string {
  return seen.origin === next.origin
    ? `the hub's log of ${next.size} entries does not extend the ${seen.size} that this practice saw before`
    : `the hub goes on in a new log (${next.origin}): it is countersigned once a person here has said cairn agent accept-hub-log`;
}

function facts({ origin, size, root, stamp }: SeenCheckpoint) {
  return { origin, size, root: root.toString("hex"), stamp };
}
