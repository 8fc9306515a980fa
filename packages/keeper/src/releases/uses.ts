/** Uses: each group's leave to see one release, signed, and in the practice's log before it leaves. */
import { practiceLog, type Actor } from "@cairn/ledger";
import { signUse, type Use__Output } from "@cairn/wire";
import { charterDigestOf } from "../approvals/charters.js";
import { findRequest, type GroupRequest } from "../runs/requests.js";
import type { Run } from "../runs/run.js";
import type { Change, Reader } from "../store/store.js";
import { releaseDigestOf } from "./release.js";
import { reasonDigest } from "./withdrawal.js";

/** The newest use that was signed for a group. */
interface KeptUse {
  readonly use: Use__Output;
  /** Whether the courier has fetched it: it may then have left. */
  readonly handed: boolean;
  /** Whether the hub has confirmed that it holds it. */
  readonly acknowledged: boolean;
}

interface Row {
  run: string;
  correction: number;
  grp: string;
  release_digest: Buffer;
  charter_digest: Buffer;
  ended: number;
  log_index: number;
  log_size: number;
  log_root: Buffer;
  signature: Buffer;
  handed: number;
  acknowledged: number;
}

interface Marks {
  readonly handed: boolean;
  readonly acknowledged: boolean;
  /** The practice's own words for an ended use, which stay here. */
  readonly reason?: { readonly why: string; readonly salt: Buffer };
}

/** The newest use of each group, ended or not, of the release of a run that counts. By group. */
export function usesOf(store: Reader, { run, correction }: Pick<Run, "run" | "correction">): KeptUse[] {
  return store.db
    .prepare<[string, bigint], Row>(
      `SELECT * FROM release_use WHERE position IN
         (SELECT max(position) FROM release_use WHERE run = ? AND correction = ? GROUP BY grp) ORDER BY grp`,
    )
    .all(run, BigInt(correction))
    .map(fromRow);
}

export function useOf(
  store: Reader,
  { run, correction }: Pick<Run, "run" | "correction">,
  group: string,
): KeptUse | null {
  const row = store.db
    .prepare<[string, bigint, string], Row>(
      "SELECT * FROM release_use WHERE run = ? AND correction = ? AND grp = ? ORDER BY position DESC LIMIT 1",
    )
    .get(run, BigInt(correction), group);
  return row ? fromRow(row) : null;
}

/**
 * Gives a group its leave to the release of a run that counts, under the charter that was accepted for it: logged,
 * signed and kept. One that the hub has not confirmed is given anew once another charter is accepted.
 * @param marks what is known of it from before there were uses.
 * @returns false where it has it
 */
export function giveUse(change: Change, run: Run, request: GroupRequest, marks?: Marks): boolean {
  const known = useOf(change, run, request.group);
  const charterDigest = charterDigestOf(change, request.group);
  const isUnder = known?.acknowledged || known?.use.charterDigest.equals(charterDigest);
  if (known && !known.use.ended && isUnder) return false;
  // What is acknowledged goes with the next report, everything else when its release is taken.
  const handed = run.state === "acknowledged";
  signAndKeep(
    change,
    run,
    { group: request.group, charterDigest },
    false,
    marks ?? { handed, acknowledged: false },
  );
  return true;
}

/** Takes a group's leave back. @param more for the log. @returns false where there is none. */
export function endUse(
  change: Change,
  run: Run,
  group: string,
  more: { readonly by?: Actor; readonly reason?: { readonly why: string; readonly salt: Buffer } } = {},
): boolean {
  const known = useOf(change, run, group);
  if (!known || known.use.ended || !findRequest(change, run.run, group)) return false;
  const { by, reason } = more;
  signAndKeep(
    change,
    run,
    known.use,
    true,
    { handed: true, acknowledged: false, ...(reason && { reason }) },
    by,
  );
  return true;
}

function signAndKeep(
  change: Change,
  run: Run,
  { group, charterDigest }: Pick<Use__Output, "group" | "charterDigest">,
  ended: boolean,
  marks: Marks,
  by: Actor | null = null,
): void {
  const digest = releaseDigestOf(change, run.run, run.correction);
  if (!digest) throw new Error("a use is of a release that was made");
  const facts = {
    run: run.run,
    correction: run.correction,
    query: run.query,
    version: run.version,
    query_digest: run.digest.toString("hex"),
    date: run.referenceDate,
    group,
    charter: charterDigest.toString("hex"),
    digest: digest.toString("hex"),
  };
  const why = marks.reason ? reasonDigest(marks.reason.salt, marks.reason.why) : null;
  const { index, size, root } = ended
    ? change.note(practiceLog.useEnded, { ...facts, why, by })
    : change.note(practiceLog.use, facts);
  const use = {
    run: run.run,
    correction: run.correction,
    releaseDigest: digest,
    group,
    charterDigest,
    ended,
    logIndex: index,
    logSize: size,
    logRoot: root,
  };
  insertUse(change, signUse(use, change.key), marks);
}

export function insertUse(change: Change, use: Use__Output, { handed, acknowledged, reason }: Marks): void {
  change.db
    .prepare(
      `INSERT INTO release_use (run, correction, grp, release_digest, charter_digest, ended, log_index, log_size,
                                log_root, signature, handed, acknowledged, why, why_salt)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      use.run,
      BigInt(use.correction),
      use.group,
      use.releaseDigest,
      use.charterDigest,
      use.ended ? 1n : 0n,
      BigInt(use.logIndex),
      BigInt(use.logSize),
      use.logRoot,
      use.signature,
      handed ? 1n : 0n,
      acknowledged ? 1n : 0n,
      reason?.why ?? null,
      reason?.salt ?? null,
    );
}

/** Runs whose uses, or their ends, the hub has not confirmed: after a pause they are reported again. */
export function runsWithUnconfirmedUses(store: Reader): string[] {
  return store.db
    .prepare<[], string>("SELECT DISTINCT run FROM release_use WHERE acknowledged = 0")
    .pluck()
    .all();
}

/** From now on these may have left. */
export function markHanded(change: Change, { run, correction }: Pick<Run, "run" | "correction">): void {
  change.db
    .prepare("UPDATE release_use SET handed = 1 WHERE run = ? AND correction = ? AND handed = 0")
    .run(run, BigInt(correction));
}

/** The hub holds the newest of this kind. */
export function markAcknowledged(
  change: Change,
  { run, correction, group, ended }: Pick<Use__Output, "run" | "correction" | "group" | "ended">,
): void {
  change.db
    .prepare(
      `UPDATE release_use SET handed = 1, acknowledged = 1 WHERE position =
         (SELECT max(position) FROM release_use WHERE run = ? AND correction = ? AND grp = ? AND ended = ?)`,
    )
    .run(run, BigInt(correction), group, ended ? 1n : 0n);
}

function fromRow(row: Row): KeptUse {
  return {
    use: {
      run: row.run,
      correction: row.correction,
      releaseDigest: row.release_digest,
      group: row.grp,
      charterDigest: row.charter_digest,
      ended: row.ended === 1,
      logIndex: row.log_index,
      logSize: row.log_size,
      logRoot: row.log_root,
      signature: row.signature,
    },
    handed: row.handed === 1,
    acknowledged: row.acknowledged === 1,
  };
}
