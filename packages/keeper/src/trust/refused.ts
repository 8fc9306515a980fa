/**
 * What a checkpoint that does not extend the countersigned log is, by what is known, and what is done with it. It is never
 * countersigned; the first line that fits says what it is. "Waiting": the checkpoint of another log that was kept last.
 *
 * | what the hub shows                                                        | it is           | kept    | noted | alarm |
 * | ------------------------------------------------------------------------- | --------------- | ------- | ----- | ----- |
 * | the waiting checkpoint again                                              | `again`         |         |       |       |
 * | an earlier checkpoint of the waiting log, as it was noted                 | `late`          |         |       |       |
 * | the countersigned log, longer, while another waits: proved from elsewhere | `unproved-back` |         | yes   | yes   |
 * | a log countersigned now or before: other root, shorter, or not proved     | `fork`          | as fork | once  | yes   |
 * | the waiting log, longer and proved                                        | `goes-on`       | yes     |       |       |
 * | the waiting log, longer, not proved from where it waits                   | `unproved`      |         |       |       |
 * | the waiting log, otherwise; or a log that the hub left for that           | `two-histories` | yes     | once  | yes   |
 * | one log more than MOST_LOGS                                               | `too-many`      | yes     | once  | yes   |
 * | any other log                                                             | `new`           | yes     | once  |       |
 *
 * Under an alarm what is shown is `again`, `fork` or, for short, `two-histories`: kept, so that a person sees what is shown now.
 * After the hub went back, the waiting checkpoint again is two histories too.
 */
import type { Checkpoint } from "@cairn/audit-log";
import { practiceLog } from "@cairn/ledger";
import { WireRefusal } from "@cairn/wire";
import { setSetting } from "../store/settings.js";
import type { Change, Reader } from "../store/store.js";
import {
  alarmOf,
  countersignedOf,
  extendsIt,
  keepOther,
  notWitnessed,
  undecidedCheckpoints,
  type ShownCheckpoint,
} from "./shown-logs.js";

/** Logs that are noted, at most, until a person settles it: a hub can name logs without end. */
export const MOST_LOGS = 20;

type Verdict =
  "again" | "late" | "unproved-back" | "fork" | "goes-on" | "unproved" | "two-histories" | "too-many" | "new";

const IGNORED: readonly Verdict[] = ["again", "late", "unproved"];
const ALARMS: readonly Verdict[] = ["unproved-back", "fork", "two-histories", "too-many"];

/** A checkpoint with the proof of the hub that it extends the one of `fromSize` entries. */
export interface CheckpointProof {
  readonly next: ShownCheckpoint;
  readonly consistency: readonly Uint8Array[];
  readonly fromSize: number;
}

/**
 * Keeps and notes a checkpoint that does not extend the countersigned one, as the table says.
 * @returns the refusal, for the hub.
 */
export function refused(change: Change, seen: ShownCheckpoint, shown: CheckpointProof): WireRefusal {
  const { next } = shown;
  const verdict = judged(change, seen, shown);
  const against = verdict === "fork" ? (countersignedOf(change, next.origin) ?? seen) : seen;
  const refusal = new WireRefusal("checkpoint-inconsistent", words(against, next));
  if (IGNORED.includes(verdict)) return refusal;
  const isNoted = isToBeNoted(change, next, verdict);
  if (ALARMS.includes(verdict)) setSetting(change, "went-back", "no"); // a log that is shown later takes no alarm back
  // Whether the hub goes back to the countersigned log its next proof says: it is asked for from there.
  if (verdict !== "unproved-back") keepOther(change, { ...next, isFork: verdict === "fork" });
  if (isNoted) note(change, against, next);
  return refusal;
}

function judged(store: Reader, seen: ShownCheckpoint, shown: CheckpointProof): Verdict {
  const [waiting, alarm] = [notWitnessed(store), alarmOf(store)];
  const { next, consistency, fromSize } = shown;
  const isWaitingLog = waiting?.origin === next.origin;
  const goesOn = waiting !== null && extendsIt(waiting, next, consistency);
  if (goesOn && waiting.size === next.size && alarm !== "went-back") return "again";
  if (alarm === null && isWaitingLog && next.size < waiting.size && isTold(store, next)) return "late";
  if (next.origin === seen.origin)
    return waiting && alarm === null && next.size > seen.size ? "unproved-back" : "fork";
  const before = countersignedOf(store, next.origin);
  const isProved = before === null || extendsIt(before, next, consistency) || (goesOn && !waiting.isFork);
  if (!isProved) return "fork";
  if (alarm !== null) return "two-histories";
  if (goesOn) return "goes-on";
  // It was proved from elsewhere: asked for before the new log was known, or by a hub that hides what it shows.
  if (isWaitingLog)
    return next.size > waiting.size && fromSize !== waiting.size ? "unproved" : "two-histories";
  const logs = logsRefused(store);
  if (logs.has(next.origin)) return "two-histories";
  return logs.size >= MOST_LOGS ? "too-many" : "new";
}

/**
 * Whether this practice's log is to hold the checkpoint: once of each log, of a fork once since that log was countersigned last,
 * and of what begins the alarm always. The bound leaves out no fork and no alarm's beginning.
 */
function isToBeNoted(store: Reader, next: ShownCheckpoint, verdict: Verdict): boolean {
  if (verdict === "goes-on") return false;
  if (ALARMS.includes(verdict) && alarmOf(store) === null) return true;
  const told = undecidedCheckpoints(store);
  const since = verdict === "fork" ? (countersignedOf(store, next.origin)?.position ?? -1) : -1;
  if (told.some((each) => each.origin === next.origin && each.position > since)) return false;
  return verdict === "fork" || told.length < MOST_LOGS;
}

/** The hub's logs of which a checkpoint was refused since a person settled such a thing last. */
export function logsRefused(store: Reader): ReadonlySet<string> {
  return new Set(undecidedCheckpoints(store).map(({ origin }) => origin));
}

function isTold(store: Reader, { origin, size, root }: ShownCheckpoint): boolean {
  return undecidedCheckpoints(store).some(
    (each) => each.origin === origin && each.size === size && each.root.equals(root),
  );
}

function note(change: Change, against: Checkpoint, { origin, size, root, stamp }: ShownCheckpoint): void {
  const refused = { origin, size, root: root.toString("hex"), stamp };
  const seen = { seen_origin: against.origin, seen_size: against.size };
  change.note(practiceLog.checkpointRefused, { ...refused, ...seen });
}

function words(against: Checkpoint, next: Checkpoint): string {
  return against.origin === next.origin
    ? `the hub's log of ${next.size} entries does not extend the ${against.size} that this practice saw before`
    : `the hub goes on in a new log (${next.origin}): it is countersigned once a person here has said cairn agent accept-hub-log`;
}
