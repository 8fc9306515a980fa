/** Takes in the comparisons that the hub made for the practice's groups: each is checked, and kept or refused by name. */
import { createHash } from "node:crypto";
import { openCheckpoint, type Checkpoint } from "@cairn/audit-log";
import { practiceLog } from "@cairn/ledger";
import {
  publicKeyFromRaw,
  WireRefusal,
  type Comparison__Output,
  type OfferComparisonsRequest__Output,
} from "@cairn/wire";
import { hubLogKey } from "../store/settings.js";
import type { Change, KeeperStore } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import { countersign } from "../trust/witness.js";
import { isNewer, lookForOwn, meant, proven, type ProvenComparison } from "./check.js";
import {
  comparisonsFrom,
  documentOrNull,
  findComparison,
  keepComparison,
  keepRefused,
  setComparisonsFrom,
} from "./kept.js";

/** Most in one call; a hub sends 64. */
const MOST_IN_A_CALL = 256;

interface TakenComparisons {
  readonly taken: number;
  readonly refusals: readonly WireRefusal[];
}

/**
 * Countersigns the hub's checkpoint, then takes each comparison that is proved under it, in one change. The same ones
 * again change nothing.
 * @throws WireRefusal not-enrolled, bad-request, bad-signature, checkpoint-inconsistent: then nothing is taken
 */
export function takeComparisons(
  store: KeeperStore,
  library: LibraryInForce | null,
  { comparisons, next, checkpoint, consistency, fromSize }: OfferComparisonsRequest__Output,
): TakenComparisons {
  if (comparisons.length > MOST_IN_A_CALL)
    throw new WireRefusal("bad-request", `at most ${MOST_IN_A_CALL} comparisons in one call`);
  countersign(store, { checkpoint, consistency, fromSize });
  const key = hubLogKey(store) as Buffer; // or nothing would have been countersigned
  const head = headOf(checkpoint, key);
  return store.change((change) => {
    const refusals: WireRefusal[] = [];
    let taken = 0;
    for (const comparison of comparisons) {
      try {
        if (takeOne(change, library, proven(comparison, key, head))) taken += 1;
      } catch (error) {
        if (!(error instanceof WireRefusal)) throw error;
        refuse(change, comparison, head, error);
        refusals.push(error);
      }
    }
    if (next > comparisonsFrom(change)) setComparisonsFrom(change, next);
    return { taken, refusals };
  });
}

function headOf(checkpoint: string, key: Buffer): Checkpoint {
  const name = checkpoint.slice(0, checkpoint.indexOf("\n"));
  const head = openCheckpoint(checkpoint, { name, key: publicKeyFromRaw(key) });
  if (!head) throw new TypeError("a checkpoint that was countersigned opens");
  return head;
}

/** @returns whether it is kept; false where it was here. @throws WireRefusal */
function takeOne(change: Change, library: LibraryInForce | null, came: ProvenComparison): boolean {
  const { document, digest, origin, position } = came;
  const query = meant(change, library, document);
  if (!isNewer(came, findComparison(change, document))) return false;
  const { own, unlooked } = lookForOwn(change, came, query);
  keepComparison(change, { ...came, own });
  change.note(practiceLog.comparisonTaken, {
    group: document.group,
    query: document.query,
    version: document.query_version,
    date: document.date,
    revision: document.revision,
    digest: digest.toString("hex"),
    origin,
    position,
    own,
    unlooked,
  });
  return true;
}

function refuse(
  change: Change,
  { document: bytes, signature, entry }: Comparison__Output,
  { origin }: Checkpoint,
  { code }: WireRefusal,
): void {
  const digest = createHash("sha256").update(bytes).digest();
  const document = code === "comparison-unsigned" ? null : documentOrNull(bytes);
  const here = code === "comparison-differs" && document ? findComparison(change, document) : null;
  const evidence = here && { came: { bytes, digest, signature, origin, entry }, here: here.bytes };
  keepRefused(change, { code, digest, document, evidence });
}
