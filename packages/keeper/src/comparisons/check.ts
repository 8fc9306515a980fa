/** Checks of one comparison as it came: nothing that the courier or the hub says is believed without them. */
import { createHash } from "node:crypto";
import { placeOf, provenEntry, type Checkpoint } from "@cairn/audit-log";
import { ComparisonError, readDocument, type ComparisonDocument } from "@cairn/comparisons";
import { decodeHub, hubLog, type HubEntryOf } from "@cairn/ledger";
import { cellsOf, type Query } from "@cairn/query-library";
import { verifyComparison, WireRefusal, type Comparison__Output } from "@cairn/wire";
import { groupState } from "../approvals/groups.js";
import type { Reader } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import type { KeptComparison } from "./kept.js";
import { ownProblem, ownRelease, whenReleased } from "./own.js";

/** A comparison whose signature, form and place in the hub's log hold. */
export interface ProvenComparison extends Omit<KeptComparison, "takenAt" | "own"> {
  readonly position: number; // of its entry in the hub's log
  readonly closed: number | null; // position in the same log of its collection's closing; null where that is not proved
  readonly saysClosed: number | null; // place of the closing in the hub's logs, as the entry of the document tells it
}

/**
 * Checks that the hub signed these bytes, that they are a comparison's document, and that its log as countersigned names
 * them.
 * @param head of the hub's log, as this practice countersigned it
 * @throws WireRefusal comparison-unsigned, comparison-malformed, comparison-not-in-log
 */
export function proven(
  { document: bytes, signature, entry, inclusion, ...closing }: Comparison__Output,
  hubLogKey: Uint8Array,
  head: Checkpoint,
): ProvenComparison {
  if (signature.length !== 64 || !verifyComparison(bytes, signature, hubLogKey))
    throw new WireRefusal("comparison-unsigned", "a comparison does not bear the hub's signature");
  const document = readOrRefuse(bytes);
  const digest = createHash("sha256").update(bytes).digest();
  const stands = provenEntry(entry, inclusion, head);
  const named = stands && decodeHub(stands);
  if (named?.kind !== hubLog.comparisonMade.kind || !names(named.body, document, digest))
    throw new WireRefusal(
      "comparison-not-in-log",
      `the hub's log does not name ${about(document)} as it came: ask the hub's operator`,
    );
  const { origin } = head;
  const closed = provenClosing(closing, named.body, head);
  const { position, body } = named;
  return { document, bytes, digest, signature, origin, entry, position, closed, saysClosed: body.closed };
}

/** The position of the entry that closed the very collection that a document's entry names; null where it is not proved. */
function provenClosing(
  { closing, closingInclusion }: Pick<Comparison__Output, "closing" | "closingInclusion">,
  { collection, closed }: HubEntryOf<"comparisonMade">["body"],
  head: Checkpoint,
): number | null {
  const stands = closed === null || closing === "" ? null : provenEntry(closing, closingInclusion, head);
  const read = stands && decodeHub(stands);
  if (read?.kind !== hubLog.collectionClosed.kind || read.body.collection !== collection) return null;
  return read.position === placeOf(closed as number).position ? read.position : null;
}

function readOrRefuse(bytes: Buffer): ComparisonDocument {
  try {
    return readDocument(bytes);
  } catch (cause) {
    if (!(cause instanceof ComparisonError)) throw cause;
    throw new WireRefusal("comparison-malformed", cause.message, { cause });
  }
}

function names(
  body: HubEntryOf<"comparisonMade">["body"],
  document: ComparisonDocument,
  digest: Buffer,
): boolean {
  return (
    body.digest === digest.toString("hex") &&
    body.group === document.group &&
    body.query === document.query &&
    body.version === document.query_version &&
    body.date === document.date &&
    body.revision === document.revision &&
    body.replaces === document.replaces
  );
}

/**
 * Checks that it is for this practice, and of a query version that it knows.
 * @returns the query
 * @throws WireRefusal not-a-member, query-unknown, comparison-malformed
 */
export function meant(store: Reader, library: LibraryInForce | null, document: ComparisonDocument): Query {
  if (groupState(store, document.group) !== "joined")
    throw new WireRefusal("not-a-member", `nobody here has accepted the group of ${about(document)}`);
  const { query, query_version, query_digest } = document;
  const found = library?.find(query, query_version, Buffer.from(query_digest, "hex"));
  if (!found)
    throw new WireRefusal("query-unknown", `the library here does not hold the query of ${about(document)}`);
  const rows = cellsOf(found, document.date).length;
  if (document.cells.some(({ position }) => position >= rows))
    throw new WireRefusal("comparison-malformed", `${about(document)} has rows that its query has not`);
  return found;
}

/**
 * Checks it against the one of the same group, query version and date that is here.
 * @returns whether it is newer; false where it is the same. The next revision has to replace the very bytes that are here
 * @throws WireRefusal comparison-older, comparison-differs
 */
export function isNewer(came: ProvenComparison, here: KeptComparison | null): boolean {
  if (here === null) return true;
  if (came.digest.equals(here.digest)) return false;
  const [next, last] = [came.document.revision, here.document.revision];
  const followsOn = next !== last + 1 || came.document.replaces === here.digest.toString("hex");
  if (next > last && (followsOn || came.origin !== here.origin)) return true;
  if (next < last)
    throw new WireRefusal(
      "comparison-older",
      `${about(came.document)} is revision ${next}, and revision ${last} is here: the newer one stays`,
    );
  if (came.origin !== here.origin) return true; // the hub came back from a backup, which a person here accepted
  throw new WireRefusal(
    "comparison-differs",
    `${about(came.document)} differs from what came before, or replaces something else: both are kept as evidence. Compare with another practice of the group what it was shown`,
  );
}

/** What a look for this practice's own dots came to. */
interface OwnLook {
  readonly own: boolean; // they were found
  /** Why the practice could not look: it cannot tell whether it released in time, or no dot is shown. Null otherwise. */
  readonly unlooked: "cannot-tell" | "not-shown" | null;
}

/**
 * Checks that this practice is among its dots and counts, unless its release is known to be late or that cannot be told.
 * @throws WireRefusal comparison-own-dot-missing, comparison-miscounted
 */
export function lookForOwn(store: Reader, came: ProvenComparison, query: Query): OwnLook {
  const { document } = came;
  const own = ownRelease(store, document, cellsOf(query, document.date).length);
  const when = own && whenReleased(store, own, came);
  if (!own || when === "late") return { own: false, unlooked: null };
  if (when === "not-known") return { own: false, unlooked: "cannot-tell" };
  const problem = ownProblem(document, own);
  if (problem) throw new WireRefusal(problem.code, `${about(document)}: ${problem.words}`);
  const shown = document.cells.some(({ practices }) => practices !== null);
  return { own: shown, unlooked: shown ? null : "not-shown" };
}

/** "the comparison of bp-control for 2025-03-31 in Glen cluster" */
function about({ query, date, group }: ComparisonDocument): string {
  return `the comparison of ${query} for ${date} in ${group}`;
}
