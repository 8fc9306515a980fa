import { releaseDigest } from "@cairn/wire";
import type { Hub } from "../hub.js";
import type { UseRow } from "../store/tables.js";
import { bearsRelease, bearsUse, keeperKeys } from "./signed.js";

export interface HeldRelease {
  readonly practice: string;
  readonly run: string;
  readonly query: string;
  readonly date: string;
  readonly correction: number; // 1: the one that followed a withdrawal
  readonly withdrawn: boolean; // by the practice: kept, and not counted
  readonly digest: string; // hex SHA-256 of the exact bytes
  readonly logIndex: number; // of the release in the practice's log
  readonly logSize: number;
  readonly logRoot: string; // hex, at logSize
  readonly hubLogIndex: number;
  readonly signed: boolean; // false: what is here does not bear the practice's signature, and is not counted
  readonly uses: readonly HeldUse[];
}

/** A group's use of a release, or its end, as the practice signed it. */
interface HeldUse {
  readonly group: string;
  readonly ended: boolean;
  readonly digest: string; // hex, of the release
  readonly logIndex: number; // of the use in the practice's log
  readonly logSize: number;
  readonly logRoot: string; // hex, at logSize
  readonly hubLogIndex: number;
  readonly signed: boolean;
}

/** Every release that the hub holds, without its numbers, for an audit to compare with the practices' logs. */
export async function heldReleases(hub: Hub): Promise<HeldRelease[]> {
  const { db } = hub.store;
  const rows = await db
    .selectFrom("release")
    .innerJoin("run", "run.id", "release.run")
    .innerJoin("practice", "practice.id", "run.practice")
    .leftJoin("withdrawal", (join) =>
      join
        .onRef("withdrawal.run", "=", "release.run")
        .onRef("withdrawal.correction", "=", "release.correction"),
    )
    .selectAll("release")
    .select(["run.practice", "practice.name", "run.query", "run.query_digest", "run.reference_date"])
    .select("withdrawal.run as withdrawn")
    .orderBy("release.hub_log_index")
    .execute();
  const uses = new Map<string, UseRow[]>();
  for (const use of await db.selectFrom("release_use").selectAll().orderBy("hub_log_index").execute()) {
    const of = `${use.run} ${use.correction}`;
    uses.set(of, [...(uses.get(of) ?? []), use]);
  }
  const keysOf = await keeperKeys(db);
  return rows.map((row) => {
    const keys = keysOf.get(row.practice) ?? [];
    return {
      practice: row.name,
      run: row.run,
      query: row.query,
      date: row.reference_date,
      correction: row.correction,
      withdrawn: row.withdrawn !== null,
      digest: row.digest.toString("hex"),
      logIndex: row.log_index,
      logSize: row.log_size,
      logRoot: row.log_root.toString("hex"),
      hubLogIndex: row.hub_log_index,
      signed: releaseDigest(row.bytes).equals(row.digest) && bearsRelease(row, row, keys),
      uses: (uses.get(`${row.run} ${row.correction}`) ?? []).map((use) => heldUse(use, keys)),
    };
  });
}

function heldUse(use: UseRow, keys: readonly Buffer[]): HeldUse {
  return {
    group: use.group_name,
    ended: use.ended === 1,
    digest: use.release_digest.toString("hex"),
    logIndex: use.log_index,
    logSize: use.log_size,
    logRoot: use.log_root.toString("hex"),
    hubLogIndex: use.hub_log_index,
    signed: bearsUse(use, keys),
  };
}
