/** This practice's own part in a comparison: it alone can tell which dot is its own. */
import { placeOf } from "@cairn/audit-log";
import {
  placed,
  releasedCells,
  type AnswerCounts,
  type ComparisonDocument,
  type DocumentCell,
  type MemberCell,
  type Value,
} from "@cairn/comparisons";
import { practiceLog } from "@cairn/ledger";
import { NO_FLOOR } from "../runs/requests.js";
import { findRelease } from "../releases/release.js";
import { useOf } from "../releases/uses.js";
import type { Reader } from "../store/store.js";
import { receiptsOfEarlierLogs } from "../trust/hub-log.js";

/** This practice's release to a group for one query version and date. */
interface OwnRelease {
  readonly run: string;
  readonly correction: number;
  readonly cells: readonly MemberCell[];
  readonly signature: Buffer;
  readonly hasRegistrations: boolean;
  readonly leavesOut: boolean; // who opted out
}

/** @returns null where it released nothing that the group may see now */
export function ownRelease(
  store: Reader,
  { group, query_digest, date }: Pick<ComparisonDocument, "group" | "query_digest" | "date">,
  cells: number,
): OwnRelease | null {
  const row = store.db
    .prepare<[Buffer, string, string], { run: string; correction: number }>(
      `SELECT run, correction FROM run JOIN request USING (run)
       WHERE digest = ? AND reference_date = ? AND grp = ? AND run.state = 'acknowledged'`,
    )
    .get(Buffer.from(query_digest, "hex"), date, group);
  if (!row) return null;
  const use = useOf(store, row, group);
  const signed = findRelease(store, row.run, row.correction);
  if (!signed || !use || use.use.ended) return null;
  return {
    ...row,
    cells: releasedCells(signed.release, signed.policy ?? NO_FLOOR, cells),
    signature: signed.signature,
    hasRegistrations: signed.recordBasis === "RECORD_BASIS_REGISTRATIONS",
    leavesOut: signed.optOuts === "OPT_OUTS_LEFT_OUT",
  };
}

/**
 * The place in the hub's log at which it held both the release and the group's use; null where no receipt says so. By this
 * practice's own log: of several receipts of the present log the earliest counts, for a hub can sign another at any time. A
 * use that was ended and given again counts from then on.
 */
function heldFrom(
  store: Reader,
  { run, correction }: { readonly run: string; readonly correction: number },
  group: string,
): number | null {
  const earlier = receiptsOfEarlierLogs(store);
  const release =
    earliest(store, practiceLog.receipt.kind, { run, correction }, earlier) ??
    store.db // logs of the first version did not name the place
      .prepare<[string, bigint], number>(
        "SELECT hub_log_index FROM receipt WHERE run = ? AND correction = ? AND withdrawn = 0",
      )
      .pluck()
      .get(run, BigInt(correction));
  const use = earliest(store, practiceLog.useReceipt.kind, { run, correction, group }, earlier);
  return release === undefined || use === null ? null : Math.max(release, use);
}

/** @param earlier newest place of a receipt of an earlier log: one of the present log counts before those */
function earliest(
  store: Reader,
  kind: string,
  { run, correction, group = null }: { run: string; correction: number; group?: string | null },
  earlier: number,
): number | null {
  const row = store.db
    .prepare<[Record<string, string | number | bigint | null>], number>(
      `SELECT body ->> 'hub_log_index' AS place FROM log_entry
       WHERE kind = @kind AND body ->> 'run' = @run AND body ->> 'correction' = @correction AND place IS NOT NULL
         AND (@group IS NULL OR (body ->> 'group' = @group AND NOT body ->> 'ended'))
         AND position > coalesce((SELECT max(position) FROM log_entry
           WHERE kind = @ended AND body ->> 'run' = @run AND body ->> 'correction' = @correction
             AND body ->> 'group' = @group), -1)
       ORDER BY place <= @earlier, place LIMIT 1`,
    )
    .pluck()
    .get({ kind, run, correction: BigInt(correction), group, earlier, ended: practiceLog.useEnded.kind });
  return row ?? null;
}

/** A comparison by its places in the hub's log. */
interface Placed {
  readonly document: ComparisonDocument;
  readonly origin: string; // of the log that names it
  readonly position: number; // of its entry there
  readonly closed: number | null; // position there of its collection's closing; null where that is not proved
  readonly saysClosed: number | null; // place of the closing in the hub's logs, as the entry tells it
}

