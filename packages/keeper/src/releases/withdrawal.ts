/** Withdrawals and the corrections allowed after them, as rows and as messages to the hub. */
import { createHash } from "node:crypto";
import { signWithdrawal, type Withdrawal__Output } from "@cairn/wire";
import type { LogPosition } from "@cairn/audit-log";
import type { Run } from "../runs/run.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";

interface Place {
  log_index: number;
  log_size: number;
  log_root: Buffer;
}

interface NewWithdrawal {
  readonly run: string;
  readonly correction: number; // which release of the run
  readonly why: string; // never leaves this table
  readonly salt: Buffer;
  readonly releaseDigest: Buffer;
  readonly position: LogPosition;
}

/** The log's commitment to a reason: whoever is shown the words later can check that they are the same. */
export function reasonDigest(salt: Buffer, why: string): string {
  return createHash("sha256").update(salt).update(why).digest("hex");
}

export function insertWithdrawal(change: Change, withdrawal: NewWithdrawal): void {
  const { run, correction, why, salt, releaseDigest, position } = withdrawal;
  change.db
    .prepare("INSERT INTO withdrawal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .run(run, BigInt(correction), why, salt, releaseDigest, BigInt(change.now()), ...placed(position));
}

/** The run may be answered once more. */
export function insertCorrection(change: Change, run: string, position: LogPosition): void {
  change.db
    .prepare("INSERT INTO correction VALUES (?, 1, ?, ?, ?, ?)")
    .run(run, BigInt(change.now()), ...placed(position));
  change.db.prepare("UPDATE run SET correction = 1, starts = 0 WHERE run = ?").run(run);
}

/** The practice's own words for a withdrawal; null where that release was not withdrawn. */
export function whyWithdrawn(store: Reader, run: string, correction: number): string | null {
  const row = store.db
    .prepare<[string, bigint], { why: string }>("SELECT why FROM withdrawal WHERE run = ? AND correction = ?")
    .get(run, BigInt(correction));
  return row?.why ?? null;
}

/**
 * The signed withdrawal of a run, now or before its correction; null for every other. It does not hold the reason.
 */
export function signedWithdrawal(
  store: KeeperStore,
  { run, correction, state }: Run,
): Withdrawal__Output | null {
  const number = state === "withdrawn" ? correction : correction - 1;
  const row = store.db
    .prepare<[string, bigint], Place & { release_digest: Buffer }>(
      "SELECT * FROM withdrawal WHERE run = ? AND correction = ?",
    )
    .get(run, BigInt(number));
  if (!row) return null;
  const allowed = store.db
    .prepare<[string, bigint], Place>("SELECT * FROM correction WHERE run = ? AND correction = ?")
    .get(run, BigInt(number + 1));
  const place = allowed ?? row;
  const said = {
    run,
    correction: number,
    releaseDigest: row.release_digest,
    correctable: allowed !== undefined,
    logIndex: place.log_index,
    logSize: place.log_size,
    logRoot: place.log_root,
  };
  return signWithdrawal(said, store.key);
}

function placed({ index, size, root }: LogPosition): [bigint, bigint, Buffer] {
  return [BigInt(index), BigInt(size), root];
}
