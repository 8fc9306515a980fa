/** Releases as rows: made once, read back as the very same signed release. */
import type { SignedRelease__Output } from "@cairn/wire";
import { OptOuts, RecordBasis } from "@cairn/wire";
import type { Change, Reader } from "../store/store.js";
import type { Run } from "../runs/run.js";

interface Row {
  run: string;
  correction: number;
  reference_date: string;
  bytes: Buffer;
  digest: Buffer;
  query_digest: Buffer;
  library_digest: Buffer;
  k: number;
  base: number;
  midpoint: number;
  log_index: number;
  log_size: number;
  log_root: Buffer;
  record_basis: number;
  signature: Buffer;
  opt_outs: number;
}

const BASES = Object.keys(RecordBasis) as (keyof typeof RecordBasis)[];
const OPT_OUTS = Object.keys(OptOuts) as (keyof typeof OptOuts)[];

/**
 * The table refuses any change to a release, a second one of a run, and a corrected one that
 * no logged correction allows.
 */
export function insertRelease(
  change: Change,
  run: Pick<Run, "query">,
  digest: Buffer,
  signed: SignedRelease__Output,
): void {
  change.db
    .prepare("INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .run(
      signed.run,
      BigInt(signed.correction),
      run.query,
      signed.referenceDate,
      signed.release,
      digest,
      signed.queryDigest,
      signed.libraryDigest,
      BigInt(signed.policy?.k ?? 0),
      BigInt(signed.policy?.base ?? 0),
      BigInt(signed.policy?.midpoint ?? 0),
      BigInt(signed.logIndex),
      BigInt(signed.logSize),
      signed.logRoot,
      BigInt(BASES.indexOf(signed.recordBasis)),
      signed.signature,
      BigInt(OPT_OUTS.indexOf(signed.optOuts)),
    );
}

/** The signed release of a run. @param correction which release of the run. */
export function findRelease(store: Reader, run: string, correction: number): SignedRelease__Output | null {
  const row = store.db
    .prepare<[string, bigint], Row>("SELECT * FROM release WHERE run = ? AND correction = ?")
    .get(run, BigInt(correction));
  if (!row) return null;
  return {
    run: row.run,
    release: row.bytes,
    queryDigest: row.query_digest,
    libraryDigest: row.library_digest,
    referenceDate: row.reference_date,
    policy: { k: row.k, base: row.base, midpoint: row.midpoint },
    logIndex: row.log_index,
    logSize: row.log_size,
    logRoot: row.log_root,
    recordBasis: BASES[row.record_basis] ?? "RECORD_BASIS_REGISTRATIONS",
    signature: row.signature,
    correction: row.correction,
    optOuts: OPT_OUTS[row.opt_outs] ?? "OPT_OUTS_COUNTED",
  };
}

/** SHA-256 of the exact bytes, or null where nothing was released. */
export function releaseDigestOf(store: Reader, run: string, correction: number): Buffer | null {
  return (
    store.db
      .prepare<[string, bigint], { digest: Buffer }>(
        "SELECT digest FROM release WHERE run = ? AND correction = ?",
      )
      .get(run, BigInt(correction))?.digest ?? null
  );
}
