/** This practice's own part in a comparison: it alone can tell which dot is its own. */
import { placeOf } from "@cairn/audit-log";
import { placed, releasedCells, type ComparisonDocument, type MemberCell } from "@cairn/comparisons";
import { NO_FLOOR } from "../runs/requests.js";
import { findRelease } from "../releases/release.js";
import { useOf } from "../releases/uses.js";
import type { Reader } from "../store/store.js";

/** This practice's release to a group for one query version and date. */
interface OwnRelease {
  readonly run: string;
  readonly cells: readonly MemberCell[];
  readonly signature: Buffer;
  readonly hasRegistrations: boolean;
  readonly leavesOut: boolean; // who opted out
  /** Place in the hub's log at which both the release and the group's use were there; null where that is not known. */
  readonly heldFrom: number | null;
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
    run: row.run,
    cells: releasedCells(signed.release, signed.policy ?? NO_FLOOR, cells),
    signature: signed.signature,
    hasRegistrations: signed.recordBasis === "RECORD_BASIS_REGISTRATIONS",
    leavesOut: signed.optOuts === "OPT_OUTS_LEFT_OUT",
    heldFrom: heldFrom(store, row, group),
  };
}

function heldFrom(
  store: Reader,
  { run, correction }: { readonly run: string; readonly correction: number },
  group: string,
): number | null {
  const release = store.db
    .prepare<[string, bigint], number>(
      "SELECT hub_log_index FROM receipt WHERE run = ? AND correction = ? AND withdrawn = 0",
    )
    .pluck()
    .get(run, BigInt(correction));
  const use = store.db
    .prepare<[string, bigint, string], number>(
      "SELECT hub_log_index FROM use_receipt WHERE run = ? AND correction = ? AND grp = ? AND ended = 0",
    )
    .pluck()
    .get(run, BigInt(correction), group);
  return release === undefined || use === undefined ? null : Math.max(release, use);
}

/**
 * Whether the hub held the release when it closed the collection, and so has to count it. Not known where a hub of
 * before closed it, or came back from a backup meanwhile.
 * @param closed the place in the hub's log of the closing
 */
export function cameInTime({ heldFrom }: OwnRelease, closed: number | null): boolean {
  if (heldFrom === null || closed === null) return false;
  return placeOf(heldFrom).number === placeOf(closed).number && heldFrom < closed;
}

/** The problem of how a document counts a practice that released in time; null where there is none. */
export function ownProblem(
  document: ComparisonDocument,
  own: OwnRelease,
): { readonly code: "comparison-own-dot-missing" | "comparison-miscounted"; readonly words: string } | null {
  const { practices } = document;
  const { opt_outs, contributing, without_registrations } = practices;
  const like = own.hasRegistrations ? contributing - without_registrations : without_registrations;
  const alike = own.leavesOut ? opt_outs.left_out : opt_outs.counted;
  if (contributing === 0 || like === 0 || alike === 0)
    return {
      code: "comparison-miscounted",
      words: "it counts no practice whose numbers are made as this one's are",
    };
  for (const { position, dots, practices: counts } of document.cells) {
    const { place, kind } = placed(
      own.cells[position] as MemberCell,
      own.signature,
      document.group,
      position,
    );
    const shown = typeof dots === "string" || typeof place !== "number" || dots.includes(place);
    if (!shown || (counts !== null && counts[kind] === 0))
      return {
        code: "comparison-own-dot-missing",
        words: `this practice released in time, and is not among the practices of row ${position}`,
      };
  }
  return null;
}