/**
 * Whether this practice released before what the document is made of, by its own receipts. Late: after the closing, where the
 * log proves that, or after the document or a revision of it that was taken here. Not known: no receipt yet, or one of a log
 * before the accepted one; or an older hub closed it, or the hub says that it closed it in a log before the receipt's. In time
 * whatever else the hub says or leaves out, and where the practice's dots were found in a revision that was taken here.
 */
export function whenReleased(store: Reader, own: OwnRelease, came: Placed): "in-time" | "late" | "not-known" {
  const held = heldFrom(store, own, came.document.group);
  if (held === null || held <= receiptsOfEarlierLogs(store)) return "not-known";
  const { number, position } = placeOf(held);
  const before = takenBefore(store, came);
  const { closed, saysClosed } = came;
  if (position > Math.min(closed ?? came.position, came.position, before.position ?? came.position))
    return "late";
  if (before.own === 1) return "in-time";
  return saysClosed === null || placeOf(saysClosed).number < number ? "not-known" : "in-time";
}

/** The first revision of a document that was taken from the same log, and whether own dots were found in any. */
function takenBefore(
  store: Reader,
  { document: { group, query, query_version: version, date }, origin }: Placed,
): { readonly position: number | null; readonly own: number | null } {
  const { kind } = practiceLog.comparisonTaken;
  return store.db
    .prepare<[Record<string, string>], { position: number | null; own: number | null }>(
      `SELECT min(body ->> 'position') AS position, max(body ->> 'own') AS own FROM log_entry
       WHERE kind = @kind AND body ->> 'group' = @group AND body ->> 'query' = @query
         AND body ->> 'version' = @version AND body ->> 'date' = @date AND body ->> 'origin' = @origin`,
    )
    .get({ kind, group, query, version, date, origin }) as { position: number | null; own: number | null };
}

/** Why own dots could not be looked for in a comparison that was taken; null where they could, or there was nothing to look for. */
export function unlookedOf(store: Reader, digest: Buffer): string | null {
  return (
    store.db
      .prepare<[string, string], string | null>(
        "SELECT body ->> 'unlooked' FROM log_entry WHERE kind = ? AND body ->> 'digest' = ? ORDER BY position DESC LIMIT 1",
      )
      .pluck()
      .get(practiceLog.comparisonTaken.kind, digest.toString("hex")) ?? null
  );
}

/** Comparisons taken so far in which own dots could not be looked for. */
export function unlookedCount(store: Reader): number {
  return (
    store.db
      .prepare<[string], number>(
        "SELECT count(*) FROM log_entry WHERE kind = ? AND body ->> 'unlooked' IS NOT NULL",
      )
      .pluck()
      .get(practiceLog.comparisonTaken.kind) ?? 0
  );
}

/** The problem of how a document counts a practice that released in time; null where there is none. */
export function ownProblem(
  document: ComparisonDocument,
  own: OwnRelease,
): { readonly code: "comparison-own-dot-missing" | "comparison-miscounted"; readonly words: string } | null {
  const { answers } = document.practices;
  if (answers !== "too-few" && !countsLike(answers, own))
    return {
      code: "comparison-miscounted",
      words: "it counts no practice whose numbers are made as this one's are",
    };
  for (const { position, figure, dots, practices: counts } of document.cells) {
    const cell = own.cells[position] as MemberCell;
    const { place, kind } = placed(cell, own.signature, document.group, position);
    const shown = typeof dots === "string" || typeof place !== "number" || dots.includes(place);
    if (!shown || (counts !== null && counts[kind] === 0) || !isRoomIn(figure, cell))
      return {
        code: "comparison-own-dot-missing",
        words: `this practice released in time, and is not among the practices of row ${position}`,
      };
  }
  return null;
}

function countsLike({ contributing, made }: AnswerCounts, own: OwnRelease): boolean {
  if (typeof made === "string") return contributing > 0;
  const { opt_outs, without_registrations } = made;
  const like = own.hasRegistrations ? contributing - without_registrations : without_registrations;
  return contributing > 0 && like > 0 && (own.leavesOut ? opt_outs.left_out : opt_outs.counted) > 0;
}

/** Whether a sum can hold the practice's numbers; where no dot is shown it is all there is to look at. */
function isRoomIn({ numerator, denominator }: DocumentCell["figure"], own: MemberCell): boolean {
  const fits = (sum: DocumentCell["figure"]["numerator"], part: Value): boolean =>
    sum === undefined || part === "withheld" || part.low <= sum.high;
  return fits(denominator, own.denominator) && fits(numerator, own.numerator);
}
