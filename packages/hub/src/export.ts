/** Exports the hub's log for `cairn audit verify`, with what belongs beside it. */
import type { Hub } from "./hub.js";

/**
 * All logs that followed one another, each witness's newest countersigned checkpoint, and (`bytes`) each release as
 * its practice signed it, so that digests can be compared with their bytes.
 */
export async function* exportLines(hub: Hub, { bytes }: { bytes: boolean }): AsyncGenerator<string> {
  yield* hub.store.log.exportLines();
  // Notes as versions before this one kept them, until their practice countersigns again.
  const older = await hub.store.db.selectFrom("cosignature").select("note").orderBy("agent").execute();
  for (const { note } of older) yield JSON.stringify({ cosigned: note });
  if (bytes) yield* releaseLines(hub);
}

/** Releases read at a time: one is at most 1 MiB. */
const PAGE = 100;

async function* releaseLines(hub: Hub): AsyncGenerator<string> {
  for (let after = -1; ;) {
    const rows = await hub.store.db
      .selectFrom("release")
      .innerJoin("run", "run.id", "release.run")
      .selectAll("release")
      .select(["run.query_digest", "run.reference_date"])
      .where("release.hub_log_index", ">", after)
      .orderBy("release.hub_log_index")
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      yield JSON.stringify({
        release: {
          run: row.run,
          correction: row.correction,
          bytes: row.bytes.toString("base64"),
          queryDigest: row.query_digest,
          libraryDigest: row.library_digest.toString("hex"),
          date: row.reference_date,
          policy: `${row.policy_k},${row.policy_base},${row.policy_midpoint}`,
          logIndex: row.log_index,
          logSize: row.log_size,
          logRoot: row.log_root.toString("hex"),
          recordBasis: row.record_basis,
          optOuts: row.opt_outs,
          signature: row.signature.toString("base64"),
        },
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.hub_log_index;
  }
}
