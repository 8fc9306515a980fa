/**
 * Stored rows as the practice signed them, and whether they still bear its signature: bytes in a file can be swapped.
 */
import {
  verifySignedRelease,
  verifyUse,
  verifyWithdrawal,
  type OptOuts,
  type RecordBasis,
  type SignedRelease__Output,
  type Use__Output,
  type Withdrawal__Output,
} from "@cairn/wire";
import type { Kysely } from "kysely";
import type { ReleaseRow, RunRow, Tables, UseRow, WithdrawalRow } from "../store/tables.js";

export type AskedRun = Pick<RunRow, "query_digest" | "reference_date">;

export function signedRelease(row: ReleaseRow, run: AskedRun): SignedRelease__Output {
  return {
    run: row.run,
    release: row.bytes,
    queryDigest: Buffer.from(run.query_digest, "hex"),
    libraryDigest: row.library_digest,
    referenceDate: run.reference_date,
    policy: { k: row.policy_k, base: row.policy_base, midpoint: row.policy_midpoint },
    logIndex: row.log_index,
    logSize: row.log_size,
    logRoot: row.log_root,
    signature: row.signature,
    recordBasis: row.record_basis as keyof typeof RecordBasis,
    correction: row.correction,
    optOuts: row.opt_outs as keyof typeof OptOuts,
  };
}

export function signedUse(row: UseRow): Use__Output {
  return {
    run: row.run,
    correction: row.correction,
    releaseDigest: row.release_digest,
    group: row.group_name,
    charterDigest: row.charter_digest,
    ended: row.ended === 1,
    logIndex: row.log_index,
    logSize: row.log_size,
    logRoot: row.log_root,
    signature: row.signature,
  };
}

export function signedWithdrawal(row: WithdrawalRow): Withdrawal__Output {
  return {
    run: row.run,
    correction: row.correction,
    releaseDigest: row.release_digest,
    correctable: row.correctable === 1,
    logIndex: row.log_index,
    logSize: row.log_size,
    logRoot: row.log_root,
    signature: row.signature,
  };
}

/**
 * Each practice's keeper keys, raw: of the agent that is admitted and of those before it, whose releases still stand.
 * One that was locked out and never heard of was never let in, and its key counts for nothing.
 */
export async function keeperKeys(db: Kysely<Tables>): Promise<ReadonlyMap<string, readonly Buffer[]>> {
  const rows = await db
    .selectFrom("agent")
    .select(["practice", "keeper_key"])
    .where((is) => is.or([is("state", "=", "admitted"), is("polled_at", "is not", null)]))
    .execute();
  const keys = new Map<string, Buffer[]>();
  for (const { practice, keeper_key } of rows)
    keys.set(practice, [...(keys.get(practice) ?? []), keeper_key]);
  return keys;
}

/** Whether a stored release bears the signature of one of its practice's keepers. */
export function bearsRelease(row: ReleaseRow, run: AskedRun, keys: readonly Buffer[]): boolean {
  const said = signedRelease(row, run);
  return keys.some((key) => isSigned(() => verifySignedRelease(said, key)));
}

export function bearsUse(row: UseRow, keys: readonly Buffer[]): boolean {
  const said = signedUse(row);
  return keys.some((key) => isSigned(() => verifyUse(said, key)));
}

export function bearsWithdrawal(row: WithdrawalRow, keys: readonly Buffer[]): boolean {
  const said = signedWithdrawal(row);
  return keys.some((key) => isSigned(() => verifyWithdrawal(said, key)));
}

/**
 * Whether a verification succeeds. A key or field that was swapped for something of another form is no signature
 * either.
 */
function isSigned(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}
