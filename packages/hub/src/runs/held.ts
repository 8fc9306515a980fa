import type { Hub } from "../hub.js";

export interface HeldRelease {
  readonly practice: string;
  readonly run: string;
  readonly query: string;
  readonly date: string;
  readonly correction: number; // 1: the one that followed a withdrawal
  readonly withdrawn: boolean; // taken back by the practice: kept, and not counted
  readonly digest: string; // hex SHA-256 of the exact bytes
  readonly logIndex: number; // of the release in the practice's log
  readonly logSize: number;
  readonly logRoot: string; // hex, at logSize
  readonly hubLogIndex: number;
}

/** Every release that the hub holds, without its numbers: what an audit compares with the practices' logs. */
export async function heldReleases(hub: Hub): Promise<HeldRelease[]> {
  const rows = await hub.store.db
    .selectFrom("release")
    .innerJoin("run", "run.id", "release.run")
    .innerJoin("practice", "practice.id", "run.practice")
    .leftJoin("withdrawal", (join) =>
      join
        .onRef("withdrawal.run", "=", "release.run")
        .onRef("withdrawal.correction", "=", "release.correction"),
    )
    .select([
      "practice.name",
      "run.id",
      "run.query",
      "run.reference_date",
      "release.correction",
      "withdrawal.run as withdrawn",
      "release.digest",
      "release.log_index",
      "release.log_size",
      "release.log_root",
      "release.hub_log_index",
    ])
    .orderBy("release.hub_log_index")
    .execute();
  return rows.map((row) => ({
    practice: row.name,
    run: row.id,
    query: row.query,
    date: row.reference_date,
    correction: row.correction,
    withdrawn: row.withdrawn !== null,
    digest: row.digest.toString("hex"),
    logIndex: row.log_index,
    logSize: row.log_size,
    logRoot: row.log_root.toString("hex"),
    hubLogIndex: row.hub_log_index,
  }));
}
