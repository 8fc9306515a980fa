/**
 * Groups whose accepted charter says `witness: required`: their questions wait until a publication that holds them is
 * proved under the witnesses' quorum, and receipts of what left for them are to be proved so within seven days.
 */
import { joinNames } from "@cairn/ledger";
import type { WireRefusal } from "@cairn/wire";
import type { Reader } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import { isWitnessed, witnessPolicy } from "../trust/proofs.js";
import { acceptedCharter } from "./charters.js";
import { allGroups } from "./groups.js";

/** Time in ms within which a receipt is to be proved: from the receipt, or from the charter that first asked for it. */
const PROVED_WITHIN_MS = 7 * 86_400_000;

/** Whether a query version waits for the group until its publication is proved. */
export function waitsForWitness(store: Reader, group: string, digest: Buffer): boolean {
  return needsWitness(store, group) && !isWitnessed(store, digest);
}

function needsWitness(store: Reader, group: string): boolean {
  return acceptedCharter(store, group)?.charter.witness === "required";
}

function groupsWithWitness(store: Reader): string[] {
  return allGroups(store)
    .filter(({ group, state }) => state === "joined" && needsWitness(store, group))
    .map(({ group }) => group);
}

/** The version of the library whose publication is still to be proved here; "" where none is waited for. */
export function unprovedLibrary(store: Reader, library: LibraryInForce | null): string {
  if (!library || groupsWithWitness(store).length === 0 || !witnessPolicy(store)) return "";
  const isProved = library.queries.every(({ digest }) => isWitnessed(store, Buffer.from(digest, "hex")));
  return isProved ? "" : library.version;
}

/** A receipt that is not proved yet. `since`: from when its seven days count, in ms since 1970. */
interface UnprovedReceipt {
  readonly place: number; // in the hub's log, as it names it
  readonly since: number;
}

/** The receipts that are still to be proved, newest first: those that cannot be proved keep no later one from being asked for. */
export function unprovedReceipts(store: Reader): UnprovedReceipt[] {
  const groups = groupsWithWitness(store);
  if (groups.length === 0) return [];
  return store.db
    .prepare<[string], UnprovedReceipt>(
      `SELECT receipt.hub_log_index AS place, min(max(receipt.awaited_from, own.accepted_at)) AS since
         FROM receipt
         JOIN release_use AS used ON used.run = receipt.run AND used.correction = receipt.correction AND used.ended = 0
         JOIN charter_accepted AS own ON own.grp = used.grp
        WHERE receipt.withdrawn = 0 AND receipt.proof = 'awaited'
          AND used.grp IN (SELECT value FROM json_each(?))
        GROUP BY receipt.run, receipt.correction ORDER BY receipt.awaited_from DESC, receipt.hub_log_index DESC`,
    )
    .all(JSON.stringify(groups));
}

/** Something of the witnesses that a person should know, with what to do. */
export interface WitnessProblem {
  readonly code: Extract<WireRefusal["code"], "waiting-for-witness"> | "receipts-unwitnessed";
  readonly words: string;
}

/** Why questions wait for witnesses; null where none does. */
export function witnessWait(store: Reader): WitnessProblem | null {
  const groups = store.db
    .prepare<[], string>("SELECT DISTINCT grp FROM request WHERE state = 'waiting-for-witness' ORDER BY grp")
    .pluck()
    .all();
  if (groups.length === 0) return null;
  const who = `questions of ${joinNames(groups)} wait for witnesses, as the charter asks`;
  const words = witnessPolicy(store)
    ? `${who}: they run once those have countersigned the hub's log with this library, and nothing is to be done here. Where it takes longer than a day, ask the hub's operator whether the witnesses run (cairn hub witnesses)`
    : `${who}, and the library has no witness policy: ask the hub's operator to have one signed with the library (cairn library add --policy FILE)`;
  return { code: "waiting-for-witness", words };
}

/** The receipts that were not proved in time; null where all were. */
export function receiptsUnwitnessed(store: Reader): WitnessProblem | null {
  const late = unprovedReceipts(store).filter(({ since }) => store.now() - since > PROVED_WITHIN_MS).length;
  if (late === 0) return null;
  const what = late === 1 ? "a release that this practice sent" : `${late} releases that this practice sent`;
  const words = `the hub confirmed ${what} more than seven days ago, and has not shown since that witnesses countersigned its log with them: until it does, only the hub itself says that they are in its log. Nothing more leaves by this; ask the hub's operator whether the witnesses run (cairn hub witnesses)`;
  return { code: "receipts-unwitnessed", words };
}
