/** The state of the hub's log for a person at the practice, who decides about a new one. */
import { practiceLog, type Actor } from "@cairn/ledger";
import { WireRefusal } from "@cairn/wire";
import { KeeperError } from "../errors.js";
import { setSetting } from "../store/settings.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { logsRefused, MOST_LOGS } from "./refused.js";
import {
  alarmOf,
  countersignedOf,
  forgetOther,
  keepWitnessed,
  notWitnessed,
  witnessed,
} from "./shown-logs.js";

export interface HubLog {
  /**
   * The state of the hub's log. `none`: nothing was countersigned yet. `countersigned`: all is as it should be.
   * `new-log`: the hub came back from a backup and goes on in a new log, which a person here has to accept. `forked`:
   * it shows two histories of one log, also of a new one that waits or of one countersigned before, or more new logs than anybody
   * would begin, or did and shows a new log now. `went-back`: it did, or
   * showed another log, and has gone back to the countersigned one. The last two stay, the one or the other, until a person
   * here has said that this is settled.
   */
  readonly state: "none" | "countersigned" | "new-log" | "forked" | "went-back";
  readonly size: number; // entries of the hub's log that this practice countersigned
  readonly words: string; // what is so, and what to do
}

export function hubLog(store: Reader): HubLog {
  const [seen, other] = [witnessed(store), notWitnessed(store)];
  if (!seen) return { state: "none", size: 0, words: "nothing of the hub's log has been countersigned yet" };
  const { size } = seen;
  if (!other)
    return { state: "countersigned", size, words: `countersigned up to ${size} entries of the hub's log` };
  const alarm = alarmOf(store);
  if (alarm === "went-back") {
    const words =
      `the hub showed a log of ${other.size} entries (${other.origin}) that does not extend the one which this practice countersigned, and has gone back ` +
      "to that: nothing new of this hub is taken, and both are kept as evidence (cairn agent log --json). Ask the hub's operator what happened, then say cairn agent accept-hub-log";
    return { state: alarm, size, words };
  }
  if (other.isFork) {
    const held = other.origin === seen.origin ? seen : countersignedOf(store, other.origin);
    const words =
      `the hub shows a log of ${other.size} entries (${other.origin}) that does not extend the ${held?.size ?? size} which this practice countersigned: nothing of it ` +
      "is countersigned, no library of this hub is taken, and both are kept as evidence (cairn agent log --json). Ask the hub's operator what happened; after a restore they begin a new log (cairn hub new-log)";
    return { state: "forked", size, words };
  }
  if (alarm === "forked") {
    const words =
      `the hub showed ${shownBefore(store)}, and goes on in a new log (${other.origin}): nothing new of this hub is taken, and all are kept as ` +
      "evidence (cairn agent log --json). Ask the hub's operator what happened; cairn agent accept-hub-log then accepts the new log";
    return { state: alarm, size, words };
  }
  const words =
    `the hub goes on in a new log (${other.origin}), as after a restore from a backup: nothing of it is countersigned until a person here ` +
    "says cairn agent accept-hub-log. Ask the hub's operator first whether they restored it, and when";
  return { state: "new-log", size, words };
}

/**
 * Checks that the hub shows one history of its log: where it shows two, or did and nobody here has settled that, nothing new of it is taken, and what was accepted
 * goes on.
 * @throws WireRefusal checkpoint-inconsistent
 */
export function assertOneHistory(store: Reader): void {
  if (alarmOf(store))
    throw new WireRefusal("checkpoint-inconsistent", `nothing new is taken: ${hubLog(store).words}`);
}

/**
 * Accepts the hub's new log, which is countersigned from now on; or, where the hub has gone back to the countersigned log,
 * that one, so that new things are taken again. What was countersigned and what was refused stay in this practice's log.
 * @param by the person.
 * @returns what was done, in words.
 * @throws KeeperError hub-log-settled, hub-log-forked
 */
export function acceptHubLog(store: KeeperStore, by: Actor): string {
  return store.change((change) => {
    const alarm = alarmOf(change);
    if (alarm === "went-back") return acceptWentBack(change, by);
    const [seen, other] = [witnessed(change), notWitnessed(change)];
    if (!seen || !other)
      throw new KeeperError(
        "hub-log-settled",
        "the hub shows no other log than the one that is countersigned: nothing waits to be accepted",
      );
    if (other.isFork) throw new KeeperError("hub-log-forked", hubLog(change).words);
    const though = alarm ? `, though the hub showed ${shownBefore(change)} before it` : "";
    keepWitnessed(change, other);
    forgetOther(change);
    askForProofsIn(change, other.origin);
    setSetting(change, "comparisons-from", "1"); // places in the new log may be before those of the old
    change.note(practiceLog.hubLogAccepted, {
      origin: other.origin,
      size: other.size,
      root: other.root.toString("hex"),
      stamp: other.stamp,
      old_origin: seen.origin,
      old_size: seen.size,
      by,
    });
    return `the hub's new log ${other.origin} is accepted${though}, and countersigned from now on; this practice's log says by whom`;
  });
}

/** What made the alarm over a new log, in words. */
function shownBefore(store: Reader): string {
  return logsRefused(store).size > MOST_LOGS ? `more than ${MOST_LOGS} logs` : "two histories";
}

function acceptWentBack(change: Change, by: Actor): string {
  const [seen, other] = [witnessed(change), notWitnessed(change)];
  if (!seen || !other) throw new Error("what was taken back was shown");
  forgetOther(change);
  change.note(practiceLog.hubLogWentBack, {
    origin: other.origin,
    size: other.size,
    root: other.root.toString("hex"),
    stamp: other.stamp,
    seen_origin: seen.origin,
    seen_size: seen.size,
    by,
  });
  return `the hub's log ${seen.origin} is taken from again, though the hub showed another; this practice's log holds both and says who accepted it`;
}

/**
 * Receipts that came once the hub had shown this log are to be proved in it, from now on; of older ones that were not
 * proved no proof is asked for, as their log is gone. What tells them apart is this practice's own log.
 */
function askForProofsIn(change: Change, origin: string): void {
  change.db
    .prepare(
      `UPDATE receipt SET awaited_from = ?, proof = iif((run, correction) IN (
         SELECT body ->> 'run', body ->> 'correction' FROM log_entry WHERE kind = ? AND position > (
           SELECT min(position) FROM log_entry WHERE kind = ? AND body ->> 'origin' = ?)), 'awaited', 'not-asked')
       WHERE proof = 'awaited'`,
    )
    .run(BigInt(change.now()), practiceLog.receipt.kind, practiceLog.checkpointRefused.kind, origin);
}

/** The newest place of a receipt in the hub's logs before the one that a person accepted last; -1 where there was one log alone. */
export function receiptsOfEarlierLogs(store: Reader): number {
  return (
    store.db
      .prepare<[string, string, string], number | null>(
        `SELECT max(body ->> 'hub_log_index') FROM log_entry WHERE kind IN (?, ?)
         AND position < (SELECT max(position) FROM log_entry WHERE kind = ?)`,
      )
      .pluck()
      .get(practiceLog.receipt.kind, practiceLog.useReceipt.kind, practiceLog.hubLogAccepted.kind) ?? -1
  );
}
